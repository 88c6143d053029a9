import type { Release } from '../release.js';

/** A rule. Messages and hints name the finding's parameters in braces. */
export interface Rule {
  /** When libvirt itself objects; `never` when it accepts silently. */
  readonly phase: 'parse' | 'define' | 'start' | 'never';
  /** Absent for errors. */
  readonly severity?: 'warning';
  readonly message: string;
  readonly hint?: string;
  /** First release that has the rule. */
  readonly since?: Release;
  /** First release that no longer has it. */
  readonly until?: Release;
}

/** What a rule is made of. */
type Text = readonly [message: string, hint?: string, span?: Pick<Rule, 'since' | 'until'>];

const textOf = ([message, hint, span]: Text): Pick<Rule, 'message' | 'hint'> =>
  hint === undefined ? { message, ...span } : { message, hint, ...span };

/** Rules by their ids. */
export type RuleTable = Readonly<Record<string, Rule>>;

// Without side effects, so that a bundle which checks nothing carries no texts.
export const parse = /* @__NO_SIDE_EFFECTS__ */ (...text: Text): Rule => ({ phase: 'parse', ...textOf(text) });
export const define = /* @__NO_SIDE_EFFECTS__ */ (...text: Text): Rule => ({ phase: 'define', ...textOf(text) });
export const start = /* @__NO_SIDE_EFFECTS__ */ (...text: Text): Rule => ({ phase: 'start', ...textOf(text) });
export const startWarning = /* @__NO_SIDE_EFFECTS__ */ (...text: Text): Rule => ({
  ...start(...text),
  severity: 'warning',
});
export const unsafe = /* @__NO_SIDE_EFFECTS__ */ (...text: Text): Rule => ({ phase: 'never', ...textOf(text) });
export const warn = /* @__NO_SIDE_EFFECTS__ */ (...text: Text): Rule => ({ ...unsafe(...text), severity: 'warning' });

// Findings of the tables have the same message, whatever the rule.
export const IS_NOT = "{attribute}='{value}' of <{element}> is not {expected}";
export const NEEDS = '<{element}> needs the attribute {attribute}';
