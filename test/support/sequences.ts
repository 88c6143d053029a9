import type { Copies, Operation } from '../../src/index.js';
import type { Operations } from '../../src/transport-entry.js';
import type { Random } from './random.js';
import { definition, NAMES, UUIDS } from './twin-networks.js';

/** One call of a sequence. */
export type Step = { [K in Operation]: { readonly operation: K; readonly input: Operations[K]['input'] } }[Operation];

type Update = Operations['network.update']['input'];

/** A section, how often it comes, and entries of it for the name with a number. */
type Section = readonly [weight: number, section: string, entry: (random: Random, i: number) => string];

/** The sections that libvirt can change, and those that it refuses to. */
const SECTIONS: readonly Section[] = [
  [4, 'ip-dhcp-host', hostEntry],
  [3, 'ip-dhcp-range', rangeEntry],
  [3, 'forward-interface', (random) => `<interface dev='${random.pick(['eth7', 'eth8', 'eth9'])}'/>`],
  [3, 'portgroup', portGroupEntry],
  [3, 'dns-host', dnsHostEntry],
  [3, 'dns-txt', txtEntry],
  [3, 'dns-srv', srvEntry],
  [1, 'ip', () => "<ip address='10.250.1.1'/>"],
  [1, 'domain', () => "<domain name='a'/>"],
  [1, 'bridge', () => "<bridge name='a'/>"],
  [1, 'forward', () => "<forward mode='nat'/>"],
  [1, 'forward-pf', () => "<pf dev='a'/>"],
];

const attributes = (random: Random, all: Readonly<Record<string, readonly string[]>>, chance: number): string =>
  Object.entries(all)
    .filter(() => random.chance(chance))
    .map(([name, values]) => ` ${name}='${random.pick(values)}'`)
    .join('');

function hostEntry(random: Random, i: number): string {
  const six = {
    id: ['0:1:0:1:18:aa:bb:cc:52:54:0:a:b:c'],
    name: ['six', 'six-b'],
    ip: [`fd00:250:${i}::9`, `fd00:250:${i}::a`],
  };
  const four = {
    mac: ['52:54:00:00:00:09', '52:54:00:00:00:0A', '52:54:00:00:00:0a'],
    name: ['alpha', 'beta'],
    ip: [`10.250.${i}.9`, `10.250.${i}.10`, `10.250.${i}.9`, `10.250.${i}.10`, '10.251.0.9', '192.0.2.1'],
  };
  const lease = random.chance(0.1) ? "<lease expiry='3' unit='hours'/>" : '';
  return `<host${attributes(random, random.chance(0.2) ? six : four, 0.8)}>${lease}</host>`;
}

function rangeEntry(random: Random, i: number): string {
  const own: readonly (readonly [string, string])[] = [
    [`10.250.${i}.100`, `10.250.${i}.120`],
    [`10.250.${i}.130`, `10.250.${i}.140`],
  ];
  const others: readonly (readonly [string, string])[] = [
    [`10.251.${i}.100`, `10.251.${i}.120`],
    [`fd00:250:${i}::100`, `fd00:250:${i}::1ff`],
    [`10.250.${i}.140`, `10.250.${i}.130`],
    ['192.0.2.1', '192.0.2.9'],
  ];
  const [start, end] = random.pick(random.chance(0.75) ? own : others);
  const lease = random.chance(0.1) ? "<lease expiry='30' unit='minutes'/>" : '';
  return `<range start='${start}' end='${end}'>${lease}</range>`;
}

function portGroupEntry(random: Random): string {
  const name = random.pick(['p', 'q']);
  const given = attributes(random, { default: ['yes', 'no'], trustGuestRxFilters: ['yes'] }, 0.4);
  const inside = random.pick([
    '',
    '',
    "<bandwidth><inbound average='1000' peak='2000'/></bandwidth>",
    "<vlan><tag id='42'/></vlan>",
    "<virtualport type='openvswitch'/>",
  ]);
  return `<portgroup name='${name}'${given}>${inside}</portgroup>`;
}

function dnsHostEntry(random: Random): string {
  const ip = random.chance(0.85) ? ` ip='${random.pick(['192.0.2.1', '192.0.2.2', 'fd00:250::d'])}'` : '';
  const names = random.list(0, 2, () => random.pick(['one', 'two', 'three']));
  return `<host${ip}>${[...new Set(names)].map((name) => `<hostname>${name}</hostname>`).join('')}</host>`;
}

function txtEntry(random: Random): string {
  return `<txt${attributes(random, { name: ['a', 'b'], value: ['1', '2', 'it &amp; that'] }, 0.85)}/>`;
}

function srvEntry(random: Random): string {
  const all = {
    service: ['ldap', 'sip'],
    protocol: ['tcp', 'udp'],
    domain: ['twin.test'],
    target: ['a.twin.test', 'b.twin.test'],
    port: ['389', '5060'],
    priority: ['1'],
    weight: ['2'],
  };
  return `<srv${attributes(random, all, 0.75)}/>`;
}

/** Mostly the copies that are there, whatever they are. */
function copies(random: Random): Copies {
  if (random.chance(0.5)) return { live: false, config: false };
  return { live: random.chance(0.4), config: random.chance(0.7) };
}

/** What a sequence is mostly about, so that its calls find what others have left. */
interface Focus {
  /** Number of the network's name. */
  readonly i: number;
  readonly sections: readonly Section[];
}

function focusOf(random: Random): Focus {
  const weighted = SECTIONS.flatMap((row) => Array.from({ length: row[0] }, () => row));
  return { i: random.int(0, 1), sections: random.list(2, 3, () => random.pick(weighted)) };
}

/** The name or uuid of a network. */
function keyOf(random: Random, { i }: Focus): string {
  if (random.chance(0.02)) return 'nobody';
  const own = random.chance(0.85) ? i : 1 - i;
  return (random.chance(0.8) ? NAMES : UUIDS)[own] ?? '';
}

function update(random: Random, network: string, { i, sections }: Focus): Step {
  const [, section, entry] = random.pick(random.chance(0.9) ? sections : SECTIONS);
  const [, , other] = random.chance(0.03) ? random.pick(SECTIONS) : [0, '', entry];
  const input = {
    network,
    // A few sections are not in the types, since libvirt always refuses them.
    section: section as Update['section'],
    command: random.pick(['add-first', 'add-last', 'add-last', 'modify', 'delete', 'delete'] as const),
    xml: other(random, i),
    ...(section.startsWith('ip-dhcp') && random.chance(0.3) ? { parentIndex: random.int(0, 2) } : {}),
    ...copies(random),
  };
  return { operation: 'network.update', input };
}

const URIS = ['urn:twin:a', 'urn:twin:b'] as const;

/** What was brought with 9.7: reads and writes of metadata, titles and descriptions. */
function annotation(random: Random, network: string): Step {
  const uri = random.pick(URIS);
  const xml = random.chance(0.3) ? undefined : random.pick(['<x/>', '<x><y>1</y></x>', "<x a='1'>text</x>"]);
  return random.pick<() => Step>([
    () => ({ operation: 'metadata.get', input: { network, uri, inactive: random.chance(0.3) } }),
    () => ({
      operation: 'metadata.set',
      input: { network, uri, key: random.pick(['k', 'l']), xml, ...copies(random) },
    }),
    () => ({
      operation: 'text.set',
      input: {
        network,
        kind: random.pick(['title', 'description'] as const),
        text: random.pick(['short', 'it <&> that', '']),
        ...copies(random),
      },
    }),
  ])();
}

const PORT = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a99';
const portXml = `<networkport><uuid>${PORT}</uuid><owner><name>guest</name><uuid>${UUIDS[0]}</uuid></owner><mac address='52:54:00:00:00:77'/></networkport>`;

function look(random: Random, network: string): Step {
  return random.pick<() => Step>([
    () => ({ operation: 'network.dump', input: { network, inactive: random.chance(0.5) } }),
    () => ({ operation: 'network.lookup', input: { network } }),
    () => ({ operation: 'network.list', input: random.pick([{}, { active: true }, { persistent: false }]) }),
    () => ({ operation: 'network.leases', input: { network } }),
    () => ({ operation: 'network.ports', input: { network } }),
    () => ({ operation: 'port.create', input: { network, xml: portXml } }),
    () => ({ operation: 'port.dump', input: { network, port: PORT } }),
    () => ({ operation: 'port.delete', input: { network, port: PORT } }),
  ])();
}

function life(random: Random, network: string, { i }: Focus): Step {
  return random.pick<() => Step>([
    () => ({ operation: 'network.start', input: { network } }),
    () => ({ operation: 'network.start', input: { network } }),
    () => ({ operation: 'network.destroy', input: { network } }),
    () => ({ operation: 'network.undefine', input: { network } }),
    () => ({ operation: 'network.autostart', input: { network, enabled: random.chance(0.6) } }),
    () => ({ operation: 'network.create', input: { xml: definition(random, random.chance(0.6) ? i : 1 - i) } }),
  ])();
}

/**
 * Calls that are likely to find something to work on: a sequence begins with a definition, and is about one network
 * and a few sections of it most of the time.
 *
 * @param isNew - whether the release has metadata, titles and descriptions; older ones refuse them all
 */
export function sequenceOf(random: Random, length: number, isNew: boolean): Step[] {
  const focus = focusOf(random);
  return Array.from({ length }, (_, at): Step => {
    const name = random.chance(0.7) || at === 0 ? focus.i : 1 - focus.i;
    if (at === 0 || random.chance(0.12))
      return { operation: 'network.define', input: { xml: definition(random, name) } };
    const network = keyOf(random, focus);
    const kind = random.next();
    if (kind < 0.27) return life(random, network, focus);
    if (kind < 0.75) return update(random, network, focus);
    if (kind < (isNew ? 0.87 : 0.77)) return annotation(random, network);
    return look(random, network);
  });
}
