import { describe, expect, it } from 'vitest';
import { type AnyNetwork, type DhcpHost, IsolatedNetwork, NatNetwork, Network } from '../../src/index.js';
import { differences } from '../../src/model/diff.js';
import type { XmlNode } from '../../src/xml-entry.js';
import { MODES, networkOf } from '../support/networks.js';
import { announce, type Random, runs } from '../support/random.js';

const guest = (n: number, name?: string): DhcpHost => ({
  mac: `52:54:00:00:00:0${n}`,
  ip: `192.168.50.${n}`,
  ...(name === undefined ? {} : { name }),
});
const serving = (...hosts: DhcpHost[]) =>
  NatNetwork.create('n').subnet('192.168.50.1/24', (subnet) => hosts.reduce((one, host) => one.host(host), subnet));
const HOSTS = 'ips[0].dhcp.hosts';

describe('differences', () => {
  it('defaults and spelling are none', () => {
    const spelled = NatNetwork.create('n').subnet('2001:DB8:0::1/64').bridge('b', { stp: true, delay: 0 });
    const plain = NatNetwork.create('n').subnet('2001:db8::1/64').bridge('b');
    expect(spelled.diff(plain)).toEqual([]);
    expect(spelled.equals(plain)).toBe(true);
  });

  const network = (inside: string) => Network.parse(`<network><name>n</name>${inside}</network>`);
  const nat = (inside: string) => network(`<forward mode='nat'>${inside}</forward><ip address='10.0.0.1'/>`);
  const metadata = (inside: string) => network(`<metadata>${inside}</metadata>`);
  const host = (attributes: string) =>
    network(`<ip address='10.0.0.1'><dhcp><host ip='10.0.0.2' ${attributes}/></dhcp></ip>`);
  const route = (attributes: string) => network(`<ip address='10.0.0.1'/><route gateway='10.0.0.2' ${attributes}/>`);
  const DNSMASQ = 'http://libvirt.org/schemas/network/dnsmasq/1.0';

  const ALIKE: Readonly<Record<string, readonly [AnyNetwork, AnyNetwork]>> = {
    'the family of a subnet': [network("<ip family='ipv4' address='10.0.0.1'/>"), network("<ip address='10.0.0.1'/>")],
    'local reverse lookups': [network("<ip address='10.0.0.1' localPtr='no'/>"), network("<ip address='10.0.0.1'/>")],
    'a netmask': [
      network("<ip address='10.0.0.1' netmask='255.255.255.0'/>"),
      network("<ip address='10.0.0.1' prefix='24'/>"),
    ],
    'no prefix': [network("<ip address='192.168.0.1'/>"), network("<ip address='192.168.0.1' prefix='24'/>")],
    'the metric of a route': [
      route("address='10.1.0.0' prefix='16' metric='1'"),
      route("address='10.1.0.0' prefix='16'"),
    ],
    'the netmask of a route': [
      route("family='ipv4' address='10.1.0.0' netmask='255.255.0.0'"),
      route("address='10.1.0.0' prefix='16'"),
    ],
    'DNS that is on': [network("<dns enable='yes' forwardPlainNames='yes'/>"), network('')],
    'a domain': [network("<domain name='a' localOnly='no' register='no'/>"), network("<domain name='a'/>")],
    'the kernel’s MAC table': [network("<bridge name='b' macTableManager='kernel'/>"), network("<bridge name='b'/>")],
    'ports that are not isolated': [network("<port isolated='no'/>"), network('')],
    'ports of NAT': [nat("<nat ipv6='no'><port start='1024' end='65535'/></nat>"), nat('')],
    'the MAC address of a reservation': [host("mac='52:54:0:A:B:C'"), host("mac='52:54:00:0a:0b:0c'")],
    'another prefix of a namespace': [
      network(`<q:options xmlns:q='${DNSMASQ}'><q:option value='a'/></q:options>`),
      IsolatedNetwork.create('n').dnsmasqOption('a'),
    ],
    'metadata that libvirt drops': [
      metadata("<a xmlns='urn:a'/><b/><a:b xmlns:a='urn:a'/><b xmlns='urn:b'/>"),
      metadata("<a xmlns='urn:a'/><b xmlns='urn:b'/>"),
    ],
  };
  for (const [what, [one, two]] of Object.entries(ALIKE))
    it(`does not report what libvirt does anyway: ${what}`, () => {
      expect(one.diff(two)).toEqual([]);
      expect(two.equals(one)).toBe(true);
    });

  const group = (attributes: string) => network(`<portgroup name='g'${attributes}/>`).trustGuestRxFilters();
  const UNLIKE: Readonly<Record<string, readonly [AnyNetwork, AnyNetwork]>> = {
    // Without firewalld such a network does not start.
    'the zone of a bridge': [network("<bridge zone='libvirt'/>"), network('')],
    'the lease time of dnsmasq': [
      network("<ip address='10.0.0.1'><dhcp><host name='a' ip='10.0.0.2'><lease expiry='60'/></host></dhcp></ip>"),
      network("<ip address='10.0.0.1'><dhcp><host name='a' ip='10.0.0.2'/></dhcp></ip>"),
    ],
    // It takes back what the network allows.
    'filters of a port group': [group(" trustGuestRxFilters='no'"), group('')],
    'other ports of NAT': [nat("<nat><port start='1024' end='65534'/></nat>"), nat('')],
    'a netmask with gaps': [
      network("<ip address='10.0.0.1' netmask='255.0.255.0'/>"),
      network("<ip address='10.0.0.1'/>"),
    ],
    'the first of a namespace': [metadata("<a xmlns='urn:a'/><b xmlns='urn:a'/>"), metadata("<b xmlns='urn:a'/>")],
  };
  for (const [what, [one, two]] of Object.entries(UNLIKE))
    it(`what makes a difference to libvirt is one: ${what}`, () => {
      expect(one.equals(two)).toBe(false);
      expect(two.equals(one)).toBe(false);
    });

  it('a changed value has its path, from and to', () => {
    const [before, after] = [serving().domain('lab.test'), serving().domain('other.test')];
    expect(before.diff(after)).toEqual([{ path: 'domain.name', from: 'lab.test', to: 'other.test' }]);
  });

  it('the size of a subnet is reported as a prefix', () => {
    const masked = (netmask: string) => network(`<ip address='10.0.0.1' netmask='${netmask}'/>`);
    expect(masked('255.255.255.0').diff(masked('255.255.0.0'))).toEqual([{ path: 'ips[0].prefix', from: 24, to: 16 }]);
  });

  it('one more item in front is one difference', () => {
    const [few, many] = [serving(guest(2), guest(3)), serving(guest(9), guest(2), guest(3))];
    expect(few.diff(many)).toEqual([{ path: `${HOSTS}[0]`, to: guest(9) }]);
    expect(many.diff(few)).toEqual([{ path: `${HOSTS}[0]`, from: guest(9) }]);
  });

  it('a change inside of an item is reported there, whatever else comes and goes', () => {
    expect(serving(guest(2), guest(3)).diff(serving(guest(9), guest(3, 'db')))).toEqual([
      { path: `${HOSTS}[0].mac`, from: guest(2).mac, to: guest(9).mac },
      { path: `${HOSTS}[0].ip`, from: guest(2).ip, to: guest(9).ip },
      { path: `${HOSTS}[1].name`, to: 'db' },
    ]);
  });

  it('an item that moved is gone from one place and new at another', () => {
    const [before, after] = [serving(guest(2), guest(3), guest(4)), serving(guest(3), guest(4), guest(2))];
    expect(before.diff(after)).toEqual([
      { path: `${HOSTS}[0]`, from: guest(2) },
      { path: `${HOSTS}[2]`, to: guest(2) },
    ]);
    expect(before.equals(after)).toBe(false);
  });

  it('the order of what is in the metadata counts too', () => {
    const noted = (...children: XmlNode[]) =>
      serving().withMetadata({ type: 'element', name: 'a:note', attributes: { 'xmlns:a': 'urn:a' }, children });
    const [one, two]: XmlNode[] = [
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ];
    if (one === undefined || two === undefined) throw new Error('two texts');
    expect(noted(one, two).equals(noted(two, one))).toBe(false);
  });

  it('of large lists are found in a time that people wait for', () => {
    const items = Array.from({ length: 50_000 }, (_, i) => ({ ip: String(i) }));
    expect(differences(items, [...items].reverse()).length).toBe(50_000);
    expect(differences(items, items.slice(1))).toEqual([{ path: '[0]', from: { ip: '0' } }]);
  });
});

/** The list after its differences were followed: what is gone taken out, what is new put in at its place. */
function followed(list: readonly unknown[], changes: readonly ReturnType<typeof differences>[number][]): unknown[] {
  const place = (path: string) => Number(/^\[(\d+)\]$/.exec(path)?.[1]);
  const gone = new Set(changes.filter((change) => !('to' in change)).map(({ path }) => place(path)));
  const result = list.filter((_, i) => !gone.has(i));
  for (const { path, to } of changes.filter((change) => !('from' in change))) result.splice(place(path), 0, to);
  return result;
}

describe('differences of any lists and networks', () => {
  it('of lists lead from the one to the other', () => {
    const count = runs(5000, 200);
    const random = announce('differences of lists', count);
    const listOf = (length: number) => random.list(0, length, () => ({ ip: String(random.int(1, 6)) }));
    for (let i = 0; i < count; i++) {
      // Different lengths, since an item of lists of one length may be changed in place.
      const from = listOf(6);
      const to = [...listOf(6), ...Array.from({ length: 7 }, () => ({ ip: '7' }))];
      expect(followed(from, differences(from, to))).toEqual(to);
      expect(followed(to, differences(to, from))).toEqual(from);
    }
  });

  it('are none exactly when libvirt would be given the same text', () => {
    const count = runs(2000);
    const random = announce('equality', count);
    for (let i = 0; i < count; i++) {
      const one = Network.from(networkOf(random, MODES[i % MODES.length]));
      const two = Network.from(shuffled(random, one.document));
      expect(one.equals(two), one.toXml()).toBe(one.toXml() === two.toXml());
      expect(two.diff(one).length === 0).toBe(one.diff(two).length === 0);
    }
  });
});

/** The same value, some of its lists in another order. */
function shuffled<T>(random: Random, value: T): T {
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => shuffled(random, item));
    if (items.length > 1 && random.chance(0.2)) items.push(items.shift());
    return items as T; // the same items
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shuffled(random, item)])) as T;
}
