/** Something that a host has although nothing is wrong with it. */
export interface HealthyHost {
  readonly name: string;
  /** Steps as those of recipes. */
  readonly makes: readonly string[];
  readonly unmakes: readonly string[];
}

const healthy = (name: string, makes: readonly string[], unmakes: readonly string[]): HealthyHost => ({
  name,
  makes,
  unmakes,
});

/** A table of nftables of its own. */
const table = (name: string, chains: string): HealthyHost =>
  healthy(name, [`nft 'table inet lab { ${chains}; }'`], ['nft delete table inet lab']);

const settings = (
  name: string,
  ...pairs: readonly (readonly [setting: string, value: number, usual: number])[]
): HealthyHost =>
  healthy(
    name,
    pairs.map(([setting, value]) => `sysctl -qw ${setting}=${value}`),
    pairs.map(([setting, , usual]) => `sysctl -qw ${setting}=${usual}`),
  );

const LOCAL =
  'ct state established,related accept; iif lo accept; meta l4proto { icmp, ipv6-icmp } accept; tcp dport 22 accept;';
const SERVICES = 'iifname "virbr*" udp dport { 53, 67, 69, 547 } accept; iifname "virbr*" tcp dport 53 accept;';

/** Docker's chains as they are beside guests of both backends, opened in the place that Docker leaves to others. */
const DOCKER = [
  'for t in iptables ip6tables; do $t -N DOCKER-USER; $t -N DOCKER-FORWARD; $t -A DOCKER-FORWARD -i docker0 -j ACCEPT; $t -I FORWARD -j DOCKER-FORWARD; $t -I FORWARD -j DOCKER-USER; $t -P FORWARD DROP; done',
  'for t in iptables ip6tables; do for b in virbr0 virbr1 virbr2; do $t -A DOCKER-USER -i $b ! -o virbr+ -j ACCEPT; $t -A DOCKER-USER -o $b -m conntrack --ctstate ESTABLISHED,RELATED,DNAT -j ACCEPT; done; $t -A DOCKER-USER -o virbr1 -j ACCEPT; done',
];
const NO_DOCKER = [
  'for t in iptables ip6tables; do $t -P FORWARD ACCEPT; $t -D FORWARD -j DOCKER-USER; $t -D FORWARD -j DOCKER-FORWARD; $t -F DOCKER-USER; $t -F DOCKER-FORWARD; $t -X DOCKER-USER; $t -X DOCKER-FORWARD; done',
];

/** Hosts of all kinds on which guests lack nothing. */
export const HEALTHY: readonly HealthyHost[] = [
  healthy('nothing else', [], []),
  table(
    'an input policy with the openings of networks',
    `chain i { type filter hook input priority 0; policy drop; ${LOCAL} ${SERVICES} }`,
  ),
  table(
    'a forward policy with the openings of networks',
    'chain f { type filter hook forward priority 0; policy drop; ct state established,related accept; ct status dnat accept; iifname "virbr*" accept; oifname "virbr1" accept; }',
  ),
  table('policies that accept', 'chain i { type filter hook input priority 0; policy accept; tcp dport 23 drop; }'),
  table(
    'a limit of new connections',
    'chain i { type filter hook input priority 0; tcp dport 22 ct state new limit rate over 10/minute drop; }',
  ),
  table(
    'a set of blocked addresses',
    'set bad { type ipv4_addr; elements = { 192.0.2.66 }; }; chain i { type filter hook input priority -5; ip saddr @bad drop; }',
  ),
  table('a drop of invalid packets', 'chain f { type filter hook forward priority 0; ct state invalid drop; }'),
  table(
    'accounting',
    'chain f { type filter hook forward priority -20; counter; }; chain p { type filter hook postrouting priority 50; counter; }',
  ),
  table(
    'translation for containers',
    'chain p { type nat hook postrouting priority 100; ip saddr 172.17.0.0/16 masquerade; }',
  ),
  healthy('Docker, rightly opened', DOCKER, NO_DOCKER),
  healthy(
    'chains of fail2ban',
    [
      'iptables -N f2b-sshd',
      'iptables -A f2b-sshd -s 192.0.2.9 -j REJECT',
      'iptables -A f2b-sshd -j RETURN',
      'iptables -A INPUT -p tcp --dport 22 -j f2b-sshd',
    ],
    ['iptables -D INPUT -p tcp --dport 22 -j f2b-sshd', 'iptables -F f2b-sshd', 'iptables -X f2b-sshd'],
  ),
  healthy(
    'chains of Kubernetes',
    [
      'iptables -N KUBE-FORWARD',
      'iptables -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
      'iptables -A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT',
      'iptables -I FORWARD -j KUBE-FORWARD',
    ],
    ['iptables -D FORWARD -j KUBE-FORWARD', 'iptables -F KUBE-FORWARD', 'iptables -X KUBE-FORWARD'],
  ),
  healthy(
    'chains of Tailscale',
    [
      'iptables -N ts-input',
      'iptables -A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP',
      'iptables -I INPUT -j ts-input',
    ],
    ['iptables -D INPUT -j ts-input', 'iptables -F ts-input', 'iptables -X ts-input'],
  ),
  healthy('an empty table of old iptables', ['iptables-legacy -P FORWARD ACCEPT'], []),
  settings('strict looks for the way back', ['net.ipv4.conf.all.rp_filter', 1, 0]),
  settings('loose looks for the way back', ['net.ipv4.conf.all.rp_filter', 2, 0]),
  settings(
    'filtered bridges',
    ['net.bridge.bridge-nf-call-iptables', 1, 0],
    ['net.bridge.bridge-nf-call-ip6tables', 1, 0],
  ),
  settings('careful answers to ARP', ['net.ipv4.conf.all.arp_ignore', 1, 0], ['net.ipv4.conf.all.arp_announce', 2, 0]),
  settings('answers to ARP for others', ['net.ipv4.conf.virbr0.proxy_arp', 1, 0]),
  settings('no IPv6 on the way out', ['net.ipv6.conf.ext0.accept_ra', 0, 1]),
  healthy(
    'a bridge of Docker without containers',
    ['ip link add docker0 type bridge', 'ip addr add 172.17.0.1/16 dev docker0', 'ip link set docker0 up'],
    ['ip link del docker0'],
  ),
  healthy(
    'a second LAN',
    [
      'ip link add lan1 type veth peer name lan1-far',
      'ip addr add 10.77.0.1/24 dev lan1',
      'ip link set lan1 up',
      'ip link set lan1-far up',
      'ip route add 10.78.0.0/16 via 10.77.0.2 dev lan1',
    ],
    ['ip link del lan1'],
  ),
  healthy(
    'a VPN for one subnet',
    [
      'ip tuntap add wg0 mode tun',
      'ip addr add 10.99.0.2/32 dev wg0',
      'ip link set wg0 up',
      'ip route add 10.100.0.0/16 dev wg0',
    ],
    ['ip link del wg0'],
  ),
  healthy(
    'a routing table for marked packets',
    ['ip route add default via 198.51.100.2 dev ext0 table 200', 'ip rule add fwmark 0x77 lookup 200'],
    ['ip rule del fwmark 0x77 lookup 200', 'ip route flush table 200'],
  ),
  healthy(
    'a rule that keeps guests in the main table',
    ['ip rule add iif virbr0 lookup main priority 100'],
    ['ip rule del iif virbr0 lookup main priority 100'],
  ),
  healthy(
    'a host that is blackholed',
    ['ip route add blackhole 192.0.2.128/25'],
    ['ip route del blackhole 192.0.2.128/25'],
  ),
  healthy('a switched-off card', ['ip link add spare0 type bridge'], ['ip link del spare0']),
  healthy(
    'a hook that may be executed',
    ["printf '#!/bin/sh\\n' >/etc/libvirt/hooks/network.d/fine; chmod 755 /etc/libvirt/hooks/network.d/fine"],
    ['rm /etc/libvirt/hooks/network.d/fine'],
  ),
  healthy(
    'a second name server',
    ["printf 'nameserver 198.51.100.2\\nnameserver 127.0.0.53\\n' >/etc/resolv.conf"],
    ["printf 'nameserver 198.51.100.2\\n' >/etc/resolv.conf"],
  ),
  healthy(
    'a larger MTU of the bridge',
    ['ip link set virbr2 mtu 1400; ip link set $g3 mtu 1400'],
    ['ip link set $g3 mtu 1500; ip link set virbr2 mtu 1500'],
  ),
];
