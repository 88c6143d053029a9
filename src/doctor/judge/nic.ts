import { command } from '../../shell/quote.js';
import type { NicEvidence } from '../evidence.js';
import type { Finding } from '../findings.js';
import { IPV6_MTU } from './bridge.js';
import { type BridgePort, deviceNamed, type Facts, type Neighbour } from './facts.js';
import { EVERYTHING, finding, proof, virsh } from './finding.js';

/** A NIC, and the bridge that it belongs into. */
export interface PluggedNic {
  readonly nic: NicEvidence;
  readonly network: string | undefined;
  readonly bridge: string;
}

/** Goes from the guest's link to its place in the bridge: the first fault explains everything. */
export function plug(facts: Facts, { nic, network, bridge }: PluggedNic): Finding[] {
  const { guest, tap } = nic;
  const about = { guest, ...(network === undefined ? {} : { network }), loses: EVERYTHING };
  if (nic.link === 'down')
    return [
      finding('link-down', {
        ...about,
        what: `the link of the NIC ${nic.mac} of guest ${guest} is set to down`,
        evidence: [proof(virsh('domif-getlink', guest, tap ?? nic.mac), 'down')],
        owner: 'libvirt',
        remedy: { commands: [virsh('domif-setlink', guest, tap ?? nic.mac, 'up')] },
      }),
    ];
  if (facts.devices === undefined || tap === undefined) return [];
  return (
    tapOf(facts, tap, bridge, about) ?? [
      ...place(facts, nic, about),
      ...otherPort(facts, { nic, network, bridge }, about),
    ]
  );
}

type About = Pick<Finding, 'network' | 'loses'> & { readonly guest: string };

/** The tap itself: that it exists, is switched on, and is in its bridge. */
function tapOf(facts: Facts, tap: string, bridge: string, about: About): Finding[] | undefined {
  const device = deviceNamed(facts, tap);
  const intoBridge = command`ip link set dev ${tap} master ${bridge}`;
  const show = `ip link show ${tap}`;
  const host = { ...about, owner: 'host' } as const;
  if (device === undefined)
    return [
      finding('tap-missing', {
        ...host,
        what: `the device ${tap} of guest ${about.guest} does not exist`,
        evidence: [proof(show, `Device "${tap}" does not exist.`)],
        remedy: {
          commands: [virsh('reboot', about.guest)],
          note: 'Detach the NIC and attach it again, or shut the guest down and start it.',
        },
      }),
    ];
  if (device.master === undefined)
    return [
      finding('tap-unplugged', {
        ...host,
        what: `the device ${tap} of guest ${about.guest} is in no bridge; it belongs into ${bridge}`,
        evidence: [proof(show, 'no master')],
        remedy: { commands: [intoBridge] },
      }),
    ];
  if (device.master !== bridge)
    return [
      finding('tap-in-other-bridge', {
        ...host,
        what: `the device ${tap} of guest ${about.guest} is in ${device.master}; it belongs into ${bridge}`,
        evidence: [proof(show, `master ${device.master}`)],
        remedy: { commands: [intoBridge] },
      }),
    ];
  if (device.up && !device.carrier)
    return [
      finding('guest-link-down', {
        ...about,
        what: `nothing is at the other end of ${tap}: guest ${about.guest} has switched its NIC off, or has not taken it`,
        evidence: [proof(show, 'NO-CARRIER')],
        owner: 'guest',
        remedy: { commands: [], note: 'In the guest: ip link set DEVICE up.' },
      }),
    ];
  if (device.up) return undefined;
  return [
    finding('tap-down', {
      ...host,
      what: `the device ${tap} of guest ${about.guest} is switched off`,
      evidence: [proof(show, 'flag UP is missing')],
      remedy: { commands: [command`ip link set dev ${tap} up`] },
    }),
  ];
}

/** The port of the bridge: its state, its isolation, its MTU. */
function place(facts: Facts, nic: NicEvidence, about: About): Finding[] {
  const { tap = '' } = nic;
  const port = facts.ports?.find(({ name }) => name === tap);
  return [
    ...(port === undefined
      ? []
      : [...waiting(facts, port, about), ...(nic.isolated ? [] : isolated(facts, port, about))]),
    ...mtu(facts, tap, about),
  ];
}

function waiting(facts: Facts, { name, bridge, state }: BridgePort, about: About): Finding[] {
  const settings = deviceNamed(facts, bridge)?.bridge;
  // Without carrier the port is disabled: nobody is at the other end yet.
  if (state === 'forwarding' || (state === 'disabled' && deviceNamed(facts, name)?.carrier !== true)) return [];
  if (settings?.stp === false) return [blocked({ name, bridge, state }, about)];
  const delay = settings?.forwardDelay ?? 15;
  return [
    finding('port-not-forwarding', {
      ...about,
      what: `bridge ${bridge} does not forward for ${name} of guest ${about.guest} yet: its port is ${state}, for up to ${2 * delay} seconds after it was plugged in`,
      evidence: [
        proof(`bridge link show dev ${name}`, `state ${state}`),
        proof(`ip -d link show ${bridge}`, `stp_state 1 forward_delay ${delay}`),
      ],
      owner: 'libvirt',
      remedy: {
        commands: [command`ip link set dev ${bridge} type bridge stp_state 0`],
        note: "For good: <bridge stp='off' delay='0'/> in the network, .bridge(name, { stp: false }) in this library.",
      },
    }),
  ];
}

/** A port that somebody has blocked: without the spanning tree protocol it stays so. */
const blocked = ({ name, bridge, state }: Omit<BridgePort, 'isolated'>, about: About): Finding =>
  finding('port-not-forwarding', {
    ...about,
    what: `bridge ${bridge} does not forward for ${name} of guest ${about.guest}: its port is ${state}`,
    evidence: [proof(`bridge link show dev ${name}`, `state ${state}`)],
    owner: 'host',
    remedy: { commands: [command`bridge link set dev ${name} state 3`] },
  });

/** Isolation keeps a port from isolated ports alone. */
function isolated({ ports = [] }: Facts, port: BridgePort, about: About): Finding[] {
  const others = ports.filter((one) => one.bridge === port.bridge && one.isolated && one.name !== port.name);
  const [other] = others;
  if (!port.isolated || other === undefined) return [];
  return [
    finding('ports-isolated', {
      ...about,
      loses: [{ need: 'peers' }],
      what: `bridge ${port.bridge} keeps ${port.name} of guest ${about.guest} from ${others.map(({ name }) => name).join(', ')}: all are isolated`,
      evidence: [port, other].map(({ name }) => proof(`bridge -d link show dev ${name}`, 'isolated on')),
      owner: 'libvirt',
      remedy: {
        commands: [command`bridge link set dev ${port.name} isolated off`],
        note: "For good: <port isolated='no'/> in the network or the NIC, unless it is meant so.",
      },
    }),
  ];
}

/** A bridge takes the MTU of its smallest port, so the port is compared with the others too. */
function mtu(facts: Facts, tap: string, about: About): Finding[] {
  const device = deviceNamed(facts, tap);
  const bridge = deviceNamed(facts, device?.master);
  if (device === undefined || bridge === undefined) return [];
  const others = (facts.devices ?? []).filter((one) => one.master === bridge.name && one !== device);
  const usual = Math.max(bridge.mtu, ...others.map((one) => one.mtu));
  if (device.mtu >= usual) return [];
  return [
    finding('mtu-differs', {
      ...about,
      severity: bridge.mtu < IPV6_MTU ? 'error' : 'warning',
      loses: [
        { need: 'large packets' },
        ...(bridge.mtu < IPV6_MTU ? [{ need: 'router', family: 'ipv6' } as const] : []),
      ],
      what: `the device ${tap} of guest ${about.guest} takes packets of ${device.mtu} bytes, others of bridge ${bridge.name} of ${usual}: larger ones are lost without a word`,
      evidence: [device, bridge, ...others.slice(0, 1)].map(({ name, mtu: size }) =>
        proof(`ip link show ${name}`, `mtu ${size}`),
      ),
      owner: 'host',
      remedy: {
        commands: [command`ip link set dev ${tap} mtu ${usual}`],
        ...(bridge.mtu < IPV6_MTU
          ? { note: 'The bridge has lost its IPv6 address with it: restart the network afterwards.' }
          : {}),
      },
    }),
  ];
}

/** The bridge sends frames for the guest elsewhere, or the guest's address belongs to another. */
function otherPort(facts: Facts, { nic, network, bridge }: PluggedNic, about: About): Finding[] {
  const elsewhere = facts.fdb.find(
    (entry) => entry.mac === nic.mac && entry.port !== nic.tap && entry.port !== bridge && entry.bridge === bridge,
  );
  const atOther =
    elsewhere === undefined
      ? []
      : [
          finding('mac-at-other-port', {
            ...about,
            what: `bridge ${bridge} sends what is for ${nic.mac} of guest ${nic.guest} to ${elsewhere.port}, not to ${nic.tap}`,
            evidence: [
              proof(
                `bridge fdb show br ${bridge}`,
                `${nic.mac} dev ${elsewhere.port}${elsewhere.fixed ? ' static' : ''}`,
              ),
            ],
            owner: elsewhere.fixed ? 'host' : 'guest',
            remedy: elsewhere.fixed
              ? { commands: [command`bridge fdb del ${nic.mac} dev ${elsewhere.port} master`] }
              : {
                  commands: [],
                  note: `Another guest uses the same hardware address at ${elsewhere.port}: give one of them a new one.`,
                },
          }),
        ];
  return [...atOther, ...sharedAddress(facts, { nic, network, bridge }, about)];
}

/** The addresses that a guest's network has for it: lent, or reserved. */
export function addressesOf({ networks }: Facts, { nic, network }: PluggedNic): readonly string[] {
  const own = networks.find(({ state }) => state.name === network);
  const lent = (own?.state.leases ?? []).filter(({ mac }) => mac === nic.mac).map(({ address }) => address);
  const reserved = (own?.network.document.ips ?? [])
    .flatMap(({ dhcp }) => dhcp?.hosts ?? [])
    .flatMap(({ mac, ip }) => (mac === nic.mac && ip !== undefined ? [ip] : []));
  return lent.length > 0 ? lent : reserved;
}

/** The host found another hardware address for what was lent to this guest. */
function sharedAddress(facts: Facts, plugged: PluggedNic, about: About): Finding[] {
  const { nic, bridge } = plugged;
  const own = addressesOf(facts, plugged);
  const taken = facts.neighbours.find(
    ({ address, mac, device }) => device === bridge && own.includes(address) && mac !== undefined && mac !== nic.mac,
  );
  if (taken === undefined) return [];
  if (taken.states.includes('PERMANENT')) return [fixedNeighbour(taken, plugged, about)];
  return [
    finding('address-twice', {
      ...about,
      loses: [{ need: 'dns' }, { need: 'peers' }],
      what: `the address ${taken.address} belongs to guest ${nic.guest} (${nic.mac}), but ${taken.mac} answers for it`,
      evidence: [proof(`ip neigh show dev ${bridge}`, `${taken.address} lladdr ${taken.mac}`)],
      owner: 'guest',
      remedy: {
        commands: [command`ip neigh flush dev ${bridge}`],
        note: 'Take the address from the other guest; keep static addresses out of the DHCP range.',
      },
    }),
  ];
}

/** An entry that somebody has made, which counts whatever the guest answers. */
const fixedNeighbour = ({ address, mac }: Neighbour, { nic, bridge }: PluggedNic, about: About): Finding =>
  finding('neighbour-fixed', {
    ...about,
    loses: [{ need: 'host to guest' }, { need: 'out' }, { need: 'dns' }],
    what: `the host sends what is for ${address} to ${mac}, which somebody has fixed; guest ${nic.guest} has ${nic.mac}`,
    evidence: [proof(command`ip neigh show dev ${bridge}`, `${address} lladdr ${mac} PERMANENT`)],
    owner: 'host',
    remedy: { commands: [command`ip neigh del ${address} dev ${bridge}`] },
  });
