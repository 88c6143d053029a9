import { describe, expect, it } from 'vitest';
import { type DhcpHost, NatNetwork, Network, type XmlNode } from '../../src/index.js';
import { differences } from '../../src/model/diff.js';
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

  it('a changed value has its path, from and to', () => {
    const [before, after] = [serving().domain('lab.test'), serving().domain('other.test')];
    expect(before.diff(after)).toEqual([{ path: 'domain.name', from: 'lab.test', to: 'other.test' }]);
  });

  it('one more item in front is one difference', () => {
    const [few, many] = [serving(guest(2), guest(3)), serving(guest(9), guest(2), guest(3))];
    expect(few.diff(many)).toEqual([{ path: `${HOSTS}[0]`, to: guest(9) }]);
    expect(many.diff(few)).toEqual([{ path: `${HOSTS}[0]`, from: guest(9) }]);
  });

  it('a change inside of an item is told there, whatever else comes and goes', () => {
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
    const count = runs(5000);
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
