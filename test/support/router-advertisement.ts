/** What a router says, and what the device that hears it has set. */
export interface Advertised {
  readonly device: string;
  /** How long it is a default router, in seconds; 0 gives the device its prefix only. */
  readonly lifetime: number;
  /** `accept_ra` of the device and of all devices, set when the kernel has made its routes. */
  readonly acceptRa: number;
  readonly ofAll?: number;
}

const SENDER = (lifetime: number): string => `
import socket, struct
sender = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
device = socket.if_nametoindex("router0")
sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, device)
head = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, ${lifetime}, 0, 0)
prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 3600, 3600, 0) + socket.inet_pton(socket.AF_INET6, "2001:db8:5::")
sender.sendto(head + prefix, ("ff02::1", 0, 0, device))
`;

/** Repeats a command until it succeeds, for at most ten seconds. */
const until = (command: string): string =>
  `n=0; until ${command}; do n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.1; done`;

/**
 * A shell script for a host without IPv6 forwarding: a device gets an address and routes from a router at the other end
 * of its cable, which is on the same host.
 */
export const advertise = ({ device, lifetime, acceptRa, ofAll = 1 }: Advertised): string => `set -e
conf=/proc/sys/net/ipv6/conf
echo 0 >$conf/all/forwarding
ip link add ${device} type veth peer name router0
echo 2 >$conf/${device}/accept_ra
echo 1 >$conf/${device}/accept_ra_from_local
for one in ${device} router0; do echo 0 >$conf/$one/accept_dad; ip link set $one up; done
echo 0 >$conf/router0/accept_ra
${until('ip -6 address show dev router0 scope link | grep -q fe80')}
python3 -c '${SENDER(lifetime)}'
${until(`ip -6 route show dev ${device} | grep -q 2001:db8:5`)}
echo ${ofAll} >$conf/all/accept_ra
echo ${acceptRa} >$conf/${device}/accept_ra`;

/** A shell script that takes the device away again. */
export const silence = ({ device }: Pick<Advertised, 'device'>): string =>
  `ip link del ${device}; echo 1 >/proc/sys/net/ipv6/conf/all/accept_ra`;
