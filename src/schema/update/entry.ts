import type { XmlElement } from '../../xml/node.js';
import type { Decoded, Finding } from '../decode.js';
import type { NetworkDocument } from '../network/network.js';
import { knownRelease, RELEASE_10 } from '../release.js';
import type { Params } from '../rules/context.js';
import { libvirtRules } from '../rules/index.js';
import { issueOf } from '../rules/issue.js';
import { type RuleId, ruleOf } from '../rules/table.js';
import { Refused } from './refusal.js';

/** Rules that ask for parts which an entry need not have when it is only looked for. */
const OF_WHOLE_ENTRIES: ReadonlySet<RuleId> = new Set(['HOST_KEY_V4', 'HOST_KEY_V6', 'DNS_HOST_NAME']);

/** Refuses an entry for what is wrong with its parts, one by one. */
export function checkEntry({ findings }: Decoded, isPartial: boolean, release: number): void {
  // Of DNS hosts libvirt looks at the names first, since 10.0.
  const isEarly = ({ rule }: Finding): boolean => rule === 'DNS_HOST_NAME' && release >= RELEASE_10;
  const ordered = [...findings].sort((a, b) => Number(isEarly(b)) - Number(isEarly(a)));
  for (const { rule, params, node } of ordered) {
    const { phase, severity = 'error' } = ruleOf(rule);
    const isMissing =
      params['value'] === undefined &&
      (params['attribute'] === undefined || node.attributes[params['attribute']] === undefined);
    if (phase !== 'parse' || severity !== 'error' || (isPartial && isMissing && rule !== 'DNS_TXT_NAME')) continue;
    // libvirt asks for what names the guest first.
    if (rule === 'HOST_IP_MISSING') continue;
    throw broken(rule, { ...node.attributes, ...params });
  }
}

/** Facts that the rules of an entry need beside it. */
export interface Alone {
  readonly release: string;
  /** Where its rules show. */
  readonly prefix: string;
  readonly isPartial: boolean;
  /** The entry as it was given. */
  readonly root: XmlElement;
}

/** Refuses an entry for how its parts go together, whatever else the network has. */
export function checkAlone(document: NetworkDocument, { release, prefix, isPartial, root }: Alone): void {
  const found = brokenIn(document, release, prefix).find(({ rule }) => !isPartial || !OF_WHOLE_ENTRIES.has(rule));
  if (found !== undefined) throw broken(found.rule, { ...root.attributes, ...found.params });
}

/** Refuses a definition that libvirt's own parser would not take. */
export function checkResult(document: NetworkDocument, release: string, prefix: string): void {
  const [found] = brokenIn(document, release, prefix);
  if (found !== undefined) throw broken(found.rule, found.params);
}

const brokenIn = (document: NetworkDocument, release: string, prefix: string) =>
  libvirtRules(document, knownRelease(release)).filter(
    ({ rule, path }) => ruleOf(rule).phase === 'parse' && path.startsWith(prefix),
  );

const broken = (rule: RuleId, params: Params): Refused =>
  new Refused({ id: rule, code: 'RULE', message: issueOf({ rule, path: '', params }).message, params });
