import { type Address, readAddress } from '../address.js';
import type { NetworkDocument } from '../network/network.js';
import type { Rule, RuleTable } from './rule.js';
import { type RuleId, ruleOf } from './table.js';

/** Parameters of a broken rule's message. */
export type Params = Readonly<Record<string, string>>;

/** A rule that a document breaks. */
export interface Found {
  readonly rule: RuleId;
  /** Property path, such as `ips[0].dhcp.ranges[1].start`. */
  readonly path: string;
  readonly params: Params;
}

/** A rule of another table than `RULES` that a document breaks: whoever finds it brings the rule, so that others need not know the table. */
export interface ForeignFound extends Omit<Found, 'rule'> {
  readonly rule: string;
  readonly definition: Rule;
}

/** A rule of any table that a document breaks. */
export type AnyFound = Found | ForeignFound;

/** The rule that a document breaks. */
export const definitionOf = (found: AnyFound): Rule => ('definition' in found ? found.definition : ruleOf(found.rule));

/** Where rules report to, whatever kind of document they look at. */
export interface Reporter {
  /** The release as a number: 9.7.0 is 9007000. */
  readonly release: number;
  report(rule: RuleId, path: string, params?: GivenParams): void;
}

/** Parameters as rules give them. */
export type GivenParams = Readonly<Record<string, string | number>>;

/** A place to report to for rules of a table of their own. */
export interface ForeignReporter extends Reporter {
  reportFrom<T extends RuleTable>(table: T, rule: keyof T & string, path: string, params?: GivenParams): void;
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
      into.push({ rule, path, params: asTexts(params) });
    },
  };
}

/** Collects what rules report, those of other tables too. */
export function foreignReporter(release: number, into: AnyFound[]): ForeignReporter {
  return {
    release,
    report: (rule, path, params = {}) => {
      into.push({ rule, path, params: asTexts(params) });
    },
    reportFrom: (table, rule, path, params = {}) => {
      const definition = table[rule];
      if (definition !== undefined) into.push({ rule, path, params: asTexts(params), definition });
    },
  };
}

const asTexts = (params: GivenParams): Params =>
  Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));

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
