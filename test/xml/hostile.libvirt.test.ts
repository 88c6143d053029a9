import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LibvirtError } from '../../src/errors/index.js';
import { writeNetwork } from '../../src/schema/network/codec.js';
import { readXml } from '../../src/xml/read.js';
import { injure, outcome } from '../support/injured.js';
import { needs } from '../support/needs.js';
import { networkOf } from '../support/networks.js';
import { announce, runs } from '../support/random.js';
import { run } from '../support/run.js';

needs('xmllint');

/** Which of the documents libxml2 takes for well-formed. */
function askLibxml(documents: readonly string[]): boolean[] {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  try {
    documents.forEach((document, i) => {
      writeFileSync(join(folder, `${i}.xml`), document);
    });
    const refused = new Set<number>();
    for (let from = 0; from < documents.length; from += 500) {
      const files = Array.from({ length: Math.min(500, documents.length - from) }, (_, i) => `${from + i}.xml`);
      const { stderr } = run('xmllint', ['--noout', '--nonet', ...files], { cwd: folder });
      for (const [, i] of stderr.matchAll(/^(\d+)\.xml:\d+: parser error/gm)) refused.add(Number(i));
    }
    return documents.map((_, i) => !refused.has(i));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('libxml2 agrees which mutated documents are well-formed', () => {
  const count = runs(20_000);
  const random = announce('mutated documents and libxml2', count);
  const documents = Array.from({ length: count }, () => injure(random, writeNetwork(networkOf(random))));
  const theirs = askLibxml(documents);
  const wrong = documents.filter(
    (document, i) => (outcome(document) === 'value') !== theirs[i] && !isOurRefusal(document),
  );
  expect(wrong.slice(0, 3)).toEqual([]);
});

/**
 * What we refuse and libxml2 takes: document types, names that cannot be held, encodings other than UTF-8; lone
 * surrogates, which no file can hold; and a NUL behind the root, which it takes for the end of the text.
 */
function isOurRefusal(document: string): boolean {
  if (/<!DOCTYPE|__proto__|\p{Surrogate}|<\/network>\s*\0/u.test(document)) return true;
  try {
    readXml(document);
    return false;
  } catch (error) {
    return LibvirtError.is(error) && /encoding|nested deeper/.test(error.message);
  }
}
