import { describe, expect, it } from 'vitest';
import { LibvirtError, ValidationError } from '../../src/errors/index.js';
import { encodeNetwork, writeNetwork } from '../../src/schema/network/codec.js';
import { networkTable } from '../../src/schema/network/network.js';
import { type NetworkReading, readNetwork } from '../../src/schema/network/read.js';
import { writeXml } from '../../src/xml/write.js';
import { isIdentityConflict, rulesOf } from '../support/libvirt-rules.js';
import { mutate } from '../support/mutate.js';
import { networkOf } from '../support/networks.js';
import { askLibvirt, hasOracle, type Verdict } from '../support/oracle.js';
import { announce, type Random, runs } from '../support/random.js';

const RELEASE = '9.0.0';

interface Ours {
  readonly reading?: NetworkReading;
  readonly codes: readonly string[];
}

function ask(xml: string): Ours {
  try {
    return { reading: readNetwork(xml, { libvirt: RELEASE }), codes: [] };
  } catch (error) {
    if (error instanceof ValidationError) return { codes: error.issues.map((issue) => issue.code) };
    if (LibvirtError.is(error)) return { codes: ['XML'] };
    throw error;
  }
}

/** What our verdict has against libvirt's; nothing when they agree. */
export function divergence(xml: string, theirs: Verdict): string | undefined {
  const ours = ask(xml);
  const refused = theirs.error !== undefined && !isIdentityConflict(theirs.error);
  if (!refused) {
    if (ours.codes.length > 0) return `libvirt accepts, we say ${ours.codes.join(' ')}`;
    return theirs.xml === undefined || theirs.xml === '\n' || ours.reading === undefined
      ? undefined
      : printDivergence(ours.reading, theirs.xml);
  }
  const rules = rulesOf(theirs.error ?? '');
  if (rules.length === 0) return `unknown refusal: ${theirs.error}`;
  return rules.some((rule) => ours.codes.includes(rule))
    ? undefined
    : `libvirt says ${rules.join('|')} (${theirs.error}), we say ${ours.codes.join(' ') || 'nothing'}`;
}

/** The test driver makes up a uuid where there is none; everything else it prints is the parser's. */
function printDivergence(reading: NetworkReading, theirs: string): string | undefined {
  const { extra: _, ...known } = reading.document;
  const uuid = /<uuid>(.*)<\/uuid>/.exec(theirs)?.[1] ?? '';
  const ours = writeNetwork({ uuid, ...known }, RELEASE);
  if (JSON.stringify(reading.document).includes('"extra"')) return undefined; // we keep what libvirt drops
  return ours === theirs ? undefined : `libvirt prints\n${theirs}\nwe print\n${ours}`;
}

function candidate(random: Random): string {
  const { dnsmasq: _, ...document } = networkOf(random); // the test driver does not know this namespace
  let root = encodeNetwork(document, RELEASE);
  for (let i = random.pick([0, 1, 1, 1, 2, 2, 3]); i > 0; i--) root = mutate(random, root, networkTable);
  return writeXml(root);
}

describe.runIf(hasOracle())("our verdict is libvirt's", () => {
  it('on generated documents, valid and broken', () => {
    const count = runs(3000);
    const random = announce('verdict parity', count);
    const documents = Array.from({ length: count }, () => candidate(random));
    const verdicts = askLibvirt(documents);
    const wrong = documents.flatMap((xml, i) => {
      const problem = divergence(xml, verdicts[i] ?? {});
      return problem === undefined ? [] : [`${problem}\n--- for\n${xml}`];
    });
    const refused = verdicts.filter((verdict) => verdict.error !== undefined).length;
    console.log(`${count} documents, libvirt refused ${refused}, mismatches ${wrong.length}`);
    expect(wrong.slice(0, Number(process.env['SHOW'] ?? 5)).join('\n\n')).toBe('');
  });
});
