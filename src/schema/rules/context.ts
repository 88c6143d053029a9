import { type Address, readAddress } from '../address.js';
import type { NetworkDocument } from '../network/network.js';
import type { RuleId } from './table.js';

/** Parameters of a broken rule's message. */
export type Params = Readonly<Record<string, string>>;

/** A rule that a document breaks. */
export interface Found {
  readonly rule: RuleId;
  /** Property path, such as `ips[0].dhcp.ranges[1].start`. */
  readonly path: string;
  readonly params: Params;
}

/** Where rules report to, whatever kind of document they look at. */
export interface Reporter {
  /** The release as a number: 9.7.0 is 9007000. */
  readonly release: number;
  report(rule: RuleId, path: string, params?: Readonly<Record<string, string | number>>): void;
}

/** Context that the rules of one network share. */
export interface RuleContext extends Reporter {
  readonly document: NetworkDocument;
}

/** Collects what the rules of one network report. */
export const ruleContext = (document: NetworkDocument, release: number, into: Found[]): RuleContext => ({
  document,
  ...reporter(release, into),
});

/** Collects what rules report. */
export function reporter(release: number, into: Found[]): Reporter {
  return {
    release,
    report: (rule, path, params = {}) => {
      const texts = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
      into.push({ rule, path, params: texts });
    },
  };
}

/** An address that may be missing or unreadable; what is wrong with it has been told by then. */
export const addressIn = (text: string | undefined): Address | undefined =>
  text === undefined ? undefined : readAddress(text);

/** Calls back for every item of a list that may be missing. */
export function eachOf<T>(
  list: readonly T[] | undefined,
  path: string,
  visit: (item: T, path: string, index: number) => void,
): void {
  list?.forEach((item, i) => {
    visit(item, `${path}[${i}]`, i);
  });
}
