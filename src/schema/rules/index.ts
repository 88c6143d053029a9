import { type Issue, LibvirtError } from '../../errors/index.js';
import { optionsOf } from '../../options/options.js';
import { type NetworkDocument, networkTable } from '../network/network.js';
import { pathKeys } from '../path.js';
import {
  isNewerThanKnown,
  knownRelease,
  NEWEST_RELEASE,
  RELEASE_OPTION,
  type ReleaseOption,
  releaseNumber,
} from '../release.js';
import { checkAddressing } from './addressing.js';
import { type Found, ruleContext } from './context.js';
import { checkDns } from './dns.js';
import { checkDnsmasq } from './dnsmasq.js';
import { checkForward } from './forward.js';
import { checkIdentity } from './identity.js';
import { isReadByLibvirt } from './ignored-by-libvirt.js';
import { inspect } from './inspect.js';
import { issueOf } from './issue.js';
import { checkModes } from './modes.js';
import { documentOrder } from './order.js';
import { checkPortForwards } from './port-forwards.js';
import { checkPorts } from './ports.js';
import { checkStart } from './start.js';
import { isSuppressed } from './suppressed.js';
import { ruleOf } from './table.js';
import { checkUnsafe } from './unsafe.js';
import { checkMeaning } from './warnings.js';

/**
 * The release that a call names, as a number; newer ones than the newest known count as that one.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for other text, and for options that are not an object
 */
export function releaseOf(options: ReleaseOption): number {
  // The compiler keeps such calls out, but not of plain JavaScript.
  if (typeof options !== 'object' || options === null)
    throw new LibvirtError('INVALID_ARGUMENT', 'options must be an object', { hint: "such as { libvirt: '12.9.0' }" });
  const { libvirt = NEWEST_RELEASE } = options;
  if (releaseNumber(libvirt) !== undefined) return knownRelease(libvirt);
  throw new LibvirtError('INVALID_ARGUMENT', `'${libvirt}' is not a libvirt release`, { hint: "write it as '12.9.0'" });
}

/** The warning for a release that is newer than this library. */
export const releaseFindings = ({ libvirt }: ReleaseOption): Found[] =>
  libvirt !== undefined && isNewerThanKnown(libvirt)
    ? [{ rule: 'RELEASE_UNKNOWN', path: '', params: { value: libvirt, newest: NEWEST_RELEASE } }]
    : [];

/**
 * The rules among which those of libvirt's parser are, for a document whose shape is known to be right, in libvirt's order
 * of elements.
 */
export function parserRules(document: NetworkDocument, release: number): Found[] {
  const found: Found[] = [];
  const context = ruleContext(document, release, found);
  checkIdentity(context);
  checkPorts(context);
  checkDns(context);
  checkAddressing(context);
  checkForward(context);
  checkModes(context);
  return found;
}

/** The rules that libvirt has itself, for such a document. */
export function libvirtRules(document: NetworkDocument, release: number): Found[] {
  const found = parserRules(document, release);
  const context = ruleContext(document, release, found);
  checkStart(context);
  checkDnsmasq(context);
  checkUnsafe(context);
  return found;
}

/** Looks for broken rules in a document whose shape is known to be right. */
export type Rules = (document: NetworkDocument, release: number) => Found[];

/** The rules that keep a network from being defined, and some more. */
const definingRules: Rules = (document, release) => {
  const found = parserRules(document, release);
  checkUnsafe(ruleContext(document, release, found));
  return found;
};

const allRules: Rules = (document, release) => {
  const found = libvirtRules(document, release);
  checkMeaning(ruleContext(document, release, found));
  checkPortForwards(ruleContext(document, release, found));
  return found;
};

/** Every rule that a document breaks, in no particular order; shape first. */
export function findProblems(document: NetworkDocument, release: number, rules = allRules): Found[] {
  const shape: Found[] = [];
  const context = ruleContext(document, release, shape);
  // Every field of the copy has the type that its table says.
  const clean = inspect(networkTable, document, undefined, context) as unknown as NetworkDocument;
  // What is missing where libvirt never looks is not missed.
  const isMissed = ({ rule, path, params }: Found): boolean =>
    params['value'] !== undefined || isReadByLibvirt(rule, pathKeys(path), clean, release);
  const unread = new Set(shape.map(({ path }) => path));
  return [...shape.filter(isMissed), ...rules(clean, release).filter((one) => !isSuppressed(one, unread))];
}

/** Tells whether libvirt would refuse something by the time of `define`; trouble at the start depends on the host. */
export const blocksDefine = ({ severity = 'error', phase }: Pick<Issue, 'phase'> & Partial<Pick<Issue, 'severity'>>) =>
  severity === 'error' && phase !== 'start';

/** Tells whether libvirt would store a network, and then refuse to start it. */
export const blocksStart = ({ severity = 'error', phase }: Pick<Issue, 'phase'> & Partial<Pick<Issue, 'severity'>>) =>
  severity === 'error' && phase === 'start';

/** Tells whether a document has nothing that a start fails for on every host; builds no issues. */
export const isStartable = (document: NetworkDocument, options: ReleaseOption = {}): boolean =>
  !findProblems(document, releaseOf(options)).some(({ rule }) => blocksStart(ruleOf(rule)));

/** Tells whether a document can be defined; builds no issues, so it costs less than {@link checkNetwork}. */
export const isDefinable = (document: NetworkDocument, options: ReleaseOption = {}): boolean =>
  !findProblems(document, releaseOf(options), definingRules).some(({ rule }) => blocksDefine(ruleOf(rule)));

/**
 * Lists everything that is wrong with a document, and everything that libvirt would take otherwise than
 * it is probably meant, in document order.
 *
 * @param document - need not be valid in any way
 * @param given - the libvirt release to judge by
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for text that is not a release
 */
export function checkNetwork(document: NetworkDocument, given: ReleaseOption = {}): readonly Issue[] {
  const options = optionsOf(given, RELEASE_OPTION, 'checkNetwork');
  const found = [...findProblems(document, releaseOf(options)), ...releaseFindings(options)];
  return found.sort(documentOrder(networkTable)).map((one) => issueOf(one));
}
