import { describe, expect, it } from 'vitest';
import { formatIssue, LibvirtError } from '../../src/errors/index.js';
import {
  checkHostBridge,
  HostBridge,
  readHostBridge,
  readHostNetwork,
  renderHostBridge,
} from '../../src/host-bridge/index.js';
import { announce, type Random, runs } from '../support/random.js';

/** Values that plain JavaScript may pass for anything. */
const WRONG: readonly unknown[] = [
  undefined,
  null,
  0,
  5,
  Number.NaN,
  '',
  'x',
  '__proto__',
  true,
  [],
  [null],
  ['x'],
  {},
  Object.create(null),
  { toString: null },
  { path: 'x' },
  [{ path: 'x' }],
  [{ path: 1, content: 1 }],
  { name: 5 },
  { name: {} },
  { devices: 5 },
  { devices: [5] },
  { document: {} },
  { document: null },
  { system: 'netplan' },
  { macs: 5, renderer: 'x' },
  { backend: 'netplan', host: {} },
  { backend: 'netplan', host: { system: 'netplan', devices: [], files: [], others: [] } },
  { type: 'vlan' },
  { copyFrom: 5 },
  Symbol('x'),
  () => 5,
  1n,
  new Date(0),
  new Map([['a', 1]]),
];

const NETWORK = readHostNetwork('netplan', [
  { path: '/etc/netplan/a.yaml', content: 'network: {ethernets: {eno1: {dhcp4: true}}}\n' },
]);

/** Values that are right somewhere. */
const RIGHT: readonly unknown[] = [
  'br0',
  'netplan',
  'ifupdown',
  '10.0.0.2/24',
  ['192.0.2.1'],
  [{ path: '/etc/netplan/a.yaml', content: 'network: {}\n' }],
  NETWORK,
  HostBridge.create('br0').port('eno1'),
  { macs: { eno1: '52:54:00:00:00:01' } },
];

function value(random: Random): unknown {
  const values = random.chance(0.7) ? WRONG : RIGHT;
  return values[random.int(0, values.length - 1)];
}

type Call = (...values: readonly unknown[]) => unknown;
const isCall = (one: unknown): one is Call => typeof one === 'function';

/** The methods of an object or a class, each with its name. */
const methodsOf = (owner: object): readonly (readonly [name: string, call: Call])[] =>
  Object.getOwnPropertyNames(owner).flatMap((name) => {
    const one: unknown = Object.getOwnPropertyDescriptor(owner, name)?.value;
    return isCall(one) && !/^(?:constructor|prototype)$/.test(name) ? [[name, one] as const] : [];
  });

const FUNCTIONS: readonly (readonly [name: string, call: unknown])[] = Object.entries({
  checkHostBridge,
  readHostBridge,
  readHostNetwork,
  renderHostBridge,
  formatIssue,
});

/** Properties that documents have, with any values. */
const documentOf = (random: Random): object =>
  Object.fromEntries(
    ['name', 'ports', 'mac', 'mtu', 'stp', 'vlanFiltering', 'ipv4', 'ipv6', 'dns', 'routes', 'autostart']
      .filter(() => random.chance(0.4))
      .map((key) => [key, random.chance(0.5) ? { addresses: value(random), servers: value(random) } : value(random)]),
  );

/** Calls something, which may only return or throw an error of ours. */
function expectTyped(name: string, call: () => unknown): void {
  try {
    call();
  } catch (error) {
    expect(LibvirtError.is(error), `${name}: ${error instanceof Error ? error.stack : typeof error}`).toBe(true);
  }
}

describe('wrong values get an error of ours, or an answer', () => {
  const count = runs(20_000, 600);

  for (const [name, call] of [...FUNCTIONS, ...methodsOf(HostBridge)])
    it(name, () => {
      const random = announce(`wrong values for ${name}`, count);
      if (!isCall(call)) throw new Error(`${name} cannot be called`);
      for (const one of WRONG) expectTyped(name, () => call.call(HostBridge, one));
      for (let i = 0; i < count; i++) {
        const values = Array.from({ length: random.int(0, 3) }, () => value(random));
        expectTyped(name, () => call.apply(HostBridge, values));
      }
    });

  for (const [name, call] of methodsOf(HostBridge.prototype))
    it(`HostBridge.${name}`, () => {
      const random = announce(`wrong values for HostBridge.${name}`, count);
      for (let i = 0; i < count; i++) {
        const values = Array.from({ length: random.int(0, 3) }, () => value(random));
        const document = documentOf(random);
        expectTyped(name, () => call.apply(HostBridge.create('br0').with(document), values));
      }
    });
});

describe('the error says what was expected', () => {
  const cases: readonly (readonly [call: () => unknown, message: string])[] = [
    [() => readHostNetwork('netplan', JSON.parse('null')), 'that is not a list'],
    [() => readHostNetwork('netplan', JSON.parse('[{"path": "x"}]')), 'item 0 is not one'],
    [() => readHostNetwork('netplan', JSON.parse('[null]')), 'item 0 is not one'],
    [() => readHostBridge(JSON.parse('"systemd"'), []), "cannot read files of 'systemd'"],
    [() => HostBridge.takeOver('a', JSON.parse('{}')), 'needs the network of a host'],
    [
      () => HostBridge.create('br0').address(JSON.parse('5')),
      'HostBridge.address needs an address with its prefix as text',
    ],
    [() => HostBridge.create('br0').dns(JSON.parse('"1.1.1.1"')), 'HostBridge.dns needs a list of servers, not string'],
    [() => HostBridge.create('br0').dns(JSON.parse('[5]')), 'each of the servers as text (item 0), not number'],
    [() => HostBridge.create('br0').render('netplan', JSON.parse('{"renderer": "x"}')), "no renderer 'x'"],
    [() => formatIssue(JSON.parse('null')), 'formatIssue needs an issue'],
  ];
  for (const [call, message] of cases)
    it(message, () => {
      expect(call).toThrow(message);
      expect(call).toThrow(LibvirtError);
    });
});
