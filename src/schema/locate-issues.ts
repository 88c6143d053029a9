import type { Issue } from '../errors/index.js';
import type { XmlDocument } from '../xml/node.js';
import type { Finding } from './decode.js';
import type { AnyTable } from './element.js';
import { hintsFor } from './hints.js';
import { Locator } from './locate.js';
import { formatPath } from './path.js';
import { type AnyFound, definitionOf } from './rules/context.js';
import { issueOf } from './rules/issue.js';
import type { Rule } from './rules/rule.js';
import { isSuppressed } from './rules/suppressed.js';
import { ruleOf } from './rules/table.js';

/**
 * The issues of a document that was read from text, with positions and in the order of the text.
 *
 * @param table - the table of the document's root
 * @param findings - what reading noticed
 * @param found - what the rules noticed
 * @param isWanted - which rules' issues are returned. Default: all
 */
export function locateIssues(
  tree: XmlDocument,
  table: AnyTable,
  findings: readonly Finding[],
  found: readonly AnyFound[],
  isWanted: (rule: Rule) => boolean = () => true,
): Issue[] {
  if (findings.length === 0 && found.length === 0) return [];
  const locator = new Locator(tree, table);
  const hintOf = hintsFor(table);
  const told = new Set<string>();
  const issues: Issue[] = [];
  for (const { rule, path, params, node, attribute } of findings) {
    const text = formatPath(path);
    const definition = ruleOf(rule);
    if (definition.phase === 'parse') told.add(text);
    if (!isWanted(definition)) continue;
    const position = locator.ofNode(node, attribute);
    const hint = hintOf({ rule, params, node, root: tree.root });
    issues.push(issueOf({ rule, path: text, params }, position, hint));
  }
  for (const one of found) {
    const definition = definitionOf(one);
    if (!isWanted(definition)) continue;
    // What reading has told already, such as a missing attribute, the rules find again.
    if ((told.has(one.path) && definition.phase === 'parse') || isSuppressed(one, told)) continue;
    const position = locator.ofPath(one.path);
    const { node } = locator.find(one.path);
    const hint = hintOf({ ...one, node, root: tree.root });
    issues.push(issueOf(one, position, hint));
  }
  return issues.sort(byPosition);
}

const byPosition = (a: Issue, b: Issue): number => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
