import type { Evidence, FaultOwner, Finding, LostNeed } from '../findings.js';
import type { Complaint, Scope } from '../target.js';
import type { Facts, NetworkFacts } from './facts.js';
import { finding, proof, virsh } from './finding.js';
import type { PluggedNic } from './nic.js';

/** What each complaint is about. */
const ABOUT: Readonly<Record<Complaint, readonly LostNeed[]>> = {
  'no address': ['dhcp', 'router'],
  'no dns': ['dns', 'names outside'],
  'no way out': ['out', 'answers', 'far', 'large packets'],
  'not reachable': ['in', 'port forward', 'host to guest', 'peers'],
  'does not start': ['start'],
};

/** Tells whether a finding explains a complaint. */
export const explains = ({ id, loses }: Finding, complaint: Complaint): boolean =>
  id === 'not-on-host' ||
  id === 'guest-silent' ||
  loses.some(({ need }) => need === 'everything' || ABOUT[complaint].includes(need));

interface Judged {
  readonly facts: Facts;
  readonly scope: Scope;
  readonly networks: readonly NetworkFacts[];
  readonly nics: readonly PluggedNic[];
  readonly findings: readonly Finding[];
  /** True if everything about the host itself was seen. */
  readonly isSeen: boolean;
}

/** Where nothing on the host explains a complaint, that says where to look. It needs a host that was seen whole. */
export function notOnHost({ facts, scope, networks, nics, findings, isSeen }: Judged): Finding[] {
  const { complaint, network, guest } = scope;
  const hasPlace = network !== undefined || guest !== undefined;
  if (complaint === undefined || complaint === 'does not start' || !hasPlace || !isSeen) return [];
  if (findings.some((one) => explains(one, complaint))) return [];
  const [first] = networks;
  const routed = first?.preview?.mode === 'route' || first?.preview?.mode === 'open';
  const where = first !== undefined && first.preview === undefined ? ON_LAN : placeFor(complaint, routed);
  return [
    finding('not-on-host', {
      what: `nothing on the host explains "${complaint}": look ${where.place}`,
      ...(first === undefined ? {} : { network: first.state.name }),
      ...(guest === undefined ? {} : { guest }),
      loses: [],
      evidence: [
        ...networks.flatMap((one) => soundness(facts, one, complaint)),
        ...nics.flatMap((one) => plugged(facts, one)),
      ],
      owner: where.owner,
      remedy: { commands: [], note: where.note(gatewayOf(first)) },
    }),
  ];
}

const gatewayOf = (on: NetworkFacts | undefined): string =>
  on?.preview?.subnets.map(({ subnet }) => subnet.gateway).join(' or ') ?? "the host's address on its bridge";

interface Place {
  readonly place: string;
  readonly owner: FaultOwner;
  readonly note: (gateway: string) => string;
}

/** Where guests are on the LAN itself, their addresses and names come from there. */
const ON_LAN: Place = {
  place: 'inside of the guest, and on the LAN that it is plugged into',
  owner: 'LAN',
  note: () =>
    'On the LAN: does its DHCP server get the request (tcpdump on the card of the host), and does the switch let the hardware address of the guest and its VLAN through? Clouds and wireless cards let none but their own.',
};

function placeFor(complaint: Complaint, routed: boolean): Place {
  const inside = { place: 'inside of the guest', owner: 'guest' } as const;
  const beyond = { place: 'inside of the guest, and at the router of the LAN', owner: 'LAN' } as const;
  const lan =
    'The router of the LAN needs a route to the subnet of the network by the address of this host: without it, answers do not come back.';
  switch (complaint) {
    case 'no address':
      return {
        ...inside,
        note: () =>
          'In the guest: ip link (is the NIC switched on?), ip addr (a static address?), and the log of its DHCP client.',
      };
    case 'no dns':
      return {
        ...inside,
        note: (gateway) => `In the guest: /etc/resolv.conf must name ${gateway}, and ip addr an address of its subnet.`,
      };
    case 'no way out': {
      const note = (gateway: string): string =>
        `In the guest: ip route must have a default route via ${gateway}, and ip addr an address of its subnet. Else the machine that it asks does not answer.`;
      return routed ? { ...beyond, note: (gateway) => `${lan} ${note(gateway)}` } : { ...inside, note };
    }
    default: {
      const note = (gateway: string): string =>
        `In the guest: ss -lnt (does the service listen?), its firewall, ip addr (an address of the subnet?), ip route (via ${gateway}).`;
      return routed ? { ...beyond, note: (gateway) => `${lan} ${note(gateway)}` } : { ...inside, note };
    }
  }
}

/** What was found to be well about a network. */
function soundness(
  { dnsmasq }: Facts,
  { state: { name, leases }, preview }: NetworkFacts,
  complaint: Complaint,
): readonly Evidence[] {
  const own = dnsmasq?.find(({ network }) => network === name);
  return [
    proof(
      'checkFirewall',
      `filters, settings and routes of the host let ${ABOUT[complaint].join(', ')} of network ${name} through`,
    ),
    ...(preview === undefined
      ? []
      : [proof(`ip link show ${preview.bridge}`, 'up, with the addresses of the network')]),
    ...(own === undefined ? [] : [proof(`/run/libvirt/network/${name}.pid`, `dnsmasq ${own.pid} runs`)]),
    ...(complaint === 'no address'
      ? [
          proof(
            virsh('net-dhcp-leases', name),
            leases.length === 0 ? 'none' : leases.map(({ mac, address }) => `${mac} ${address}`).join(', '),
          ),
        ]
      : []),
  ];
}

/** The NIC's place, and what the host knows of its address. */
function plugged({ neighbours, ports = [] }: Facts, { nic, bridge }: PluggedNic): readonly Evidence[] {
  const port = ports.find(({ name }) => name === nic.tap);
  const known = neighbours.filter(({ device, mac }) => device === bridge && mac === nic.mac);
  return [
    ...(port === undefined
      ? []
      : [proof(`bridge link show dev ${port.name}`, `master ${port.bridge} state ${port.state}`)]),
    ...known.map(({ address, states }) =>
      proof(`ip neigh show dev ${bridge}`, `${address} lladdr ${nic.mac} ${states.join(' ')}`),
    ),
  ];
}
