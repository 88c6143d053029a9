import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Network } from '../../src/index.js';
import { available, corpus, hasCorpus } from '../support/corpus.js';
import { MODES, networkOf } from '../support/networks.js';
import { askLibvirt, hasOracle } from '../support/oracle.js';
import { announce, runs } from '../support/random.js';

const hasXmllint = () => available('xmllint (package libxml2-utils)', spawnSync('xmllint', ['--version']).status === 0);

/** The documents that do not follow libvirt's grammar, with what xmllint says. */
function refusedByGrammar(documents: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  try {
    documents.forEach((document, i) => {
      writeFileSync(join(folder, `${i}.xml`), document);
    });
    const schema = corpus('libvirt-11.3.0', 'schemas', 'network.rng');
    const { stderr } = spawnSync('xmllint', ['--noout', '--relaxng', schema, ...documents.map((_, i) => `${i}.xml`)], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return [...stderr.matchAll(/^(\d+)\.xml fails to validate/gm)].map(
      ([, i]) =>
        `${documents[Number(i)]}\n${stderr
          .split('\n')
          .filter((line) => line.startsWith(`${i}.xml:`))
          .join('\n')}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('what the classes print', () => {
  it.runIf(hasCorpus() && hasXmllint())("follows libvirt's grammar, for networks of all kinds", () => {
    const count = runs(2000);
    const random = announce('grammar', count);
    const documents = Array.from({ length: count }, (_, i) =>
      Network.from(networkOf(random, MODES[i % MODES.length])).toXml(),
    );
    expect(refusedByGrammar(documents).slice(0, 3)).toEqual([]);
    expect(refusedByGrammar(['<network><name>a</name><nonsense/></network>']).length).toBe(1);
  });

  it.runIf(hasOracle())('is accepted by libvirt, and read back as the same network', () => {
    const count = runs(2000);
    const random = announce('accepted by libvirt', count);
    const networks = Array.from({ length: count }, (_, i) => Network.from(networkOf(random, MODES[i % MODES.length])));
    const verdicts = askLibvirt(networks.map((network) => network.toXml({ libvirt: '9.0.0' })));
    expect(
      verdicts.filter(({ error }) => error !== undefined && !/already exists|already defined/.test(error)).slice(0, 3),
    ).toEqual([]);
    for (const network of networks) expect(Network.parse(network.toXml()).equals(network)).toBe(true);
  });
});
