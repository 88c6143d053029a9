import { LibvirtError, ValidationError } from '../../src/errors/index.js';
import { Network } from '../../src/model/network.js';
import { writeNetwork } from '../../src/schema/network/codec.js';
import type { NetworkDocument } from '../../src/schema/network/network.js';
import { readNetwork } from '../../src/schema/network/read.js';
import { isRuleId, ruleOf } from '../../src/schema/rules/table.js';
import { isHostRefusal, isIdentityConflict, rulesOf } from '../support/libvirt-rules.js';
import type { Verdict } from '../support/oracle.js';

/** The release of the test driver that the rules are compared with. */
export const RELEASE = '9.0.0';

interface Ours {
  readonly document?: NetworkDocument;
  readonly codes: readonly string[];
}

function ask(read: () => NetworkDocument): Ours {
  try {
    return { document: read(), codes: [] };
  } catch (error) {
    if (error instanceof ValidationError) return { codes: error.issues.map((issue) => issue.code) };
    if (LibvirtError.is(error)) return { codes: ['XML'] };
    throw error;
  }
}

/** What our reading has against that of libvirt's test driver; nothing when they agree. */
export function divergence(xml: string, theirs: Verdict): string | undefined {
  const ours = ask(() => readNetwork(xml, { libvirt: RELEASE }).document);
  return verdictDivergence(ours, theirs) ?? printDivergence(ours, theirs, RELEASE);
}

/** What our verdict by the time of `define`, and what we print, have against those of a daemon. */
export function defineDivergence(xml: string, theirs: Verdict, libvirt: string): string | undefined {
  const ours = ask(() => {
    const network = Network.parse(xml, { libvirt });
    network.assertDefinable({ libvirt });
    return network.document;
  });
  // Of what would make libvirt's own output malformed we take less than libvirt does.
  if (theirs.error === undefined && ours.codes.length > 0 && ours.codes.every(isUnsafe)) return undefined;
  return verdictDivergence(ours, theirs) ?? printDivergence(ours, theirs, libvirt);
}

const isUnsafe = (code: string): boolean => isRuleId(code) && ruleOf(code).phase === 'never';

function verdictDivergence({ codes }: Ours, { error }: Verdict): string | undefined {
  if (error === undefined || isIdentityConflict(error))
    return codes.length > 0 ? `libvirt accepts, we say ${codes.join(' ')}` : undefined;
  if (isHostRefusal(error)) {
    const early = codes.filter((code) => isRuleId(code) && ruleOf(code).phase === 'parse');
    return early.length > 0 ? `libvirt parses it, we say ${early.join(' ')}` : undefined;
  }
  const rules = rulesOf(error);
  if (rules.length === 0) return `unknown refusal: ${error}`;
  return rules.some((rule) => codes.includes(rule))
    ? undefined
    : `libvirt says ${rules.join('|')} (${error}), we say ${codes.join(' ') || 'nothing'}`;
}

function printDivergence({ document }: Ours, { xml: theirs = '\n' }: Verdict, release: string): string | undefined {
  if (document === undefined || theirs === '\n') return undefined;
  if (/<forward [^>]*\/>\n {4}<driver /.test(theirs)) return undefined; // misplaced: DRIVER_MODEL_MISPLACED warns of it
  // We keep unknown parts, which libvirt drops.
  const hasUnknown = JSON.stringify(document).includes('"extra"');
  const kept = hasUnknown ? Network.from(document).asStored({ libvirt: release }).document : document;
  const ours = writeNetwork(withMadeUp(kept, theirs), release);
  return ours === theirs ? undefined : `libvirt prints\n${theirs}\nwe print\n${ours}`;
}

/** libvirt makes up a uuid where there is none, and a daemon a MAC and a bridge; everything else it prints is the parser's. */
function withMadeUp(document: NetworkDocument, theirs: string): NetworkDocument {
  const [uuid, mac, name] = [/<uuid>(.*)<\/uuid>/, /\n {2}<mac address='(.*)'/, /\n {2}<bridge name='([^']*)'/].map(
    (made) => made.exec(theirs)?.[1],
  );
  const isNamed = document.bridge?.name !== undefined && !document.bridge.name.includes('%d');
  return {
    ...document,
    ...(document.uuid || uuid === undefined ? {} : { uuid }),
    ...(document.mac?.address !== undefined || mac === undefined ? {} : { mac: { address: mac } }),
    ...(isNamed || name === undefined ? {} : { bridge: { ...document.bridge, name } }),
  };
}
