import { describe, expect, it } from 'vitest';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import { expressible, randomBridge } from '../support/bridges.js';
import { cards, kernelFacts, REPORT, wantedFacts } from '../support/kernel.js';
import { needs } from '../support/needs.js';
import { onHosts } from '../support/parsers.js';
import { announce, type Random, runs } from '../support/random.js';

needs('host network programs');

const CARDS = ['eno1', 'eno2', 'eno3'];

/** Without what the kernel of this machine may lack. */
const plainBridge = (random: Random): HostBridge =>
  expressible(randomBridge(random, { cards: CARDS, isPlain: true }), 'iproute2');

const caseOf = (bridge: HostBridge) => {
  const { files, apply } = bridge.render('iproute2');
  const commands = apply.map((command) => command.join(' ').replace('/run/', 'files/run/'));
  return {
    files,
    script: [cards(CARDS), ...commands.map((command) => `${command} || echo FAILED`), REPORT].join('\n'),
  };
};

describe('ip itself understands what is written for it', () => {
  it('and the kernel then has the same bridge', () => {
    const count = runs(300);
    const random = announce('ip batches', count);
    const bridges = Array.from({ length: count }, () => plainBridge(random));
    const printed = onHosts(bridges.map(caseOf));
    bridges.forEach((bridge, i) => {
      const shown = bridge.render('iproute2').files[0]?.content;
      expect(printed[i], shown).not.toContain('FAILED');
      expect(kernelFacts(printed[i] ?? '', bridge), `${shown}${printed[i]?.slice(0, 300)}`).toEqual(
        wantedFacts(bridge),
      );
    });
  });

  it('and is distinguished from a broken variant', () => {
    const bridge = HostBridge.create('br0')
      .port('eno1', { pathCost: 50 })
      .address('10.0.0.2/24')
      .mac('52:54:00:01:02:03');
    const good = caseOf(bridge);
    const changed = (from: string, to: string) => ({
      ...good,
      files: good.files.map((file) => ({ ...file, content: file.content.replace(from, to) })),
    });
    const [asIs = '', other = '', refused] = onHosts([good, changed('cost 50', 'cost 51'), changed('eno1', 'eno9')]);
    expect(kernelFacts(asIs, bridge)).toEqual(wantedFacts(bridge));
    expect(kernelFacts(other, bridge)).not.toEqual(wantedFacts(bridge));
    expect(refused).toContain('FAILED');
  });
});
