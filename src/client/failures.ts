import type { ErrorCode } from '../errors/index.js';

/** How libvirt's words turn into one of our codes. */
export interface FailureRule {
  /** What the words match; the first rule that matches counts. */
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly hint?: string;
  /** Words that libvirt has printed: recorded, and read by a test. */
  readonly sample: string;
}

/**
 * libvirt's errors as it words them, most specific first. Texts are those of the C locale; what none of
 * them matches keeps its words and gets the code `LIBVIRT`.
 */
export const FAILURES: readonly FailureRule[] = [
  {
    pattern: /^Network not found: /,
    code: 'NETWORK_NOT_FOUND',
    hint: 'list the networks of the host; names are case-sensitive',
    sample: "Network not found: no network with matching name 'nosuch'",
  },
  {
    pattern: /network is already active/,
    code: 'NETWORK_ACTIVE',
    sample: 'Requested operation is not valid: network is already active',
  },
  {
    pattern: /network '.*' is not active|network is not running/,
    code: 'NETWORK_INACTIVE',
    hint: 'start it first',
    sample: "Requested operation is not valid: network 'lab' is not active",
  },
  {
    pattern: /transient network/,
    code: 'NETWORK_TRANSIENT',
    hint: 'define it first, so that it has a stored definition',
    sample: 'Requested operation is not valid: cannot set autostart for transient network',
  },
  {
    pattern: /already exists with uuid|is already defined with uuid/,
    code: 'NETWORK_EXISTS',
    hint: 'take over the uuid of the existing network, or pick another name',
    sample: "operation failed: network 'lab' already exists with uuid 6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11",
  },
  {
    pattern: /bridge name '.*' already in use/,
    code: 'BRIDGE_IN_USE',
    hint: 'pick another bridge name, or none: libvirt then finds one',
    sample: "internal error: bridge name 'virbr0' already in use.",
  },
  {
    pattern: /error creating bridge interface .*: File exists/,
    code: 'BRIDGE_EXISTS',
    hint: 'a device of that name is on the host already: pick another bridge name',
    sample: 'error creating bridge interface virbr9: File exists',
  },
  {
    pattern: /error creating bridge interface .*: Numerical result out of range/,
    code: 'BRIDGE_NAME_TOO_LONG',
    hint: 'use at most 15 bytes',
    sample: 'error creating bridge interface a-very-long-bridge: Numerical result out of range',
  },
  {
    pattern: /Network is already in use by interface|conflicts with IP address for/,
    code: 'SUBNET_IN_USE',
    hint: 'pick another subnet, or take the other one down',
    sample: 'internal error: Network is already in use by interface virbr0',
  },
  {
    pattern: /has kernel autoconfigured IPv6 routes/,
    code: 'ACCEPT_RA',
    hint: 'set net.ipv6.conf.IF.accept_ra to 2 for the interface named',
    sample:
      'internal error: Check the host setup: interface eth0 has kernel autoconfigured IPv6 routes and enabling forwarding without accept_ra set to 2 will cause the kernel to flush them',
  },
  {
    pattern: /dnsmasq.*Address already in use|failed to create listening socket/s,
    code: 'DNSMASQ_PORT_IN_USE',
    hint: 'another DNS server listens on all addresses: bind it to its own, or switch DNS off for the network',
    sample:
      'internal error: Child process (VIR_BRIDGE_NAME=virbr9 dnsmasq --conf-file=/x) unexpected exit status 2: dnsmasq: failed to create listening socket for 192.168.9.1: Address already in use',
  },
  {
    pattern: /Child process \(.*dnsmasq.*unexpected exit status/s,
    code: 'DNSMASQ_FAILED',
    hint: "check the network's dnsmasq options",
    sample:
      'internal error: Child process (VIR_BRIDGE_NAME=virbr9 dnsmasq --conf-file=/x) unexpected exit status 1: dnsmasq: bad option at line 20 of /x',
  },
  {
    pattern: /firewalld is not active|firewalld can't find the|INVALID_ZONE/,
    code: 'FIREWALLD_ZONE_MISSING',
    hint: 'start firewalld and add the zone, or leave the zone out',
    sample: 'internal error: zone lab requested for network lab but firewalld is not active',
  },
  {
    pattern: /Failed to (apply|run) firewall (rules|command)|No firewall backend/,
    code: 'FIREWALL_FAILED',
    hint: 'the words behind the command are those of iptables, nft or tc',
    sample:
      'internal error: Failed to apply firewall rules /usr/sbin/iptables -w --table filter --list-rules: iptables: not permitted',
  },
  {
    pattern: /^Failed to connect socket to '[^']*': No such file or directory/,
    code: 'CONNECTION_FAILED',
    hint: 'start the daemon (libvirtd, or virtnetworkd where daemons are split), or check the URI',
    sample: "Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
  },
  {
    pattern: /^Failed to connect socket to '[^']*': Permission denied/,
    code: 'ACCESS_DENIED',
    hint: 'join the group libvirt, use sudo, or let polkit allow it',
    sample: "Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied",
  },
  {
    pattern: /^(authentication (failed|unavailable|cancelled): |access denied: )/,
    code: 'ACCESS_DENIED',
    hint: 'join the group libvirt, use sudo, or let polkit allow it',
    sample: "authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'",
  },
  {
    pattern: /^operation forbidden: read only access/,
    code: 'READ_ONLY',
    hint: 'connect without the read-only option',
    sample: 'operation forbidden: read only access prevents virNetworkDestroy',
  },
  {
    pattern:
      /^Cannot recv data: .*(ssh|Permission denied|Host key|Connection (refused|closed|timed out)|Could not resolve)|SSH transport error/s,
    code: 'SSH_FAILED',
    hint: 'try the same host with ssh alone',
    sample: 'Cannot recv data: ssh: connect to host 127.0.0.1 port 22: Connection refused: Connection reset by peer',
  },
  {
    pattern:
      /^(Failed to connect socket|unable to connect to server|Cannot recv data|End of file while reading data|client socket is closed|Disconnected from|received hangup)/,
    code: 'CONNECTION_FAILED',
    hint: 'check that the daemon runs and that the URI is right',
    sample: 'End of file while reading data: Input/output error',
  },
  {
    pattern: /^metadata not found: |^network port not found: |^Interface not found: /,
    code: 'NOT_FOUND',
    sample: "Interface not found: no interface with matching name 'nosuch'",
  },
  {
    pattern: /^this function is not supported by the connection driver: |^unknown command: |doesn't support option/,
    code: 'UNSUPPORTED',
    hint: 'the libvirt release or the driver of this URI cannot do it',
    sample: "unknown command: 'net-desc'",
  },
  {
    pattern:
      /can't update '.*' section|cannot be modified, only added or deleted|there is an existing|there is already|couldn't locate|couldn't find|multiple matching/,
    code: 'UPDATE_REFUSED',
    sample: "Requested operation is not valid: couldn't locate a matching dhcp host entry in network 'lab'",
  },
];

/** The rule that libvirt's words match. */
export const failureOf = (words: string): FailureRule | undefined =>
  FAILURES.find(({ pattern }) => pattern.test(words));
