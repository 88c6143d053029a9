import { type Issue, LibvirtError } from '../../errors/index.js';
import { type NetworkDocument, networkTable } from '../network/network.js';
import { pathKeys } from '../path.js';
import { NEWEST_RELEASE, type ReleaseOption, releaseNumber } from '../release.js';
import { checkAddressing } from './addressing.js';
import { type Found, ruleContext } from './context.js';
import { checkDns } from './dns.js';
import { checkForward } from './forward.js';
import { checkIdentity } from './identity.js';
import { isLookedAt } from './ignored-by-libvirt.js';
import { inspect } from './inspect.js';
import { issueOf } from './issue.js';
import { checkModes } from './modes.js';
import { documentOrder } from './order.js';
import { checkPortForwards } from './port-forwards.js';
import { checkPorts } from './ports.js';
import { isConsequence } from './suppressed.js';
import { checkUnsafe } from './unsafe.js';
import { checkMeaning } from './warnings.js';

/** The release that a call names, as a number. Throws `INVALID_ARGUMENT` for other text, and for options that are none. */
export function releaseOf(options: ReleaseOption): number {
  // The compiler keeps such calls out, but not of plain JavaScript.
  if (typeof options !== 'object' || options === null)
    throw new LibvirtError('INVALID_ARGUMENT', 'options must be an object', { hint: "such as { libvirt: '11.3.0' }" });
  const { libvirt = NEWEST_RELEASE } = options;
  const number = releaseNumber(libvirt);
  if (number !== undefined) return number;
  throw new LibvirtError('INVALID_ARGUMENT', `'${libvirt}' is not a libvirt release`, { hint: "write it as '11.3.0'" });
}

/** The rules that libvirt has itself, for a document whose shape is known to be right, in libvirt's order of elements. */
export function libvirtRules(document: NetworkDocument, release: number): Found[] {
  const found: Found[] = [];
  const context = ruleContext(document, release, found);
  checkIdentity(context);
  checkPorts(context);
  checkDns(context);
  checkAddressing(context);
  checkForward(context);
  checkModes(context);
  checkUnsafe(context);
  return found;
}

/** Every rule that a document breaks, in no particular order; shape first. */
export function findProblems(document: NetworkDocument, release: number): Found[] {
  const shape: Found[] = [];
  const context = ruleContext(document, release, shape);
  // Every field of the copy has the type that its table says.
  const clean = inspect(networkTable, document, undefined, context) as unknown as NetworkDocument;
  // What is missing where libvirt never looks is not missed.
  const isMissed = ({ rule, path, params }: Found): boolean =>
    params['value'] !== undefined || isLookedAt(rule, pathKeys(path), clean, release);
  const unread = new Set(shape.map(({ path }) => path));
  const broken = libvirtRules(clean, release);
  checkMeaning(ruleContext(clean, release, broken));
  checkPortForwards(ruleContext(clean, release, broken));
  return [...shape.filter(isMissed), ...broken.filter((one) => !isConsequence(one, unread))];
}

/**
 * Lists everything that is wrong with a document, and everything that libvirt would take otherwise than
 * it is probably meant, in document order.
 *
 * @param document - need not be valid in any way
 * @param options - the libvirt release to judge by
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for a release that is none
 */
export function checkNetwork(document: NetworkDocument, options: ReleaseOption = {}): readonly Issue[] {
  const found = findProblems(document, releaseOf(options));
  return found.sort(documentOrder(networkTable)).map((one) => issueOf(one));
}
