import { type Issue, LibvirtError, XmlSyntaxError } from '../../errors/index.js';
import { longestRising, type Match } from '../../lists/match.js';
import { optionsOf } from '../../options/options.js';
import { assertDomain, nicSpans } from '../../schema/guests/nic-spans.js';
import { elementOf, inspectNic, readWhatIsThere } from '../../schema/guests/read.js';
import { READING_OPTIONS, type ReadingOptions, type ReleaseOption } from '../../schema/release.js';
import { type ElementChange, editElements, editTree } from '../../xml/edit.js';
import { insertAfter, insertBefore } from '../../xml/insert.js';
import { declare, resolve, type Scope } from '../../xml/namespace.js';
import { isElement, type XmlDocument, type XmlElement } from '../../xml/node.js';
import { Lines, type Position } from '../../xml/position.js';
import { readXml } from '../../xml/read.js';
import { SourceText } from '../../xml/source-text.js';
import { expectFunction, expectText } from '../argument.js';
import { sameValue } from '../diff.js';
import { freezeOwn } from '../frozen.js';
import { PRINT_OPTIONS, type ToXmlOptions } from '../print-options.js';
import { BaseNic } from './base.js';
import { type AnyNic, nicOf } from './guest-nic.js';

/**
 * Reads the NICs of a domain, in their order. Elsewhere in the text it is only looked at where tags begin and end. A NIC
 * that libvirt would refuse is there as far as it can be read: `validate()` lists what is wrong, and `toXml()` refuses it.
 *
 * @param domain - the domain as text, as `virsh dumpxml` prints it or as people write it
 * @param options - the libvirt release to read as, and what to do with unknown words
 * @throws {@link XmlSyntaxError} when the text is not well-formed XML
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
  try {
    return spans.map(({ start, end }) => nicAt(domain, start, domain.slice(start, end), known));
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    return nicsIn(readDomain(domain), known); // names the place in the whole text
  }
}

function readDomain(text: string): XmlDocument {
  const tree = readXml(text);
  assertDomain(tree.root.name);
  return tree;
}

/** The elements of a name in an element that libvirt finds: those in no namespace. */
const childrenOf = (parent: XmlElement, name: string, scope: Scope | undefined): readonly XmlElement[] =>
  parent.children.filter(isElement).filter((child) => {
    if (child.name !== name) return false;
    return resolve(declare(scope, child), name).uri === undefined;
  });

function devicesOf(root: XmlElement): readonly XmlElement[] {
  const scope = declare(undefined, root);
  return resolve(scope, root.name).uri === undefined ? childrenOf(root, 'devices', scope) : [];
}

const nodesOf = ({ root }: XmlDocument): readonly XmlElement[] =>
  devicesOf(root).flatMap((devices) => childrenOf(devices, 'interface', declare(declare(undefined, root), devices)));

const nicsIn = (tree: XmlDocument, options: ReadingOptions): readonly AnyNic[] =>
  nodesOf(tree).map((node) => nicAt(tree.source, node.start ?? 0, tree.source.slice(node.start, node.end), options));

/** A NIC that finds its issues in the whole text. */
function nicAt(domain: string, start: number, text: string, { libvirt, unknownWords }: ReadingOptions): AnyNic {
  const document = readWhatIsThere(readXml(text), { libvirt, unknownWords: 'keep' });
  return nicOf(freezeOwn(document), (release) => {
    const issues = inspectNic(readXml(text), { ...release, unknownWords });
    return issues.length === 0 ? issues : moved(issues, new Lines(domain).at(start));
  });
}

/** Issues of a text that begins at a place of another. */
const moved = (issues: readonly Issue[], { line, column }: Position): readonly Issue[] =>
  issues.map((issue) => ({
    ...issue,
    ...(issue.line === undefined ? {} : { line: issue.line + line - 1 }),
    ...(issue.column === undefined ? {} : { column: issue.line === 1 ? issue.column + column - 1 : issue.column }),
  }));

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
  const before = Object.freeze(nicsIn(tree, reading));
  const after = nicsFrom(change(before));
  const pairs = paired(before, after);
  const text = withPlaces(withChanges(tree, before, after, pairs, release.libvirt), after, pairs, release.libvirt);
  const result = nicsIn(readDomain(text), reading);
  const say = (nic: BaseNic) => (isIn(before, nic) ? written(nic) : written(nic, release.libvirt));
  if (
    !sameValue(
      result.map((nic) => written(nic)),
      after.map(say),
    )
  )
    throw notWritten();
  if (check !== false) assertTouched(result, after, before, release);
  return text;
}

const isIn = (nics: readonly BaseNic[], nic: BaseNic | undefined): boolean => nics.some((one) => one === nic);

/** NICs that nobody touched may be as they are. */
function assertTouched(
  result: readonly BaseNic[],
  after: readonly BaseNic[],
  before: readonly BaseNic[],
  release: ReleaseOption,
): void {
  for (const [i, nic] of result.entries()) if (!isIn(before, after[i])) nic.assertDefinable(release);
}

const notWritten = (): LibvirtError =>
  new LibvirtError('UNSUPPORTED', 'the change of the NICs cannot be written into the text of the domain', {
    hint: 'print the changed NICs with toXml() and put them in place of the old ones',
  });

/** What a NIC says, whatever the order in which it was written. */
const written = ({ document }: BaseNic, release?: string): unknown => bare(elementOf(document, release));

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
  const placed = new Set<number>();
  for (const isPair of [isSame, isOfOneMac]) {
    after.forEach((nic, i) => {
      const old = placed.has(i) ? -1 : before.findIndex((one, j) => !pairs.has(j) && isPair(one, nic));
      if (old === -1) return;
      pairs.set(old, i);
      placed.add(i);
    });
  }
  const kept = longestRising([...pairs].sort(([a], [b]) => a - b));
  for (const [old, wanted] of inPlace(kept, before.length, after.length))
    if (!pairs.has(old) && !placed.has(wanted)) pairs.set(old, wanted);
  return [...pairs].sort(([a], [b]) => a - b);
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

/** The text with every NIC that stays as it is wanted. */
function withChanges(
  tree: XmlDocument,
  before: readonly BaseNic[],
  after: readonly BaseNic[],
  pairs: readonly Match[],
  release: string | undefined,
): string {
  const nodes = nodesOf(tree);
  const changes = pairs.flatMap(([old, wanted]): readonly ElementChange[] => {
    const [node, from, to] = [nodes[old], before[old], after[wanted]];
    if (node === undefined || from === undefined || to === undefined || from === to) return [];
    return [{ node, before: elementOf(from.document), after: elementOf(to.document, release) }];
  });
  return editElements(tree.source, changes);
}

/** The text without the NICs that are gone, with the new ones where they are wanted, and with others moved there. */
function withPlaces(
  source: string,
  after: readonly BaseNic[],
  pairs: readonly Match[],
  release: string | undefined,
): string {
  const tree = readDomain(source);
  const nodes = nodesOf(tree);
  const added = after.map(({ document }) => elementOf(document, release));
  const [first] = nodes;
  if (first === undefined) return added.length === 0 ? source : withFirst(tree, added);
  const text = new SourceText(tree);
  const olds = new Map(pairs.map(([old, wanted]) => [wanted, old]));
  const stays = new Map(longestRising(pairs).map(([old, wanted]) => [wanted, old]));
  let last: XmlElement | undefined;
  added.forEach((element, i) => {
    const node = nodes[stays.get(i) ?? -1];
    const from = nodes[olds.get(i) ?? -1];
    if (node === undefined && last !== undefined) insertAfter(text, last, element, from);
    else if (node === undefined) insertBefore(text, first, element, from);
    last = node ?? last;
  });
  const kept = new Set(stays.values());
  nodes.forEach((node, i) => {
    if (!kept.has(i)) text.remove(node);
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
