import { type Issue, ValidationError } from '../../errors/index.js';
import { localName } from '../../xml/namespace.js';
import type { XmlDocument } from '../../xml/node.js';
import { decode, type Finding } from '../decode.js';
import { locateIssues } from '../locate-issues.js';
import { formatPath, pathKeys } from '../path.js';
import { RELEASE_10, type ReadingOptions } from '../release.js';
import { type AnyFound, foreignReporter } from '../rules/context.js';
import { isPassedOver } from '../rules/ignored-by-libvirt.js';
import { releaseOf } from '../rules/index.js';
import type { SmallFormat } from './format.js';

/** A value that was read from text, and everything that is wrong with it. */
export interface FormatReading<T> {
  /** Everything that could be read; only meaningful as far as the issues allow. */
  readonly value: T;
  /** Problems in the order of the text, with positions. */
  readonly issues: readonly Issue[];
}

/**
 * Reads a tree by a format.
 *
 * @param format - its table and its rules
 * @param tree - the text and how it was read
 * @param options - the libvirt release to read as, and what happens to words that this library does not know
 */
export function inspectFormat<T>(format: SmallFormat<T>, tree: XmlDocument, options: ReadingOptions): FormatReading<T> {
  const { table, looksAt, check } = format;
  const release = releaseOf(options);
  const { value: document, findings } = decodeFormat(format, tree, options);
  const found: AnyFound[] = [];
  check(document, foreignReporter(release, found));
  const seen = findings.filter((one) => looksAt(pathKeys(formatPath(one.path)), document) && isJudged(one, release));
  return { value: document, issues: locateIssues(tree, table, [...rootFindings(tree, table.tag), ...seen], found) };
}

/** What can be read of a tree, and what reading noticed. */
export function decodeFormat<T>({ table }: SmallFormat<T>, tree: XmlDocument, options: ReadingOptions) {
  const { value, findings } = decode(table, tree.root, options.libvirt, options.unknownWords);
  // Every part that could be read has the type that its table says; missing ones are among the findings.
  return { value: value as unknown as T, findings };
}

/**
 * Reads a tree as libvirt's own parser would.
 *
 * @throws {@link ValidationError} with everything that libvirt's parser refuses
 */
export function readFormat<T>(format: SmallFormat<T>, tree: XmlDocument, options: ReadingOptions): T {
  const { value, issues } = inspectFormat(format, tree, options);
  const refused = issues.filter(({ phase, severity }) => phase === 'parse' && severity === 'error');
  if (refused.length > 0) throw new ValidationError(format.table.tag, refused);
  return value;
}

/** Since 10.0 libvirt takes the first of several limits of one direction. */
const isJudged = (finding: Finding, release: number): boolean =>
  !isPassedOver(finding, release) && !(finding.rule === 'BW_DUPLICATE' && release >= RELEASE_10);

/** Reports a root element of another name. */
export const rootFindings = ({ root }: XmlDocument, expected: string): Finding[] =>
  localName(root.name) === expected
    ? []
    : [{ rule: 'XML_ROOT', path: undefined, params: { value: root.name, expected }, node: root }];
