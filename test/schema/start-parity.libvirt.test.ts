import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Network } from '../../src/model/network.js';
import { writeNetwork } from '../../src/schema/network/codec.js';
import type { NetworkDocument } from '../../src/schema/network/network.js';
import { checkNetwork } from '../../src/schema/rules/index.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { askLibvirt, type Kind, networks, type Verdict } from '../support/oracle.js';
import { announce, runs } from '../support/random.js';
import { startCase } from './start-cases.js';

needs('daemon of every release');

/** A network that libvirt starts and stops, without a definition that stays. */
const started: Kind = {
  ...networks,
  before: 'net-list',
  define: 'net-create',
  dump: (name) => `net-destroy --network='${name}'`,
};

/** Starts that one virsh makes, so that it ends in time: each may wait for an IPv6 address. */
const AT_ONCE = 10;

const errorsOf = (document: NetworkDocument, libvirt: string): string[] =>
  checkNetwork(document, { libvirt }).flatMap(({ code, severity, phase }) =>
    severity === 'error' && phase === 'start' ? [code] : [],
  );

describe.each(RELEASES)('what libvirt %s refuses to start is what we say', (release) => {
  const libvirt = `${release}.0`;

  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon(release, { firewallBackend: 'nftables' });
  });
  afterAll(() => daemon.stop());

  function start(documents: readonly string[]): Verdict[] {
    const slices = Array.from({ length: Math.ceil(documents.length / AT_ONCE) }, (_, i) =>
      documents.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
    );
    return slices.flatMap((slice) => askLibvirt(slice, started, daemon));
  }

  it('on generated networks that it defines', { timeout: runs(3_600_000, 300_000) }, () => {
    const count = runs(300, 8);
    const random = announce(`starts on ${release}`, count);
    const documents = Array.from({ length: count }, () => startCase(random)).filter((document) =>
      Network.from(document)
        .validate({ libvirt })
        .every(({ severity, phase }) => severity === 'warning' || phase === 'start'),
    );
    const texts = documents.map((document) => writeNetwork(document, libvirt));
    const verdicts = start(texts);
    const wrong = documents.flatMap((document, i) => {
      const [ours, theirs] = [errorsOf(document, libvirt), verdicts[i]?.error];
      if (ours.length > 0 === (theirs !== undefined)) return [];
      return [`libvirt: ${theirs ?? 'starts it'}\nwe: ${ours.join(' ') || 'nothing'}\n--- for\n${texts[i]}`];
    });
    const refused = verdicts.filter(({ error }) => error !== undefined).length;
    console.log(
      `${documents.length} networks, libvirt ${release} refused ${refused} starts, mismatches ${wrong.length}`,
    );
    expect(wrong.slice(0, Number(process.env['SHOW'] ?? 5)).join('\n\n')).toBe('');
    expect(refused).toBeGreaterThan(0);
  });
});
