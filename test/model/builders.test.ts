import { describe, expect, it } from 'vitest';
import { Network } from '../../src/index.js';
import { builtNetworks, STARTS } from '../support/builders.js';
import { askLibvirt, hasOracle } from '../support/oracle.js';
import { announce, runs } from '../support/random.js';
import { hasXmllint, refusedByGrammar } from '../support/xmllint.js';

/** Everything in a value that could still be changed. */
function unfrozen(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, item]) => unfrozen(item, `${path}.${key}`));
  return Object.isFrozen(value) ? inside : [path, ...inside];
}

describe('networks built by calls of random methods', () => {
  it('are read back from their own text as equal networks of the same class', () => {
    const count = runs(2000);
    const random = announce('built networks', count);
    for (let i = 0; i < count; i++) {
      const built = builtNetworks(random, i).at(-1);
      const text = built?.toXml() ?? '';
      const read = Network.parse(text);
      expect(read.diff(built ?? read), text).toEqual([]);
      expect(read.constructor, text).toBe(built?.constructor);
      expect(read.toXml()).toBe(text);
    }
  });

  it('are deeply frozen, and leave the network before as it was', () => {
    const count = runs(2000);
    const random = announce('immutability', count);
    for (let i = 0; i < count; i++) {
      const networks = builtNetworks(random, i);
      const again = networks.map((network) => JSON.stringify(network));
      for (const network of networks) {
        expect(unfrozen(network.document, 'document')).toEqual([]);
        network.toXml();
        network.diff(networks[0] ?? network);
      }
      expect(networks.map((network) => JSON.stringify(network))).toEqual(again);
    }
  });

  it.runIf(hasXmllint())("follow libvirt's grammar", () => {
    const count = runs(2000);
    const random = announce('grammar of built networks', count);
    const texts = Array.from({ length: count }, (_, i) => builtNetworks(random, i).at(-1)?.toXml() ?? '');
    expect(refusedByGrammar(texts).slice(0, 3)).toEqual([]);
  });

  it.runIf(hasOracle())('are accepted by libvirt, and printed by it as by us', () => {
    const count = runs(2000);
    const random = announce('built networks and libvirt', count);
    const texts = Array.from({ length: count }, (_, i) => {
      const uuid = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
      // The test driver does not know the namespace of the dnsmasq options.
      const built = builtNetworks(random, i).at(-1)?.with({ uuid, dnsmasq: undefined });
      return built?.toXml({ libvirt: '9.0.0' }) ?? '';
    });
    const verdicts = askLibvirt(texts);
    expect(
      verdicts.flatMap(({ error }, i) => (error === undefined ? [] : [`${error}\n${texts[i]}`])).slice(0, 3),
    ).toEqual([]);
    const differing = verdicts.filter(({ xml }, i) => withoutMac(xml) !== withoutMac(texts[i]));
    expect(differing.slice(0, 3)).toEqual([]);
  });
});

/** libvirt makes up the bridge's name and MAC address where none is given; the rest must be the same. */
const withoutMac = (xml: string | undefined): string | undefined =>
  xml?.replace(/ {2}<mac address='52:54:00:[^']*'\/>\n/, '').replace(/<bridge name='[^']*'/, '<bridge');

it('every kind is begun', () => {
  const random = announce('kinds', STARTS);
  const kinds = Array.from({ length: STARTS }, (_, i) => builtNetworks(random, i)[0]?.kind);
  expect(new Set(kinds)).toEqual(new Set(['nat', 'route', 'open', 'isolated', 'bridge', 'direct', 'hostdev']));
});
