import { describe, expect, it } from 'vitest';
import {
  BridgedNetwork,
  BridgeNic,
  bridgeNameFor,
  DirectNetwork,
  DirectNic,
  editXml,
  HostdevNetwork,
  IsolatedNetwork,
  LibvirtError,
  macFor,
  NatNetwork,
  Network,
  Subnet,
} from '../../src/index.js';
import type { AnyTable } from '../../src/schema/element.js';
import { networkTable } from '../../src/schema/network/network.js';
import { readHostInterface, readNetworkPort, writeHostInterface, writeNetworkPort } from '../../src/xml-entry.js';
import { thinned } from '../support/random.js';

/** What an accessor of a caller may do. */
function unreadable(): never {
  throw new Error('not today');
}

/** What plain JavaScript can pass where the compiler would not let it. */
const ANYTHING: readonly unknown[] = [
  undefined,
  null,
  0,
  5,
  5n,
  0.5,
  '',
  'x',
  '\ud800',
  true,
  [],
  {},
  [null],
  { name: null },
  Symbol('s'),
  () => {},
  // biome-ignore lint/suspicious/noSparseArray: holes are what this is about
  [, 'x'],
  [5n, Symbol('s')],
  { name: Symbol('s'), ip: 5n },
  Object.create(null),
  new Proxy({}, { ownKeys: () => unreadable(), get: () => unreadable() }),
  {
    get name() {
      return unreadable();
    },
  },
  { toString: () => unreadable() },
];

const lab = NatNetwork.create('lab').subnet('192.168.50.1/24');
const text = '<network><name>a</name></network>';

// `never` stands for an argument of whatever type the call has.
const CALLS: Readonly<Record<string, (value: never) => unknown>> = {
  'Network.parse': (value) => Network.parse(value),
  'Network.parse, options': (value) => Network.parse(text, value),
  'Network.from': (value) => Network.from(value).validate(),
  'NatNetwork.create': (value) => NatNetwork.create(value).toXml(),
  'NatNetwork.from': (value) => NatNetwork.from(value),
  'IsolatedNetwork.create, options': (value) => IsolatedNetwork.create('a', value).toXml(),
  'BridgedNetwork.create': (value) => BridgedNetwork.create(value).toXml(),
  'DirectNetwork.create': (value) => DirectNetwork.create(value).toXml(),
  'HostdevNetwork.create': (value) => HostdevNetwork.create(value).toXml(),
  'Subnet.parse': (value) => Subnet.parse(value),
  'Subnet.of': (value) => Subnet.of(value),
  'Subnet, contains': (value) => Subnet.parse('10.0.0.1/24').contains(value),
  'Subnet, overlaps': (value) => Subnet.parse('10.0.0.1/24').overlaps(value),
  bridgeNameFor: (value) => bridgeNameFor(value),
  'bridgeNameFor, taken': (value) => bridgeNameFor('lab', value),
  macFor: (value) => macFor(value),
  'editXml, text': (value) => editXml(value, (network) => network),
  'editXml, change': (value) => editXml(text, value),
  'editXml, what is given back': (value) => editXml(text, () => value),
  'editXml, options': (value) => editXml(text, (network) => network, value),
  with: (value) => lab.with(value).toXml(),
  named: (value) => lab.named(value).toXml(),
  copyAs: (value) => lab.copyAs(value).toXml(),
  title: (value) => lab.title(value).toXml(),
  portGroup: (value) => lab.portGroup({ name: 'one' }).portGroup(value).toXml(),
  metadata: (value) => lab.metadata(value),
  withMetadata: (value) => lab.withMetadata(value).toXml(),
  validate: (value) => lab.validate(value),
  toXml: (value) => lab.toXml(value),
  assertDefinable: (value) => lab.assertDefinable(value),
  equals: (value) => lab.equals(value),
  diff: (value) => lab.diff(value),
  bridge: (value) => lab.bridge(value, value).toXml(),
  mtu: (value) => lab.mtu(value).toXml(),
  domain: (value) => lab.domain(value, value).toXml(),
  'subnet, CIDR': (value) => lab.subnet(value),
  'subnet, function': (value) => lab.subnet('10.0.0.1/24', value).toXml(),
  'subnet, what is built': (value) => lab.subnet('10.0.0.1/24', () => value).toXml(),
  'subnet, host': (value) => lab.subnet('10.0.0.1/24', (subnet) => subnet.host(value)).toXml(),
  'subnet, dhcp': (value) => lab.subnet('10.0.0.1/24', (subnet) => subnet.dhcp(value, value)).toXml(),
  'subnet, dhcp options': (value) => lab.subnet('10.0.0.1/24', (subnet) => subnet.dhcp('a', 'b', value)).toXml(),
  'subnet, bootp': (value) => lab.subnet('10.0.0.1/24', (subnet) => subnet.bootp(value, value)).toXml(),
  dns: (value) => lab.dns(value).toXml(),
  dnsForwarder: (value) => lab.dnsForwarder(value).toXml(),
  dnsTxt: (value) => lab.dnsTxt(value).toXml(),
  dnsSrv: (value) => lab.dnsSrv(value).toXml(),
  dnsHost: (value) => lab.dnsHost(value).toXml(),
  route: (value) => lab.route(value).toXml(),
  bandwidth: (value) => lab.bandwidth(value).toXml(),
  dnsmasqOption: (value) => lab.dnsmasqOption(value).toXml(),
  reserve: (value) => lab.reserve(value).toXml(),
  reservation: (value) => lab.reservation(value),
  forwardPort: (value) => lab.forwardPort(value).toXml(),
  guestNic: (value) => lab.guestNic(value).toXml(),
  'BridgeNic.create': (value) => BridgeNic.create('b', value).toXml(),
  'DirectNic.create': (value) => DirectNic.create('b', value).toXml(),
  readNetworkPort: (value) => readNetworkPort('<networkport/>', value),
  writeNetworkPort: (value) => writeNetworkPort(value, value),
  readHostInterface: (value) => readHostInterface('<interface/>', value),
  writeHostInterface: (value) => writeHostInterface(value, value),
  natPorts: (value) => lab.natPorts(value, value).toXml(),
  vlan: (value) => BridgedNetwork.create({ name: 'a', bridge: 'b' }).vlan(value).toXml({ check: false }),
  openVswitch: (value) => BridgedNetwork.create({ name: 'a', bridge: 'b' }).openVswitch(value).toXml({ check: false }),
};

/** What a call did with an argument, when it was neither taken nor refused with an error of ours. */
function untyped(call: (value: never) => unknown, value: unknown): string[] {
  try {
    call(value as never);
    return [];
  } catch (error) {
    return LibvirtError.is(error)
      ? []
      : [`${ANYTHING.indexOf(value)} ${typeof value}: ${error instanceof Error ? error.stack : 'no error'}`];
  }
}

type Part = Readonly<Record<string, unknown>>;

const withAnything = (key: string): Part[] => ANYTHING.map((value) => ({ [key]: value }));

/** Values of a table with anything in any one property, at any depth. */
function documentsWith(table: AnyTable): Part[] {
  return Object.entries(table.fields).flatMap(([key, { place }]) => {
    const inside = 'table' in place ? documentsWith(place.table()) : [];
    const base = key === 'ips' ? { address: '10.0.0.1' } : {};
    const nested = inside.map((part) => ({ [key]: place.at === 'many' ? [{ ...base, ...part }] : part }));
    return [...withAnything(key), ...nested];
  });
}

describe('a call that the compiler would refuse is taken or refused with an error of ours', () => {
  for (const [name, call] of Object.entries(CALLS)) {
    it(name, () => {
      expect(ANYTHING.flatMap((value) => untyped(call, value))).toEqual([]);
    });
  }

  it('and a document with anything in any property too, whatever is done with it', () => {
    const uses: readonly ((value: never) => unknown)[] = [
      (value) => Network.from(value).validate(),
      (value) => Network.from(value).toXml(),
      (value) => Network.from(value).toXml({ check: false }),
      (value) => Network.from(value).diff(lab),
      (value) => NatNetwork.from(value).reserve({ name: 'x' }),
      (value) => NatNetwork.from(value).subnets,
      (value) => NatNetwork.from(value).subnet('10.0.0.1/24').toXml(),
      (value) => NatNetwork.from(value).dnsTxt({ name: 'a', value: 'b' }).toXml(),
      (value) => NatNetwork.from(value).portGroup({ name: 'a' }).withoutMetadata('u').copyAs('b').toXml(),
    ];
    const everywhere = thinned('documents with anything in a property', documentsWith(networkTable), 7);
    const documents = [...everywhere, ...['extra', 'unknown'].flatMap((key) => withAnything(key))];
    expect(
      documents.flatMap((given) => {
        const document = { name: 'a', ...given, forward: given['forward'] ?? { mode: 'nat' } };
        return uses.flatMap((use) => untyped(use, document));
      }),
    ).toEqual([]);
  });

  it('an empty text is not a list, an object, a number or a yes or no', () => {
    const codes = (part: object) =>
      Network.from({ name: 'a', ...part } as never)
        .validate()
        .map(({ code }) => code);
    for (const part of [{ ips: '' }, { forward: '' }, { bridge: { stp: '' } }, { dns: { srvs: '' } }])
      expect(codes(part)).toContain('PROPERTY_INVALID');
    expect(codes({ bridge: { delay: '' } })).toEqual(['BRIDGE_DELAY']);
    expect(codes({ uuid: '', title: '', bridge: { name: '', zone: '' } })).toEqual([]);
  });

  it('what JSON cannot hold is named in the message', () => {
    const told = (average: unknown) =>
      lab
        .bandwidth({ inbound: { average } } as never)
        .validate()
        .map(({ message }) => message);
    const expected = 'an integer from 0 to 2^64-1, as text when it is above 2^53-1';
    expect(told(10n)).toEqual([`average must be ${expected}, not 10n`]);
    expect(told(2 ** 60)).toEqual([`average='1152921504606847000' of <inbound> is not ${expected}`]);
    expect(told(-1)).toEqual([expect.stringMatching(/2\^64-1$/)]);
    expect(told({ a: [1n] })).toEqual([expect.stringMatching(/not {"a":\["1n"\]}$/)]);
    expect(lab.mtu(Number.NaN).validate()[0]?.message).toMatch(/size='NaN'/);
  });

  it('unchecked, a value that libvirt would refuse is printed and not left out', () => {
    const printed = (network: NatNetwork) => network.toXml({ check: false });
    expect(printed(lab.mtu(-1))).toContain("<mtu size='-1'/>");
    expect(printed(lab.mtu(Number.NaN))).toContain("<mtu size='NaN'/>");
    expect(printed(lab.bridge('b', { delay: 'x' as never }))).toContain("delay='x'");
  });

  it('what is not a whole element in the metadata is reported', () => {
    for (const metadata of [[null], [{}], [{ type: 'element', name: 'a', children: [] }]] as never[])
      expect(lab.with({ metadata }).validate()).toMatchObject([{ code: 'PROPERTY_INVALID', path: 'metadata[0]' }]);
  });

  it('an element for the metadata that lacks a part is refused, as it would be printed as nothing', () => {
    const note = { type: 'element', name: 'a:note', attributes: { 'xmlns:a': 'urn:a' } };
    for (const element of [note, { ...note, children: [null] }, { ...note, children: [{ ...note, children: 5 }] }]) {
      expect(() => lab.withMetadata(element as never)).toThrow(/must be an XML element/);
    }
  });

  it('a pool is given in one way and as a list, or some of it would be lost', () => {
    const direct = (pool: object) => DirectNetwork.create({ name: 'a', mode: 'vepa', ...pool } as never);
    const hostdev = (pool: object) => HostdevNetwork.create({ name: 'a', ...pool } as never);
    expect(() => direct({ devices: ['e'], pf: 'f' })).toThrow(/cannot create network "a": it has both pf and devices/);
    expect(() => direct({ devices: 'e' })).toThrow(/devices must be an array/);
    expect(direct({ devices: ['e'], pf: undefined }).document.forward?.interfaces).toEqual([{ dev: 'e' }]);
    expect(direct({ pf: 'f', devices: undefined }).document.forward?.pf).toEqual({ dev: 'f' });
    expect(() => hostdev({ addresses: [{ slot: 1 }], pf: 'f' })).toThrow(/it has both pf and addresses/);
    expect(() => hostdev({ addresses: { slot: 1 } })).toThrow(/addresses must be an array/);
    expect(hostdev({ addresses: [{ slot: 1 }], pf: undefined }).document.forward?.addresses).toHaveLength(1);
  });

  it('data that holds itself is refused before it is followed for ever', () => {
    const document: Record<string, unknown> = { name: 'a' };
    document['ips'] = [document];
    expect(() => Network.from(document as never)).toThrow(/a part of it holds itself/);
  });
});
