import { docsOf } from '../../errors/docs.js';
import type { Issue } from '../../errors/index.js';
import type { Position } from '../../xml/position.js';
import type { Found, Params } from './context.js';
import { type Rule, ruleOf } from './table.js';

/** The text of each template, in turns with the names of its parameters: split once, as a document can break one rule often. */
const templates = /* @__PURE__ */ new Map<string, readonly string[]>();

function partsOf(template: string): readonly string[] {
  const parts = templates.get(template) ?? template.split(/\{(\w+)\}/);
  templates.set(template, parts);
  return parts;
}

function fill(template: string, params: Params): string {
  const parts = partsOf(template);
  let text = '';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    text += i % 2 === 0 ? part : (params[part] ?? `{${part}}`);
  }
  return text;
}

const docs = /* @__PURE__ */ new Map<string, string>();

/** Worked out once for each rule, as a large document can break one very often. */
function docsOfRule(rule: string): string {
  const path = docs.get(rule) ?? docsOf('rules', rule);
  docs.set(rule, path);
  return path;
}

/** A broken rule, whatever table the rule is in. */
type Broken = Omit<Found, 'rule'> & { readonly rule: string };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The issue for a broken rule.
 *
 * @param position - where it stands in the text, if there is one
 * @param hint - better than the rule's own, if there is one
 */
export const issueOf = (found: Found, position?: Position, hint?: string): Issue =>
  issueBy(ruleOf(found.rule), found, position, hint);

/** The issue for a broken rule of any table of rules. */
export function issueBy(by: Rule, found: Broken, position?: Position, hint?: string): Issue {
  const { rule, path, params } = found;
  const { phase, severity = 'error', message, hint: general } = by;
  const told = hint ?? (general === undefined ? undefined : fill(general, params));
  const issue: Writable<Issue> = { code: rule, severity, phase, path, message: fill(message, params) };
  if (told !== undefined) issue.hint = told;
  issue.docs = docsOfRule(rule);
  if (position !== undefined) {
    issue.line = position.line;
    issue.column = position.column;
  }
  return issue;
}
