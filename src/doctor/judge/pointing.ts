import type { HostDevice } from '../../host-facts/devices.js';
import { command } from '../../shell/quote.js';
import type { Finding } from '../findings.js';
import type { Complaint } from '../target.js';
import { deviceNamed, type Facts, type NetworkFacts } from './facts.js';
import { EVERYTHING, finding, proof, virsh } from './finding.js';

/** Networks that only point at devices of the host: a bridge of its own, or NICs that guests are plugged into by macvtap. */
export function pointing(facts: Facts, on: NetworkFacts, complaint: Complaint | undefined): readonly Finding[] {
  const { forward, bridge } = on.network.document;
  if (facts.devices === undefined || on.preview !== undefined) return [];
  if (bridge?.name !== undefined && bridge.name !== '')
    return hostBridge(facts, on, { bridge: bridge.name, complaint });
  const names = (forward?.interfaces ?? []).flatMap(({ dev }) => dev ?? []);
  const cards = names.length > 0 ? names : [forward?.dev ?? []].flat();
  return [...cards.flatMap((name) => card(facts, on, name)), ...macvtap(on, cards, complaint)];
}

interface Bridge {
  readonly bridge: string;
  readonly complaint: Complaint | undefined;
}

/** A bridge of the host; Open vSwitch has no ports that the kernel knows. */
function hostBridge(facts: Facts, { state: { name } }: NetworkFacts, { bridge, complaint }: Bridge): Finding[] {
  const device = deviceNamed(facts, bridge);
  const about = { network: name, loses: EVERYTHING, owner: 'host' } as const;
  if (device === undefined)
    return [
      finding('bridge-missing', {
        ...about,
        what: `network ${name} points at the bridge ${bridge} of the host, which does not exist`,
        evidence: [proof('ip link show', `Device "${bridge}" does not exist.`)],
        remedy: { commands: [], note: `Make the bridge ${bridge} in the host's network system.` },
      }),
    ];
  if (!device.up)
    return [
      finding('bridge-down', {
        ...about,
        what: `the bridge ${bridge} of the host, which network ${name} points at, is switched off`,
        evidence: [proof(`ip link show ${bridge}`, 'flag UP is missing')],
        remedy: { commands: [command`ip link set dev ${bridge} up`] },
      }),
    ];
  return complaint === undefined || device.bridge === undefined ? [] : withoutWayOut(facts, name, device);
}

/** A bridge whose only ports are guests, and in which the host itself has no address either. */
function withoutWayOut({ devices = [], nics }: Facts, network: string, bridge: HostDevice): Finding[] {
  const taps = new Set(nics.map(({ tap }) => tap));
  const others = devices.filter(({ master, name }) => master === bridge.name && !taps.has(name));
  const dead = others.filter(({ up, carrier }) => !(up && carrier));
  if (others.length > dead.length || bridge.addresses.some(({ scope }) => scope === 'global')) return [];
  const [first] = dead;
  return [
    finding('bridge-without-uplink', {
      what: `bridge ${bridge.name} of network ${network} leads nowhere: ${first === undefined ? 'no card of the host is in it' : `its port ${first.name} ${first.up ? 'has no carrier' : 'is switched off'}`}`,
      network,
      loses: [{ need: 'dhcp' }, { need: 'dns' }, { need: 'out' }, { need: 'in' }],
      evidence: [
        proof(
          command`ip link show master ${bridge.name}`,
          first === undefined ? 'guests alone' : `${first.name}: ${first.up ? 'NO-CARRIER' : 'flag UP is missing'}`,
        ),
      ],
      owner: 'host',
      remedy:
        first === undefined
          ? { commands: [`ip link set dev CARD ${command`master ${bridge.name}`}`] }
          : { commands: [command`ip link set dev ${first.name} up`], note: `Look at the cable of ${first.name}.` },
    }),
  ];
}

/** A card that guests are plugged into. */
function card(facts: Facts, { state: { name } }: NetworkFacts, dev: string): Finding[] {
  const device = deviceNamed(facts, dev);
  if (device?.up && device.carrier) return [];
  const [why, text] =
    device === undefined
      ? ['does not exist', `Device "${dev}" does not exist.`]
      : device.up
        ? ['has no carrier', 'NO-CARRIER']
        : ['is switched off', 'flag UP is missing'];
  return [
    finding('uplink-down', {
      what: `the device ${dev}, which guests of network ${name} are plugged into, ${why}`,
      network: name,
      loses: EVERYTHING,
      evidence: [proof(command`ip link show ${dev}`, text)],
      owner: 'host',
      remedy:
        device === undefined || device.up
          ? { commands: [], note: `Look at ${dev} and its cable, or let the network name another device.` }
          : { commands: [command`ip link set dev ${dev} up`] },
    }),
  ];
}

/** What macvtap does not do by design: it is the answer to a complaint, not a fault. */
function macvtap(
  { state: { name }, network: { document } }: NetworkFacts,
  cards: readonly string[],
  complaint: Complaint | undefined,
): Finding[] {
  const mode = document.forward?.mode ?? '';
  if (complaint !== 'not reachable' || !['bridge', 'private', 'vepa', 'passthrough'].includes(mode)) return [];
  const apart = mode === 'private' || mode === 'vepa';
  return [
    finding('macvtap-apart', {
      what: `the kernel passes nothing between guests of network ${name} and the host by their card ${cards.join(', ')}${apart ? `, and mode ${mode} nothing between guests` : ''}`,
      network: name,
      loses: [{ need: 'host to guest' }, ...(apart ? [{ need: 'peers' } as const] : [])],
      evidence: [proof(virsh('net-dumpxml', name), `<forward mode='${mode}'>`)],
      owner: 'kernel',
      remedy: {
        commands: [],
        note: 'Reach the guests from another machine of the LAN, give them a second NIC on a network of libvirt, or use a bridge of the host.',
      },
    }),
  ];
}
