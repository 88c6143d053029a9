import type { Issue } from '../../errors/index.js';
import { docsOfRule, fill } from '../../errors/templates.js';
import type { Position } from '../../xml/position.js';
import { type AnyFound, definitionOf } from './context.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The issue for a broken rule.
 *
 * @param position - where it stands in the text, if there is one
 * @param hint - better than the rule's own, if there is one
 */
export function issueOf(found: AnyFound, position?: Position, hint?: string): Issue {
  const { rule, path, params } = found;
  const { phase, severity = 'error', message, hint: general } = definitionOf(found);
  const told = hint ?? (general === undefined ? undefined : fill(general, params));
  const issue: Writable<Issue> = { code: rule, severity, phase, path, message: fill(message, params) };
  if (told !== undefined) issue.hint = told;
  issue.docs = docsOfRule('rules', rule);
  if (position !== undefined) {
    issue.line = position.line;
    issue.column = position.column;
  }
  return issue;
}
