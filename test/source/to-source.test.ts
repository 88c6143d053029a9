import { describe, expect, it } from 'vitest';
import {
  BridgeNic,
  defaultNetwork,
  FilterBinding,
  GuestNic,
  HostBridge,
  HostdevNetwork,
  IsolatedNetwork,
  NatNetwork,
  Network,
  NetworkNic,
  NwFilter,
  UserNic,
} from '../../src/index.js';
import { type SourceValue, toSource } from '../../src/source/index.js';
import { thrown } from '../support/caught.js';
import { evaluated } from '../support/evaluated.js';
import { WHOLE_NETWORKS } from '../support/whole-documents.js';

/** The source of one value without its import. */
const codeOf = (value: SourceValue): string => toSource(value).split('\n').slice(2).join('\n');

/** The name of the constant for a network of a name. */
const identifierOf = (name: string): string | undefined => /const (\S+) =/.exec(codeOf(NatNetwork.create(name)))?.[1];

describe('the source of a network', () => {
  it('is what a person writes', () => {
    const network = NatNetwork.create('lab')
      .bridge('virbr10', { stp: true })
      .domain('lab.test', { localOnly: true })
      .subnet('192.168.150.1/24', (subnet) =>
        subnet
          .dhcp('192.168.150.2', '192.168.150.254', { lease: 30 })
          .host({ mac: '52:54:00:00:00:01', ip: '192.168.150.3', name: 'db' }),
      )
      .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: '192.168.150.3', port: 80 } });
    expect(toSource(network)).toBe(`import { NatNetwork } from 'libvirt-network';

export const lab = NatNetwork.create('lab')
  .bridge('virbr10', { stp: true })
  .domain('lab.test', { localOnly: true })
  .subnet('192.168.150.1/24', (subnet) =>
    subnet
      .dhcp('192.168.150.2', '192.168.150.254', { lease: 30 })
      .host({ mac: '52:54:00:00:00:01', name: 'db', ip: '192.168.150.3' }),
  )
  .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: '192.168.150.3', port: 80 } });
`);
  });

  it('keeps a netmask, which no method writes, as data', () => {
    expect(codeOf(defaultNetwork())).toBe(`export const defaultNetwork = NatNetwork.create('default')
  .bridge('virbr0')
  .with({
    ips: [
      {
        address: '192.168.122.1',
        netmask: '255.255.255.0',
        dhcp: { ranges: [{ start: '192.168.122.2', end: '192.168.122.254' }] },
      },
    ],
  });
`);
  });

  it('is short where the size of a subnet may be a prefix and defaults may go', () => {
    const text =
      "<network><name>a</name><domain name='b' localOnly='no'/><ip address='10.0.0.1' netmask='255.0.0.0'/></network>";
    const source = toSource(Network.parse(text), { simplify: true });
    expect(source).toContain("export const a = IsolatedNetwork.create('a').domain('b').subnet('10.0.0.1/8');");
  });

  it.each([
    [
      IsolatedNetwork.create('island', { hostAccess: false }),
      "IsolatedNetwork.create('island', { hostAccess: false })",
    ],
    [HostdevNetwork.create({ name: 'vfs', pf: 'eth5' }), "HostdevNetwork.create({ name: 'vfs', pf: 'eth5' })"],
    [
      Network.parse("<network><name>pool</name><forward mode='private' dev='eth0'/></network>"),
      "DirectNetwork.from({ name: 'pool', forward: { mode: 'private', dev: 'eth0' } })",
    ],
  ])('%s begins as its class begins', (network, code) => {
    expect(codeOf(network)).toMatch(/^export const \w+ = (.*);\n$/);
    expect(codeOf(network)).toContain(`= ${code};`);
  });

  it('of a mode that is newer than this library is data', () => {
    const text = "<network><name>new</name><forward mode='warp'/></network>";
    const network = Network.parse(text, { unknownWords: 'keep' });
    expect(codeOf(network)).toBe(
      "export const newNetwork = Network.from({ name: 'new', forward: { extra: { attributes: { mode: 'warp' } } } });\n",
    );
    expect(evaluated(toSource(network))[0]).toBeInstanceOf(network.constructor);
  });

  it('has all elements and attributes of the format', () => {
    const networks = WHOLE_NETWORKS.map((text) => Network.parse(text));
    const copies = evaluated(toSource(networks));
    for (const [i, network] of networks.entries()) expect(copies[i]).toHaveProperty('document', network.document);
  });

  it('with a list of very many items has them as data', () => {
    const hostnames = Array.from({ length: 1001 }, (_, i) => ({ ip: '10.0.0.9', hostnames: [`h${i}`] }));
    const code = codeOf(NatNetwork.create('many').with({ dns: { hosts: hostnames } }));
    expect(code).not.toContain('.dnsHost(');
    expect(code).toContain("{ ip: '10.0.0.9', hostnames: ['h1000'] },");
  });
});

describe('the source of a bridge of a host', () => {
  it('is what a person writes', () => {
    const bridge = HostBridge.create('br0')
      .bond('bond0', { devices: ['eno1', 'eno2'], mode: '802.3ad' })
      .vlanPort('eno3', 20, { isolated: true })
      .stp({ forwardDelay: 4 })
      .dhcp4({ clientId: 'mac' })
      .address('fd00::2/64')
      .gateway('fd00::1')
      .dns(['10.1.1.1'], ['lan.example']);
    expect(codeOf(bridge)).toBe(`export const br0 = HostBridge.create('br0')
  .bond('bond0', { devices: ['eno1', 'eno2'], mode: '802.3ad' })
  .vlanPort('eno3', 20, { isolated: true })
  .stp({ forwardDelay: 4 })
  .dhcp4({ clientId: 'mac' })
  .address('fd00::2/64')
  .gateway('fd00::1')
  .dns(['10.1.1.1'], ['lan.example']);
`);
  });
});

describe("the source of a guest's NIC", () => {
  it.each<[SourceValue, string]>([
    [
      NetworkNic.create('lab', { mac: '52:54:00:00:00:01', portGroup: 'web', vlan: 5 }),
      "labNic = NetworkNic.create('lab', { mac: '52:54:00:00:00:01', vlan: 5, portGroup: 'web' });",
    ],
    [
      BridgeNic.create('br0').withFilter('clean-traffic', { IP: ['10.0.0.1', '10.0.0.2'] }),
      "bridgeNic = BridgeNic.create('br0').withFilter('clean-traffic', { IP: ['10.0.0.1', '10.0.0.2'] });",
    ],
    [UserNic.create().withPasst(), 'userNic = UserNic.create().withPasst();'],
    [GuestNic.parse("<interface type='user'/>"), "userNic = GuestNic.from({ type: 'user' });"],
    [
      GuestNic.parse("<interface type='newer'/>", { unknownWords: 'keep' }),
      "otherNic = GuestNic.from({ extra: { attributes: { type: 'newer' } } });",
    ],
  ])('%s is short', (nic, code) => {
    expect(codeOf(nic)).toBe(`export const ${code}\n`);
  });
});

it('the source of a filter is what a person writes', () => {
  const filter = NwFilter.create('web')
    .include('clean-traffic', { IP: '10.0.0.5' })
    .allow('in', { protocol: 'tcp', ports: ['8000-8999'], from: '10.0.0.0/8' })
    .drop('inout', { protocol: 'all' }, { priority: 1000 });
  expect(codeOf(filter)).toBe(`export const web = NwFilter.create('web')
  .include('clean-traffic', { IP: '10.0.0.5' })
  .allow('in', { protocol: 'tcp', ports: '8000-8999', from: '10.0.0.0/8' })
  .drop('inout', { protocol: 'all' }, { priority: 1000 });
`);
});

describe('the name of a constant', () => {
  it.each([
    ['my-lab', 'myLab'],
    ['LAN', 'lan'],
    ['MyLab', 'myLab'],
    ['default', 'defaultNetwork'],
    ['await', 'awaitNetwork'],
    ['require', 'requireNetwork'],
    ['10-lab', 'network10Lab'],
    ['büro', 'büro'],
    ['网络', '网络'],
    ['...', 'network'],
    ["x'; process.exit(1); '", 'xProcessExit1'],
    ['a\u200bb\u202e', 'aB'],
    ['__proto__', 'proto'],
  ])('%s is %s', (name, identifier) => {
    expect(identifierOf(name)).toBe(identifier);
  });

  it('is one for each value of a list', () => {
    const text = toSource([NatNetwork.create('lab'), NatNetwork.create('lab'), NetworkNic.create('lab')]);
    expect([...text.matchAll(/const (\S+) =/g)].map(([, name]) => name)).toEqual(['lab', 'lab2', 'labNic']);
  });

  it('can be chosen', () => {
    expect(toSource(NatNetwork.create('lab'), { identifier: 'mine' })).toContain('export const mine = ');
  });

  it.each(['default', 'a-b', '1a', '', 'NatNetwork', 'a b', "x'"])('cannot be "%s"', (identifier) => {
    expect(thrown(() => toSource(NatNetwork.create('lab'), { identifier }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('cannot be chosen for a list', () => {
    const lab = NatNetwork.create('lab');
    expect(thrown(() => toSource([lab, lab], { identifier: 'a' }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('texts that are hard to write', () => {
  const TEXTS = [
    "it's",
    `"both" of 'them'`,
    'a\\b\n\r\t\0\u2028\u2029\u202e\u200b\ufeff\u00a0',
    '`$'.concat('{x}`'),
    '*/ //',
    '\ud800',
    '😀',
    '</script>',
    'x'.repeat(300),
  ];

  it.each(TEXTS)('%j comes back', (text) => {
    const network = NatNetwork.create(text)
      .description(text)
      .withMetadata({
        type: 'element',
        name: 'a:b',
        attributes: JSON.parse(`{ "xmlns:a": "urn:a", "__proto__": ${JSON.stringify(text)} }`),
        children: [{ type: 'text', text, cdata: true }],
      });
    const source = toSource(network);
    expect(evaluated(source)[0]).toHaveProperty('document', network.document);
    expect(Object.keys((evaluated(source)[0] as NatNetwork).document.metadata?.[0]?.attributes ?? {})).toContain(
      '__proto__',
    );
    expect(source).not.toMatch(/[^\n\P{C}]|[\u2028\u2029\u00a0]/u);
  });
});

describe('toSource refuses', () => {
  it.each([[undefined], [null], ['lab'], [{}], [[]], [FilterBinding.from({ portdev: { name: 'vnet0' } } as never)]])(
    '%s',
    (value) => {
      expect(thrown(() => toSource(value as never))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );

  it.each([
    ['{"name":"n","mtu":{"size":"1500"}}', 'mtu.size'],
    ['{"name":"n","ipv6":"yes"}', 'ipv6'],
    ['{"name":"n","ips":[{"prefix":24}]}', 'ips[0].address'],
    ['{"name":"n","colour":"red"}', 'colour'],
    ['{"name":"n","dns":{"hosts":[{"ip":"10.0.0.1","hostnames":"a"}]}}', 'dns.hosts[0].hostnames'],
    ['{"name":"n","extra":{"attributes":{"a":1}}}', 'extra'],
    ['{"name":"n","metadata":["x"]}', 'metadata'],
    ['{"name":7}', 'name'],
  ])('the network %s, since a compiler would', (json, path) => {
    expect(thrown(() => toSource(Network.from(JSON.parse(json))))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(`: ${path} is not of its type`),
    });
  });

  it('a bridge with parts of a wrong type', () => {
    const bridge = HostBridge.from(JSON.parse('{"name":"br0","mtu":"1500"}'));
    expect(thrown(() => toSource(bridge))).toMatchObject({
      message: expect.stringContaining('mtu is not of its type'),
    });
  });

  it('unknown options', () => {
    expect(thrown(() => toSource(defaultNetwork(), { name: 'x' } as never))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
