import { type Address, readAddress } from '../address.js';
import type { NetworkDocument } from '../network/network.js';
import type { RuleId } from './table.js';

/** What a broken rule's message speaks of. */
export type Params = Readonly<Record<string, string>>;

/** A rule that a document breaks. */
export interface Found {
  readonly rule: RuleId;
  /** Property path, such as `ips[0].dhcp.ranges[1].start`. */
  readonly path: string;
  readonly params: Params;
}

/** What the rules of one document share. */
export interface RuleContext {
  readonly document: NetworkDocument;
  /** The release as a number: 9.7.0 is 9007000. */
  readonly release: number;
  report(rule: RuleId, path: string, params?: Readonly<Record<string, string | number>>): void;
}

/** Collects what rules report. */
export function ruleContext(document: NetworkDocument, release: number, into: Found[]): RuleContext {
  return {
    document,
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
export function eachOf<T>(list: readonly T[] | undefined, path: string, visit: (item: T, path: string, index: number) => void): void {
  list?.forEach((item, i) => {
    visit(item, `${path}[${i}]`, i);
  });
}
