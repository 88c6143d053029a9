import { describe, expect, it } from 'vitest';
import { Network } from '../../src/index.js';
import { needs } from '../support/needs.js';
import { MODES, networkOf } from '../support/networks.js';
import { askLibvirt } from '../support/oracle.js';
import { announce, runs } from '../support/random.js';
import { refusedByGrammar } from '../support/xmllint.js';

needs('virsh', 'xmllint', 'libvirt data 11.3');

describe('what the classes print', () => {
  it("follows libvirt's grammar, for networks of all kinds", () => {
    const count = runs(2000);
    const random = announce('grammar', count);
    const documents = Array.from({ length: count }, (_, i) =>
      Network.from(networkOf(random, MODES[i % MODES.length])).toXml(),
    );
    expect(refusedByGrammar(documents).slice(0, 3)).toEqual([]);
    expect(refusedByGrammar(['<network><name>a</name><nonsense/></network>']).length).toBe(1);
  });

  it('is accepted by libvirt, and read back as the same network', () => {
    const count = runs(2000);
    const random = announce('accepted by libvirt', count);
    const networks = Array.from({ length: count }, (_, i) => Network.from(networkOf(random, MODES[i % MODES.length])));
    const verdicts = askLibvirt(networks.map((network) => network.toXml({ libvirt: '9.0.0' })));
    expect(
      verdicts.filter(({ error }) => error !== undefined && !/already exists|already defined/.test(error)).slice(0, 3),
    ).toEqual([]);
    for (const network of networks) expect(Network.parse(network.toXml()).diff(network)).toEqual([]);
  });
});
