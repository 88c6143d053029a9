import { LibvirtError, ValidationError } from '../../src/errors/index.js';
import { writeNetwork } from '../../src/schema/network/codec.js';
import { type NetworkReading, readNetwork } from '../../src/schema/network/read.js';
import { isIdentityConflict, rulesOf } from '../support/libvirt-rules.js';
import type { Verdict } from '../support/oracle.js';

/** The release of the test driver that the rules are compared with. */
export const RELEASE = '9.0.0';

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
