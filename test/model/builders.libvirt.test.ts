import { describe, expect, it } from 'vitest';
import { builtNetworks } from '../support/builders.js';
import { needs } from '../support/needs.js';
import { askLibvirt } from '../support/oracle.js';
import { announce, runs } from '../support/random.js';
import { refusedByGrammar } from '../support/xmllint.js';

needs('virsh', 'xmllint', 'libvirt data 11.3');

describe('networks built by calls of random methods', () => {
  it("follow libvirt's grammar", () => {
    const count = runs(2000);
    const random = announce('grammar of built networks', count);
    const texts = Array.from({ length: count }, (_, i) => builtNetworks(random, i).at(-1)?.toXml() ?? '');
    expect(refusedByGrammar(texts).slice(0, 3)).toEqual([]);
  });

  it('are accepted by libvirt, and printed by it as by us', () => {
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
