import { type Issue, ValidationError } from '../../errors/index.js';
import { optionsOf } from '../../options/options.js';
import type { XmlDocument } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { reread } from '../../xml/reread.js';
import { decode } from '../decode.js';
import { locateIssues } from '../locate-issues.js';
import { formatPath } from '../path.js';
import { READING_OPTIONS, type ReadingOptions } from '../release.js';
import type { Found } from '../rules/context.js';
import { findProblems, libvirtRules, parserRules, type Rules, releaseFindings, releaseOf } from '../rules/index.js';
import type { Rule } from '../rules/rule.js';
import { vocabularyOf } from '../vocabulary.js';
import { judge } from './libvirt-parse-order.js';
import { type NetworkDocument, networkTable } from './network.js';

/** Result of reading a text. */
export interface NetworkReading {
  /** Everything that could be read; only meaningful as far as the issues allow. */
  readonly document: NetworkDocument;
  /** Problems in the order of the text, with positions. */
  readonly issues: readonly Issue[];
  /** The XML as it was written. */
  readonly tree: XmlDocument;
}

const vocabulary = /* @__PURE__ */ vocabularyOf(networkTable);

/**
 * Reads a `<network>` text and lists everything that is wrong with it, including what libvirt would
 * silently drop or take otherwise than it is probably meant.
 *
 * @param source - the text
 * @param options - the libvirt release to judge by
 * @throws {@link XmlSyntaxError} when the text is not well-formed XML
 */
export function inspectNetwork(source: string, options: ReadingOptions = {}): NetworkReading {
  const known = optionsOf(options, READING_OPTIONS, 'inspectNetwork');
  return inspectTree(readXml(source, { vocabulary }), known);
}

const inspectTree = (tree: XmlDocument, options: ReadingOptions): NetworkReading =>
  readWith(tree, options, (document, release) => [...findProblems(document, release), ...releaseFindings(options)]);

/** The tree that was read last, until the program waits for something: many who read a document check it at once. */
let latest: XmlDocument | undefined;

function keepForNow(tree: XmlDocument): void {
  if (latest === undefined)
    queueMicrotask(() => {
      latest = undefined;
    });
  latest = tree;
}

/** The tree of a text that {@link readNetwork} has read. */
export const treeOf = (source: string): XmlDocument =>
  latest?.source === source ? latest : readXml(source, { vocabulary });

/** Lists what {@link inspectNetwork} finds in a text that {@link readNetwork} has read. */
export const inspectAgain = (source: string, options: ReadingOptions): readonly Issue[] =>
  inspectTree(treeOf(source), options).issues;

/**
 * Reads a `<network>` text as libvirt's own parser would.
 *
 * @param source - the text
 * @param options - the libvirt release to read as
 * @throws {@link XmlSyntaxError} when the text is not well-formed XML
 * @throws {@link ValidationError} with everything that libvirt's parser refuses
 */
export function readNetwork(source: string, options: ReadingOptions = {}): Omit<NetworkReading, 'issues'> {
  const known = optionsOf(options, READING_OPTIONS, 'parse');
  const tree = readXml(source, { vocabulary });
  keepForNow(tree);
  return readOrRefuse(tree, known, parserRules);
}

/**
 * Reads a text that was made of one that has been read, and whose document the caller knows: rules beyond the tables would
 * only be checked again.
 *
 * @param before - the text before
 * @throws as {@link readNetwork}
 */
export const readEdited = (before: XmlDocument, source: string, options: ReadingOptions): NetworkDocument =>
  readOrRefuse({ root: reread(before, source), source }, options, () => []).document;

function readOrRefuse(tree: XmlDocument, options: ReadingOptions, rules: Rules): Omit<NetworkReading, 'issues'> {
  const { issues, ...reading } = readWith(tree, options, rules, isRefusedByParser);
  if (issues.length === 0) return reading;
  const name = reading.document.name === undefined ? '' : ` "${reading.document.name}"`;
  throw new ValidationError(`network${name}`, issues);
}

const isRefusedByParser = ({ phase, severity }: Rule): boolean => phase === 'parse' && severity === undefined;

/** A document and its problems, in no particular order; cheaper than {@link inspectNetwork}. */
export interface NetworkFindings {
  readonly document: NetworkDocument;
  readonly found: readonly Found[];
}

/**
 * Reads a `<network>` text and lists what libvirt itself would find wrong with it, with the parameters of each rule.
 *
 * @param source - the text
 * @param options - the libvirt release to read as
 * @throws {@link XmlSyntaxError} when the text is not well-formed XML
 */
export function findInNetwork(source: string, options: ReadingOptions = {}): NetworkFindings {
  const release = releaseOf(options);
  const { document, judged } = decodeNetwork(readXml(source, { vocabulary }), release, options);
  const read = judged.map(({ rule, path, params, node }) => ({
    rule,
    path: formatPath(path),
    params: { ...node.attributes, ...params },
  }));
  return { document, found: [...read, ...libvirtRules(document, release)] };
}

function decodeNetwork(tree: XmlDocument, release: number, { libvirt, unknownWords }: ReadingOptions) {
  const { value, findings } = decode(networkTable, tree.root, libvirt, unknownWords);
  // Every part that could be read has the type that its table says; missing ones are among the findings.
  const document = value as unknown as NetworkDocument;
  return { document, judged: judge(findings, document, tree.root, release) };
}

function readWith(
  tree: XmlDocument,
  options: ReadingOptions,
  rules: Rules,
  isWanted?: (rule: Rule) => boolean,
): NetworkReading {
  const release = releaseOf(options);
  const { document, judged } = decodeNetwork(tree, release, options);
  const issues = locateIssues(tree, networkTable, judged, rules(document, release), isWanted);
  return { document, issues, tree };
}
