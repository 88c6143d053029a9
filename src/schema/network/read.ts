import { type Issue, ValidationError } from '../../errors/index.js';
import type { XmlDocument } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { decode, type Finding } from '../decode.js';
import { hintFor } from '../hints.js';
import { Locator } from '../locate.js';
import { formatPath } from '../path.js';
import type { ReleaseOption } from '../release.js';
import type { Found } from '../rules/context.js';
import { findProblems, libvirtRules, releaseOf } from '../rules/index.js';
import { issueOf } from '../rules/issue.js';
import { ruleOf } from '../rules/table.js';
import { vocabularyOf } from '../vocabulary.js';
import { networkTable, type NetworkDocument } from './network.js';
import { judge } from './reading.js';

/** What reading a text gives. */
export interface NetworkReading {
  /** What could be read; only meaningful as far as the issues allow. */
  readonly document: NetworkDocument;
  /** What was wrong, in the order of the text, with positions. */
  readonly issues: readonly Issue[];
  /** The XML as it was written. */
  readonly tree: XmlDocument;
}

const vocabulary = vocabularyOf(networkTable);

/**
 * Reads a `<network>` text and lists everything that is wrong with it, including what libvirt would
 * silently drop or take otherwise than it is probably meant.
 *
 * @param source - the text
 * @param options - the libvirt release to judge by
 * @throws {@link XmlSyntaxError} when the text is no XML
 */
export function inspectNetwork(source: string, options: ReleaseOption = {}): NetworkReading {
  return readWith(source, options, findProblems);
}

/**
 * Reads a `<network>` text as libvirt's own parser would.
 *
 * @param source - the text
 * @param options - the libvirt release to read as
 * @throws {@link XmlSyntaxError} when the text is no XML
 * @throws {@link ValidationError} with everything that libvirt's parser refuses
 */
export function readNetwork(source: string, options: ReleaseOption = {}): NetworkReading {
  const reading = readWith(source, options, libvirtRules);
  const refused = reading.issues.filter((issue) => issue.phase === 'parse' && issue.severity === 'error');
  if (refused.length === 0) return reading;
  const name = reading.document.name === undefined ? '' : ` "${reading.document.name}"`;
  throw new ValidationError(`network${name}`, refused);
}

type Rules = (document: NetworkDocument, release: number) => Found[];

function readWith(source: string, options: ReleaseOption, rules: Rules): NetworkReading {
  const release = releaseOf(options);
  const tree = readXml(source, { vocabulary });
  const { value, findings } = decode(networkTable, tree.root, options.libvirt);
  // Every part that could be read has the type that its table says; missing ones are among the findings.
  const document = value as unknown as NetworkDocument;
  const judged = judge(findings, document, tree.root, release);
  const issues = toIssues(tree, judged, rules(document, release));
  return { document, issues, tree };
}

interface Placed {
  readonly issue: Issue;
  readonly line: number;
  readonly column: number;
}

function toIssues(tree: XmlDocument, findings: readonly Finding[], found: readonly Found[]): Issue[] {
  if (findings.length === 0 && found.length === 0) return [];
  const locator = new Locator(tree, networkTable);
  const told = new Set<string>();
  const placed: Placed[] = [];
  for (const { rule, path, params, node, attribute } of findings) {
    const text = formatPath(path);
    if (ruleOf(rule).phase === 'parse') told.add(text);
    const position = locator.ofNode(node, attribute);
    const hint = hintFor({ rule, params, node }, networkTable);
    placed.push({ issue: issueOf({ rule, path: text, params }, position, hint), ...position });
  }
  for (const one of found) {
    // What reading has told already, such as a missing attribute, the rules find again.
    if (told.has(one.path) && ruleOf(one.rule).phase === 'parse') continue;
    const position = locator.ofPath(one.path);
    const hint = hintFor({ rule: one.rule, params: one.params, node: locator.find(one.path).node }, networkTable);
    placed.push({ issue: issueOf(one, position, hint), ...position });
  }
  return placed.sort((a, b) => a.line - b.line || a.column - b.column).map(({ issue }) => issue);
}
