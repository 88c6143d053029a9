import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LibvirtError } from '../../src/errors/index.js';
import { writeNetwork } from '../../src/schema/network/codec.js';
import { inspectNetwork } from '../../src/schema/network/read.js';
import { readXml } from '../../src/xml/read.js';
import { available } from '../support/corpus.js';
import { networkOf } from '../support/networks.js';
import { announce, type Random, runs } from '../support/random.js';

const FRAGMENTS = [
  '<',
  '>',
  '&',
  "'",
  '"',
  '/',
  '<!--',
  '-->',
  ']]>',
  '<![CDATA[',
  '&#0;',
  '&#65;',
  '&lt',
  '<?x?>',
  '</',
  '<a>',
  '\u0000',
  '\u0001',
  '\ufffe',
  '\r\n',
  '=',
  ' ',
  'ä',
  '😀',
  '\ud83d',
  '<!DOCTYPE a>',
  '<__proto__/>',
  'xmlns=',
  ':',
  '--',
  '{{ x }}',
];

/** One to four small injuries anywhere in a text. */
function injure(random: Random, source: string): string {
  let text = source;
  for (let i = random.int(1, 4); i > 0; i--) {
    const at = random.int(0, text.length);
    const length = random.pick([0, 0, 1, 1, 2, 5, 30]);
    const middle = random.pick([
      () => '',
      () => random.pick(FRAGMENTS),
      () => text.slice(at, at + 20),
      () => String.fromCharCode(random.int(0, 0xffff)),
    ])();
    text = text.slice(0, at) + middle + text.slice(at + length);
  }
  return text;
}

function outcome(source: string): 'value' | 'refused' {
  try {
    inspectNetwork(source);
    return 'value';
  } catch (error) {
    if (LibvirtError.is(error)) return 'refused';
    throw error;
  }
}

const hasXmllint = () => available('xmllint (package libxml2-utils)', spawnSync('xmllint', ['--version']).status === 0);

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
      const { stderr } = spawnSync('xmllint', ['--noout', '--nonet', ...files], {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      for (const [, i] of stderr.matchAll(/^(\d+)\.xml:\d+: parser error/gm)) refused.add(Number(i));
    }
    return documents.map((_, i) => !refused.has(i));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('hostile input', () => {
  it('mutated documents end in a value or a typed error, and libxml2 agrees which', () => {
    const count = runs(20_000);
    const random = announce('mutated documents', count);
    const documents = Array.from({ length: count }, () => injure(random, writeNetwork(networkOf(random))));
    const ours = documents.map(outcome);
    console.log(`${ours.filter((one) => one === 'value').length} of ${count} were still XML`);
    if (!hasXmllint()) return;
    const theirs = askLibxml(documents);
    const wrong = documents.filter((document, i) => (ours[i] === 'value') !== theirs[i] && !isOurRefusal(document));
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('large and deep documents end in a value or a typed error', () => {
    const big = 'x'.repeat(10_000_000);
    expect(outcome(`<network><name>a</name><bridge name='${big}'/></network>`)).toBe('value');
    expect(outcome(`<network><name>${big}</name></network>`)).toBe('value');
    expect(outcome(`<network>${'<a>'.repeat(100_000)}`)).toBe('refused');
    expect(outcome('<'.repeat(1_000_000))).toBe('refused');
    expect(outcome(`<a${' '.repeat(1_000_000)}`)).toBe('refused');
    expect(outcome(`<a ${'b="1" '.repeat(100_000)}/>`)).toBe('refused');
    expect(outcome(`<network><name>a</name>${'<ip/>'.repeat(100_000)}</network>`)).toBe('value');
    expect(
      outcome(`<network ${Array.from({ length: 100_000 }, (_, i) => `a${i}="1"`).join(' ')}><name>a</name></network>`),
    ).toBe('value');
    expect(outcome(`<network><name>a</name><!--${'-'.repeat(1_000_000)}</network>`)).toBe('refused');
    expect(outcome(`<a>${'&'.repeat(1_000_000)}</a>`)).toBe('refused');
    expect(outcome(`<network><name>a</name>${'&amp;'.repeat(1_000_000)}</network>`)).toBe('value');
  });

  it('no document changes what plain objects have', () => {
    inspectNetwork("<network __proto__='x' constructor='y'><name>a</name><x:y xmlns:x='u' __proto__='z'/></network>");
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
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
