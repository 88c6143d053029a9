import { ValidationError } from '../../errors/index.js';
import { optionsOf } from '../../options/options.js';
import { localName } from '../../xml/namespace.js';
import type { XmlDocument } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { decode, type Finding } from '../decode.js';
import type { HostInterface } from '../interface.js';
import { locateIssues } from '../locate-issues.js';
import type { NetworkPort } from '../networkport.js';
import { formatPath, pathKeys } from '../path.js';
import { READING_OPTIONS, RELEASE_10, type ReadingOptions } from '../release.js';
import { type Found, reporter } from '../rules/context.js';
import { isPassedOver } from '../rules/ignored-by-libvirt.js';
import { releaseOf } from '../rules/index.js';
import { vocabularyOf } from '../vocabulary.js';
import type { SmallFormat } from './format.js';
import { hostInterfaceFormat } from './interface.js';
import { networkPortFormat } from './networkport.js';

function read<T>(companion: SmallFormat<T>, source: string, options: ReadingOptions): T {
  const { table } = companion;
  const release = releaseOf(options);
  const tree = readXml(source, { vocabulary: vocabularyOf(table) });
  const { value, findings } = decode(table, tree.root, options.libvirt, options.unknownWords);
  // Every part that could be read has the type that its table says; missing ones are among the findings.
  const document = value as unknown as T;
  const found: Found[] = [];
  companion.check(document, reporter(release, found));
  const seen = findings.filter(
    (one) => companion.looksAt(pathKeys(formatPath(one.path)), document) && isJudged(one, release),
  );
  const issues = locateIssues(tree, table, [...rootFindings(tree, table.tag), ...seen], found);
  const refused = issues.filter(({ phase, severity }) => phase === 'parse' && severity === 'error');
  if (refused.length > 0) throw new ValidationError(table.tag, refused);
  return document;
}

/** Since 10.0 libvirt takes the first of several limits of one direction. */
const isJudged = (finding: Finding, release: number): boolean =>
  !isPassedOver(finding, release) && !(finding.rule === 'BW_DUPLICATE' && release >= RELEASE_10);

const rootFindings = ({ root }: XmlDocument, expected: string): Finding[] =>
  localName(root.name) === expected
    ? []
    : [{ rule: 'XML_ROOT', path: undefined, params: { value: root.name, expected }, node: root }];

/**
 * Reads a `<networkport>` text as libvirt's own parser would.
 *
 * @param source - the text, as `virsh net-port-dumpxml` prints it
 * @param options - the libvirt release to read as, and what happens to words that this library does not know
 * @throws {@link XmlSyntaxError} code `XML_SYNTAX` when the text is not XML
 * @throws {@link ValidationError} code `VALIDATION` with everything that libvirt's parser refuses, with positions
 */
export const readNetworkPort = (source: string, options: ReadingOptions = {}): NetworkPort =>
  read(networkPortFormat, source, optionsOf(options, READING_OPTIONS, 'readNetworkPort'));

/**
 * Reads an `<interface>` text as libvirt's own parser would.
 *
 * @param source - the text, as `virsh iface-dumpxml` prints it
 * @param options - the libvirt release to read as, and what happens to words that this library does not know
 * @throws {@link XmlSyntaxError} code `XML_SYNTAX` when the text is not XML
 * @throws {@link ValidationError} code `VALIDATION` with everything that libvirt's parser refuses, with positions
 */
export const readHostInterface = (source: string, options: ReadingOptions = {}): HostInterface =>
  read(hostInterfaceFormat, source, optionsOf(options, READING_OPTIONS, 'readHostInterface'));
