import { type Issue, ValidationError } from '../../errors/index.js';
import { shown } from '../../options/shown.js';
import type { XmlElement } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { printXml } from '../../xml/write.js';
import { decode } from '../decode.js';
import type { ElementTable } from '../element.js';
import { encode } from '../encode.js';
import { knownParts } from '../known-parts.js';
import { locateIssues } from '../locate-issues.js';
import { normalized } from '../normalize.js';
import { formatPath } from '../path.js';
import { NEWEST_RELEASE, type ReadingOptions, type ReleaseOption } from '../release.js';
import { type AnyFound, type ForeignReporter, foreignReporter } from '../rules/context.js';
import { releaseFindings, releaseOf } from '../rules/index.js';
import { inspect } from '../rules/inspect.js';
import { issueOf } from '../rules/issue.js';
import { documentOrder } from '../rules/order.js';
import { rootFindings } from '../small-formats/read-format.js';
import { vocabularyOf } from '../vocabulary.js';
import { checkExtra } from './check-extra.js';
import type { FilterRuleId } from './rules.js';

/** Facts for reading, checking and writing one of the formats of filters. */
export interface FilterFormat<T> {
  readonly table: ElementTable<T>;
  /** Returns the name of a document, for messages. */
  readonly nameOf: (document: T) => string | undefined;
  /** Makes a tree fit the table. */
  readonly wrap: (root: XmlElement) => XmlElement;
  /** Takes back what `wrap` did. */
  readonly unwrap: (root: XmlElement) => XmlElement;
  /** Takes parts out of a document that was read where libvirt does not look at them. */
  readonly tidy: (document: T, root: XmlElement, context: ForeignReporter) => T;
  /** Reports the rules for filters that a document of the right shape breaks. */
  readonly check: (document: T, context: ForeignReporter) => void;
  /** Returns a document as libvirt holds it. */
  readonly canonical: (document: T, release: number) => T;
  /** Returns what libvirt prints of a document that it holds. */
  readonly printed: (document: T, release: number) => T;
  /** Tells whether libvirt looks at the part at a path. */
  readonly looksAt: (path: string, document: T) => boolean;
}

/** Result of reading a document. */
interface FilterReading<T> {
  /** Everything that could be read. */
  readonly document: T;
  /** Problems in the order of the text, with positions. */
  readonly issues: readonly Issue[];
}

/**
 * Reads a text and lists everything that is wrong with it, including what libvirt drops without a word.
 *
 * @throws {@link XmlSyntaxError} when the text is not well-formed XML
 */
export function inspectText<T>(format: FilterFormat<T>, source: string, options: ReadingOptions): FilterReading<T> {
  const { table } = format;
  const found: AnyFound[] = [...releaseFindings(options)];
  const context = foreignReporter(releaseOf(options), found);
  const { root } = readXml(source, { vocabulary: vocabularyOf(table) });
  const tree = { root: format.wrap(root), source };
  const { value, findings } = decode(table, tree.root, options.libvirt, options.unknownWords);
  // Every part that could be read has the type that its table says; missing ones are among the findings.
  const document = format.tidy(value as unknown as T, root, context);
  format.check(document, context);
  const judged = findings.filter(({ path }) => format.looksAt(formatPath(path), document));
  return { document, issues: locateIssues(tree, table, [...rootFindings(tree, table.tag), ...judged], found) };
}

/**
 * Reads a text as libvirt's own parser would.
 *
 * @throws {@link XmlSyntaxError} when the text is not well-formed XML
 * @throws {@link ValidationError} with everything that libvirt's parser refuses
 */
export function readText<T>(format: FilterFormat<T>, source: string, options: ReadingOptions): T {
  const { document, issues } = inspectText(format, source, options);
  const refused = issues.filter(({ phase, severity }) => phase === 'parse' && severity === 'error');
  if (refused.length > 0) throw new ValidationError(labelOf(format, document), refused);
  return document;
}

function labelOf<T>({ table, nameOf }: FilterFormat<T>, document: T): string {
  const name = nameOf(document);
  return name === undefined ? table.tag : `${table.tag} "${shown(name)}"`;
}

/** Lists everything that is wrong with a document, in document order. */
export function issuesOf<T>(format: FilterFormat<T>, document: T, options: ReleaseOption): readonly Issue[] {
  const found: AnyFound[] = [...releaseFindings(options)];
  const context = foreignReporter(releaseOf(options), found);
  // Every property of the copy has the type that its table says.
  const clean = inspect(format.table, document, undefined, context) as unknown as T;
  format.check(clean, context);
  checkExtra(format.table, document, '', context);
  const told = found.filter((one) => !isVariable(one)).sort(documentOrder(format.table));
  return told.map((one) => issueOf(one));
}

/** A variable in a rule looks like the placeholder of a template. */
const isVariable = ({ rule, path, params }: AnyFound): boolean =>
  rule === 'PLACEHOLDER' && /^entries\[\d+\]\.rule\./.test(path) && /^\$\w/.test(params['value'] ?? '');

/**
 * Throws what libvirt would refuse by the time of `define`, and what would filter other packets than it says.
 *
 * @param isMeant - which errors count. Default: all
 * @throws {@link ValidationError} with every such problem
 */
export function assertDocument<T>(
  format: FilterFormat<T>,
  document: T,
  options: ReleaseOption,
  isMeant: (issue: Issue) => boolean = () => true,
): void {
  const refused = issuesOf(format, document, options).filter((issue) => issue.severity === 'error' && isMeant(issue));
  if (refused.length > 0) throw new ValidationError(labelOf(format, document), refused);
}

/** Prints a document as libvirt prints it, unknown parts included. Checks nothing. */
export function printDocument<T>(format: FilterFormat<T>, document: T, options: ReleaseOption): string {
  const { libvirt = NEWEST_RELEASE } = options;
  const release = releaseOf(options);
  const root = encode(format.table, format.printed(format.canonical(document, release), release), libvirt);
  return printXml(format.unwrap(root));
}

/**
 * Returns a document as libvirt keeps it: with its defaults, without what it drops.
 *
 * @throws {@link ValidationError} with what libvirt would refuse, but not what it takes otherwise than it says
 */
export function storedDocument<T>(format: FilterFormat<T>, document: T, options: ReleaseOption): T {
  assertDocument(format, document, options, ({ phase, code }) => phase !== 'never' || !ACCEPTED.has(code));
  const release = releaseOf(options);
  return format.canonical(knownParts(format.table, document, release), release);
}

/** Rules that libvirt breaks silently: what it stores shows what it makes of them. */
const ACCEPTED: ReadonlySet<string> = new Set<FilterRuleId>([
  'FILTER_FOR_ALL',
  'FILTER_SET_DROPPED',
  'FILTER_FLAGS_DROPPED',
  'FILTER_SIGN',
  'FILTER_PARAMETER_DROPPED',
]);

/** Returns a document in libvirt's spelling, so that equal meaning is equal data. */
export const comparableDocument = <T>(format: FilterFormat<T>, document: T): unknown =>
  normalized(format.table, format.canonical(document, releaseOf({})));
