import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libvirtData } from './corpus.js';
import { run } from './run.js';

/** The documents that do not follow libvirt's grammar of networks, with what xmllint says. */
export function refusedByGrammar(documents: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  try {
    documents.forEach((document, i) => {
      writeFileSync(join(folder, `${i}.xml`), document);
    });
    const schema = libvirtData('11.3').path('src/conf/schemas/network.rng');
    const { stderr } = run('xmllint', ['--noout', '--relaxng', schema, ...documents.map((_, i) => `${i}.xml`)], {
      cwd: folder,
    });
    // Each file is judged on a line of its own; anything less is not a verdict.
    const judged = [...stderr.matchAll(/^(\d+)\.xml (validates|fails to validate)/gm)];
    if (judged.length !== documents.length) throw new Error(`xmllint judged ${judged.length} of ${documents.length}`);
    return judged.flatMap(([, i, verdict]) =>
      verdict === 'validates' ? [] : [`${documents[Number(i)]}\n${linesOf(stderr, Number(i))}`],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const linesOf = (stderr: string, i: number): string =>
  stderr
    .split('\n')
    .filter((line) => line.startsWith(`${i}.xml:`))
    .join('\n');
