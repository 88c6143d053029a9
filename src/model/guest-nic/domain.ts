import { LibvirtError } from '../../errors/index.js';
import { longestRising, type Match } from '../../lists/match.js';
import { optionsOf } from '../../options/options.js';
import { assertDomain, nicSpans } from '../../schema/guests/nic-spans.js';
import { elementOf, inspectNic, readNic } from '../../schema/guests/read.js';
import { READING_OPTIONS, type ReadingOptions } from '../../schema/release.js';
import { editTree } from '../../xml/edit.js';
import { insertAfter, insertBefore } from '../../xml/insert.js';
import { isElement, type XmlDocument, type XmlElement, type XmlNode } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { SourceText } from '../../xml/source-text.js';
import { expectFunction, expectText } from '../argument.js';
import { sameValue } from '../diff.js';
import { freezeOwn } from '../frozen.js';
import { PRINT_OPTIONS, type ToXmlOptions } from '../print-options.js';
import { BaseNic } from './base.js';
import { type AnyNic, nicOf } from './guest-nic.js';

/**
 * Reads the NICs of a domain, in their order. Elsewhere in the text it is only looked at where tags begin and end.
 *
 * @param domain - the domain as text, as `virsh dumpxml` prints it or as people write it
 * @param options - the libvirt release to read as, and what to do with unknown words
 * @throws {@link XmlSyntaxError} when the text is not well-formed XML
 * @throws {@link ValidationError} with everything that libvirt's parser refuses of a NIC
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the text is not a domain
 *
 * @example
 * ```ts
 * const [first] = nicsOf("<domain type='kvm'><devices><interface type='user'/></devices></domain>");
 * ```
 */
export function nicsOf(domain: string, options: ReadingOptions = {}): readonly AnyNic[] {
  const known = optionsOf(options, READING_OPTIONS, 'nicsOf');
  expectText(domain, 'nicsOf', 'the text of a domain');
  const spans = nicSpans(domain);
  if (spans === undefined) return nicsIn(readDomain(domain), known);
  const texts = spans.map(({ start, end }) => domain.slice(start, end));
  try {
    return texts.map((text, i) => withInspection(readNic(readXml(text), known), domain, i, known));
  } catch (error) {
    if (!LibvirtError.is(error)) throw error;
    return nicsIn(readDomain(domain), known); // names the place in the whole text
  }
}

function readDomain(text: string): XmlDocument {
  const tree = readXml(text);
  assertDomain(tree.root.name);
  return tree;
}

const devicesOf = (root: XmlElement): readonly XmlElement[] =>
  root.children.filter(isElement).filter(({ name }) => name === 'devices');

const isNicNode = (node: XmlNode): node is XmlElement => isElement(node) && node.name === 'interface';

const nodesOf = ({ root }: XmlDocument): readonly XmlElement[] =>
  devicesOf(root).flatMap(({ children }) => children.filter(isNicNode));

const nicsIn = (tree: XmlDocument, options: ReadingOptions): readonly AnyNic[] =>
  nodesOf(tree).map((root, i) =>
    withInspection(readNic({ root, source: tree.source }, options), tree.source, i, options),
  );

/** A NIC that finds its issues in the whole text, by its number there. */
function withInspection(
  document: Parameters<typeof nicOf>[0],
  domain: string,
  number: number,
  { unknownWords }: ReadingOptions,
): AnyNic {
  return nicOf(freezeOwn(document), (release) => {
    const tree = readDomain(domain);
    const root = nodesOf(tree)[number];
    return root === undefined ? [] : inspectNic({ root, source: tree.source }, { ...release, unknownWords });
  });
}

/**
 * Changes the NICs of a domain's text and keeps everything else byte for byte: comments, indentation, quotes and order,
 * inside of a NIC too where it is not touched.
 *
 * @param domain - the text as somebody wrote it, or as `virsh dumpxml --inactive` prints it
 * @param change - receives the NICs and returns those that the domain is to have, in any order
 * @param options - the libvirt release, and whether NICs that are new or changed are checked
 * @returns the text with only the touched bytes changed; the same text when nothing was
 * @throws {@link XmlSyntaxError} or {@link ValidationError} when the source is refused, {@link ValidationError} when a
 *   changed NIC would be, {@link LibvirtError} code `INVALID_ARGUMENT` when the text is not a domain or `change` gives no
 *   NICs, `UNSUPPORTED` when the change cannot be written into the text
 *
 * @example
 * ```ts
 * const next = editDomainXml(text, (nics) => nics.map((nic) => nic.withLink('down')));
 * ```
 */
export function editDomainXml(
  domain: string,
  change: (nics: readonly AnyNic[]) => readonly BaseNic[],
  options: ToXmlOptions = {},
): string {
  expectFunction(change, 'editDomainXml');
  const { check, ...release } = optionsOf(options, PRINT_OPTIONS, 'editDomainXml');
  const reading = { ...release, unknownWords: 'keep' } as const;
  const tree = readDomain(domain);
  const before = nicsIn(tree, reading);
  const after = nicsFrom(change(before));
  if (check !== false) for (const nic of after) if (!before.some((old) => old === nic)) nic.assertDefinable(release);
  const pairs = paired(before, after);
  const text = withPlaces(withChanges(tree, before, after, pairs), after, pairs);
  const result = nicsIn(readDomain(text), reading);
  if (sameValue(result.map(written), after.map(written))) return text;
  throw new LibvirtError('UNSUPPORTED', 'the change of the NICs cannot be written into the text of the domain', {
    hint: 'print the changed NICs with toXml() and put them in place of the old ones',
  });
}

/** What a NIC says, whatever the order in which it was written. */
const written = ({ document }: BaseNic): unknown => bare(elementOf(document));

const bare = ({ name, attributes, children }: XmlElement): unknown => ({
  name,
  attributes: { ...attributes },
  children: children.map((child) => (isElement(child) ? bare(child) : child)),
});

function nicsFrom(changed: unknown): readonly BaseNic[] {
  if (Array.isArray(changed) && changed.every((nic) => nic instanceof BaseNic)) return changed;
  throw new LibvirtError('INVALID_ARGUMENT', 'the editDomainXml callback must return a list of NICs', {
    hint: 'NICs never change: return what the methods give, as in (nics) => [...nics, network.guestNic()]',
  });
}

/** Which NIC each wanted one was: itself, the one with its MAC address, or what stood in its place. */
function paired(before: readonly BaseNic[], after: readonly BaseNic[]): readonly Match[] {
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const isPair of [isSame, isOfOneMac]) {
    after.forEach((nic, i) => {
      const old = before.findIndex((one, j) => !taken.has(j) && isPair(one, nic));
      if (old === -1 || [...pairs.values()].includes(i)) return;
      pairs.set(old, i);
      taken.add(old);
    });
  }
  const kept = longestRising([...pairs].sort(([a], [b]) => a - b));
  return [...kept, ...inPlace(kept, before.length, after.length)].sort(([a], [b]) => a - b);
}

const isSame = (a: BaseNic, b: BaseNic): boolean => a === b;
const isOfOneMac = (a: BaseNic, b: BaseNic): boolean => a.mac !== undefined && a.mac === b.mac;

/** Between two NICs that stay, as many new ones as old ones are these, changed. */
function inPlace(kept: readonly Match[], before: number, after: number): readonly Match[] {
  const ends: readonly Match[] = [...kept, [before, after]];
  let [from, to] = [-1, -1];
  return ends.flatMap(([old, wanted]) => {
    const [gap, others] = [old - from - 1, wanted - to - 1];
    const first = [from + 1, to + 1] as const;
    [from, to] = [old, wanted];
    return gap !== others ? [] : Array.from({ length: gap }, (_, i): Match => [first[0] + i, first[1] + i]);
  });
}

/** The text with every NIC that stays as it is wanted; the last first, since the places before it do not move. */
function withChanges(
  tree: XmlDocument,
  before: readonly BaseNic[],
  after: readonly BaseNic[],
  pairs: readonly Match[],
): string {
  const nodes = nodesOf(tree);
  let text = tree.source;
  for (const [old, wanted] of pairs.toReversed()) {
    const [node, from, to] = [nodes[old], before[old], after[wanted]];
    if (node === undefined || from === undefined || to === undefined || from === to) continue;
    text = editTree({ root: node, source: text }, elementOf(from.document), elementOf(to.document));
  }
  return text;
}

/** The text without the NICs that are gone, and with the new ones where they are wanted. */
function withPlaces(source: string, after: readonly BaseNic[], pairs: readonly Match[]): string {
  const tree = readDomain(source);
  const nodes = nodesOf(tree);
  const added = after.map(({ document }) => elementOf(document));
  const [first] = nodes;
  if (first === undefined) return added.length === 0 ? source : withFirst(tree, added);
  const text = new SourceText(tree);
  const olds = new Map(pairs.map(([old, wanted]) => [wanted, old]));
  let last: XmlElement | undefined;
  added.forEach((element, i) => {
    const node = nodes[olds.get(i) ?? -1];
    if (node === undefined && last !== undefined) insertAfter(text, last, element);
    else if (node === undefined) insertBefore(text, first, element);
    last = node ?? last;
  });
  nodes.forEach((node, i) => {
    if (!pairs.some(([old]) => old === i)) text.remove(node);
  });
  return text.changed();
}

/** The text of a domain without NICs, with its first ones. */
function withFirst(tree: XmlDocument, added: readonly XmlElement[]): string {
  const { root } = tree;
  const [devices] = devicesOf(root);
  const wanted: XmlElement = devices ?? { type: 'element', name: 'devices', attributes: {}, children: [] };
  const filled = { ...wanted, children: [...wanted.children, ...added] };
  const children =
    devices === undefined
      ? [...root.children, filled]
      : root.children.map((node) => (node === devices ? filled : node));
  return editTree(tree, root, { ...root, children });
}
