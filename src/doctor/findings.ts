import type { Need } from '../preview/firewall-check/needs.js';
import type { Opening, OpeningFirewall } from '../preview/openings/opening.js';
import type { Family } from '../schema/address.js';

/**
 * What guests of a network lose, or the host does: a need of `checkFirewall`, or one of these.
 *
 * - `everything`: no packet of the guest gets anywhere.
 * - `peers`: guests of one network reach each other.
 * - `far`: guests reach some targets beyond the host's LAN.
 * - `host to guest`, `host out`: the host reaches its guests, and machines beyond.
 * - `large packets`: packets of the usual size arrive.
 * - `isolation`: others do not reach guests of a network with NAT, whose packets leave with the host's address.
 * - `start`: the network can be started.
 */
export type LostNeed =
  | Need
  | 'everything'
  | 'peers'
  | 'far'
  | 'host to guest'
  | 'host out'
  | 'large packets'
  | 'isolation'
  | 'start';

/** A need that is lost, and for which family of addresses; for both without one. */
export interface Loss {
  readonly need: LostNeed;
  readonly family?: Family;
}

/** The part of the system that somebody has to change: a firewall of the host, or one of these. */
export type FaultOwner = OpeningFirewall | 'guest' | 'host' | 'kernel' | 'LAN' | 'NixOS' | 'Kubernetes' | 'VPN';

/** A proof: what a command prints, or what stands in a file. */
export interface Evidence {
  /** The command or file. */
  readonly source: string;
  /** The line, or the value. */
  readonly text: string;
}

/** A way to mend something: commands for the host, run as root, or openings, and what they do not say. */
export interface Remedy {
  readonly commands: readonly string[];
  /** Holes in the firewall that stops the packets, which let through what guests need and nothing else. */
  readonly openings?: readonly Opening[];
  readonly note?: string;
}

/** Severity of a finding: `error` where guests lose what they cannot work without, `warning` where they lose a part, `note` else. */
export type Severity = 'error' | 'warning' | 'note';

/** Something that is wrong on a host, with its proof. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** The fault, in one sentence. */
  readonly what: string;
  /** The network that it is about. */
  readonly network?: string;
  /** The guest that it is about. */
  readonly guest?: string;
  /** What is lost because of it. */
  readonly loses: readonly Loss[];
  readonly evidence: readonly Evidence[];
  readonly owner: FaultOwner;
  readonly remedy: Remedy;
}

/** A kind of finding. */
export interface FindingKind {
  /** The fault, as a sentence for a list. */
  readonly means: string;
  readonly severity: Severity;
}

const kind = (severity: Severity, means: string): FindingKind => ({ severity, means });

/** Every kind of finding, the causes of others first. */
export const FINDINGS = {
  'libvirt-unreachable': kind('error', 'libvirt does not answer.'),
  'subnet-taken': kind('error', 'The network cannot start: its subnet belongs to something else.'),
  'bridge-taken': kind('error', 'The network cannot start: a device of the name of its bridge exists.'),
  'autoconfigured-routes': kind(
    'error',
    'The network cannot start: the host has IPv6 routes from router advertisements.',
  ),
  'dns-port-taken': kind('error', 'The network cannot start: another DNS server listens on every address.'),
  'dhcp-port-taken': kind('error', 'The network cannot start: another DHCP server listens on every address.'),
  'hook-fails': kind('error', 'The network cannot start: a hook fails.'),
  'network-inactive': kind('error', 'The network does not run.'),
  'bridge-missing': kind('error', 'The network runs, but its bridge does not exist.'),
  'bridge-down': kind('error', 'The bridge is switched off.'),
  'bridge-without-uplink': kind('error', 'The bridge of the host that the network points at leads nowhere.'),
  'bridge-address-missing': kind('error', 'The bridge does not have the address that the network gives it.'),
  'dnsmasq-dead': kind('error', "The network's dnsmasq has exited."),
  'dnsmasq-stopped': kind('error', "The network's dnsmasq exists but does not run: it is stopped, or it hangs."),
  'range-full': kind('error', 'All addresses of the DHCP range are leased.'),
  'connections-full': kind('error', 'The table of tracked connections is full.'),
  'tap-missing': kind('error', "The guest's device on the host does not exist."),
  'link-down': kind('error', "The link of the guest's NIC is set to down."),
  'tap-down': kind('error', "The guest's device on the host is switched off."),
  'guest-link-down': kind(
    'error',
    "Nothing is at the other end of the guest's device: its NIC is switched off inside of the guest.",
  ),
  'tap-unplugged': kind('error', "The guest's device is in no bridge."),
  'tap-in-other-bridge': kind('error', "The guest's device is in another bridge than its network's."),
  'port-not-forwarding': kind(
    'error',
    'The port of the bridge does not forward: it is blocked, switched off, or waits for the spanning tree protocol.',
  ),
  'mac-at-other-port': kind('error', "The bridge sends the guest's frames to another port."),
  'address-twice': kind('warning', 'Two guests have the same address.'),
  'neighbour-fixed': kind('warning', "Somebody has fixed another hardware address for the guest's address."),
  'guest-silent': kind('warning', 'The guest does not answer at the address that it has from its network.'),
  'ports-isolated': kind('warning', 'Ports of the bridge are kept apart.'),
  'mtu-differs': kind('warning', "The guest's device takes smaller packets than its bridge."),
  'ipv6-off': kind(
    'error',
    'The bridge, or the way out of the host, has IPv6 switched off, by a setting or by an MTU below 1280.',
  ),
  'forwarding-off': kind('error', 'The host does not forward packets.'),
  'arp-ignored': kind('error', 'The host does not answer ARP requests for its addresses.'),
  'echo-ignored': kind('note', 'The host is set not to answer echo requests.'),
  'uplink-down': kind('error', 'The device that leads beyond the host is switched off or has no carrier.'),
  'no-default-route': kind('error', 'The host has no default route.'),
  'router-silent': kind('error', 'The router that the default route of the host leads to does not answer.'),
  'guests-routed-elsewhere': kind(
    'error',
    "A route takes the packets for guests to another device than their network's bridge.",
  ),
  'routing-refused': kind('error', 'A route or routing rule refuses the packets of guests.'),
  'reverse-path-filter': kind(
    'warning',
    'The kernel drops packets because it would answer their sender by another device.',
  ),
  'target-routed-elsewhere': kind(
    'warning',
    'A route takes packets for machines beyond the host to a device where nobody takes them.',
  ),
  'firewalld-zone': kind('error', 'The bridge is in a zone of firewalld that is not meant for it.'),
  filtered: kind('error', 'A rule or policy of a packet filter stops the packets of guests.'),
  'guest-filtered': kind('error', "The guest's network filter stops its packets."),
  'bridge-filtered': kind(
    'warning',
    'Packets between guests of one bridge go through the filters of the host, which stop them.',
  ),
  untracked: kind('error', 'A rule exempts packets from connection tracking, so that answers are not translated back.'),
  'libvirt-rules-missing': kind('error', 'Rules that libvirt made for the network are gone.'),
  'port-forward-missing': kind('warning', 'No rule of the host makes a port forward of the network.'),
  'source-translated-elsewhere': kind('note', 'Another rule translates the source of packets before libvirt does.'),
  'resolver-unusable': kind('warning', "The network's dnsmasq has no upstream DNS server."),
  'macvtap-apart': kind('note', 'Guests with macvtap and their host do not reach each other by the card.'),
  'lease-not-reserved': kind('note', 'A guest has another address than is reserved for it.'),
  'hook-skipped': kind('note', 'libvirt passes over a hook that may not be executed.'),
  'not-on-host': kind('warning', 'Nothing on the host stops it: the cause is inside of the guest, or beyond the host.'),
} as const satisfies Readonly<Record<string, FindingKind>>;

/** Identifies a kind of finding. */
export type FindingId = keyof typeof FINDINGS;
