import { LibvirtError } from '../errors/index.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { codePoint, FORBIDDEN } from './characters.js';
import { isBlank, withoutLayout } from './layout.js';
import { NAME } from './name.js';
import { namesOf } from './names-of.js';
import { isElement, type XmlElement, type XmlNode } from './node.js';

/** How {@link writeXml} prints. */
export interface WriteXmlOptions {
  /** Elements whose children libvirt has libxml2 print: double quotes, little escaping. Default: none. */
  readonly verbatim?: (element: XmlElement) => boolean;
}

const WRITE_OPTIONS: OptionNames<WriteXmlOptions> = { verbatim: true };

// Raw tabs and line breaks in attributes would be blanks at the next reading, so they are written as numbers.
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};
// Most texts are plain ASCII that needs no care; one look tells.
const NEEDS_CARE = /[^ !#-%(-;=?-~]/;
const numbered = (character: string): string => `&#x${character.codePointAt(0)?.toString(16).toUpperCase()};`;
const escapeWith = (pattern: RegExp) => (text: string) =>
  NEEDS_CARE.test(text)
    ? allowed(text).replace(pattern, (character) => ESCAPES[character] ?? numbered(character))
    : text;
/** Text with XML's five entities in place of what needs them, as libvirt writes it. */
export const escapeText = /* @__PURE__ */ escapeWith(/[&<>'"\r]/g);
const escapeAttribute = /* @__PURE__ */ escapeWith(/[&<>'"\n\r\t]/g);
const escapeVerbatimText = /* @__PURE__ */ escapeWith(/[&<>\r]/g);
// In attributes libxml2 writes what is not ASCII as numbers.
const escapeVerbatimAttribute = /* @__PURE__ */ escapeWith(/[&<>"\n\r\t]|[^\0-\x7f]/gu);

const WHOLE_NAME = /* @__PURE__ */ new RegExp(`^${NAME}$`, 'u');

/**
 * Prints a tree as libvirt prints XML: two blanks a level, single quotes, empty elements closed in place,
 * a final line break.
 *
 * @param element - the root
 * @param options - which elements libxml2 prints
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when a name or a character cannot stand in XML
 */
export const writeXml = (element: XmlElement, options: WriteXmlOptions = {}): string =>
  printXml(element, optionsOf(options, WRITE_OPTIONS, 'writeXml').verbatim);

/** `writeXml` within the library, which passes no options that have to be checked. */
export const printXml = (element: XmlElement, verbatim: (element: XmlElement) => boolean = () => false): string =>
  writeElement(element, '', { unit: '  ', verbatim });

/**
 * Prints an element into a text that has an indentation of its own. Text is left as it is, since its blanks count.
 *
 * @param indent - the blanks before the element, which are not printed before its first line
 * @param unit - one level of indentation
 */
export const writeLines = (element: XmlElement, indent: string, unit: string): string =>
  writeElement(element, indent, { unit, verbatim: () => false }).slice(indent.length, -1);

/** The text, unless it has a character that cannot stand in XML in any spelling. */
function allowed(text: string): string {
  const bad = text.search(FORBIDDEN);
  if (bad === -1) return text;
  throw new LibvirtError('INVALID_ARGUMENT', `cannot print the character ${codePoint(text, bad)}: XML forbids it`);
}

interface Style {
  readonly unit: string;
  readonly verbatim: (element: XmlElement) => boolean;
}

function writeElement(element: XmlElement, indent: string, style: Style): string {
  const open = `${indent}<${checkedName(element.name)}${writeAttributes(element)}`;
  if (element.children.length === 0) return element.open ? `${open}>\n${indent}</${element.name}>\n` : `${open}/>\n`;
  if (style.verbatim(element))
    return `${open}>\n${dumpAll(element.children, `${indent}  `)}${indent}</${element.name}>\n`;
  if (isInline(element)) return `${open}>${element.children.map(writeInline).join('')}</${element.name}>\n`;
  return `${open}>\n${joined(element.children, (child) => writeChild(child, indent + style.unit, style))}${indent}</${element.name}>\n`;
}

/** So many pieces are joined at once: those of a very long text need not be kept until its end. */
const JOINED = 256;

function joined<T>(items: readonly T[], write: (item: T) => string): string {
  let text = '';
  for (let at = 0; at < items.length; at += JOINED)
    text += items
      .slice(at, at + JOINED)
      .map(write)
      .join('');
  return text;
}

const writeAttributes = ({ attributes }: XmlElement): string =>
  joined(namesOf(attributes), (name) => ` ${checkedName(name)}='${escapeAttribute(attributes[name] ?? '')}'`);

const names = new Set<string>();

/** Names come from tables and from readers, but also from callers, who must not be able to write markup. */
function checkedName(name: string): string {
  if (names.has(name)) return name;
  if (!WHOLE_NAME.test(name)) {
    throw new LibvirtError('INVALID_ARGUMENT', `cannot print an element or attribute called ${JSON.stringify(name)}`, {
      hint: 'begin it with a letter, and leave blanks out',
    });
  }
  if (names.size < 1000) names.add(name);
  return name;
}

/** Text alone, or text mixed with elements, must stay on its line; blanks between elements are only layout. */
function isInline(element: XmlElement): boolean {
  let onlyText = true;
  for (const child of element.children) {
    if (child.type !== 'text') onlyText = false;
    else if (!isBlank(child)) return true;
  }
  return onlyText;
}

function writeChild(child: XmlNode, indent: string, style: Style): string {
  if (isElement(child)) return writeElement(child, indent, style);
  return child.type === 'text' ? '' : `${indent}${writeOther(child)}\n`;
}

/** Prints a node on one line, but for line breaks in its text. */
export function writeInline(child: XmlNode): string {
  if (child.type === 'text') return child.cdata ? writeCdata(child.text) : escapeText(child.text);
  if (!isElement(child)) return writeOther(child);
  const open = `<${checkedName(child.name)}${writeAttributes(child)}`;
  return child.children.length === 0
    ? `${open}/>`
    : `${open}>${child.children.map(writeInline).join('')}</${child.name}>`;
}

const writeCdata = (text: string): string => `<![CDATA[${allowed(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

function writeOther(node: Exclude<XmlNode, XmlElement>): string {
  if (node.type === 'comment') return `<!--${allowed(node.text).replace(/-(?=-|$)/g, '- ')}-->`;
  if (isInstruction(node.text)) return allowed(node.text);
  throw new LibvirtError(
    'INVALID_ARGUMENT',
    `cannot print the instruction ${JSON.stringify(node.text)}: it is not <?name text?>`,
  );
}

/** How a processing instruction begins. */
const INSTRUCTION = /* @__PURE__ */ new RegExp(`^<\\?(?!xml[ \\t\\r\\n?])${NAME}(?:[ \\t\\r\\n]|\\?>)`, 'iu');

const isInstruction = (text: string): boolean => INSTRUCTION.test(text) && text.indexOf('?>') === text.length - 2;

// libxml2's own layout, which libvirt uses for <metadata>: nested elements on lines of their own, but an
// element that has any text stays on one line with all that is in it.

const dumpAll = (children: readonly XmlNode[], indent: string): string =>
  children
    .filter((child) => !isBlank(child))
    .map((child) => `${indent}${dump(child, indent)}\n`)
    .join('');

/** An element as libxml2 prints it, without a line break at the end. */
export const dumpXml = (element: XmlElement): string => dump(element, '');

function dump(node: XmlNode, indent: string): string {
  if (node.type === 'text') return node.cdata ? writeCdata(node.text) : escapeVerbatimText(node.text);
  if (!isElement(node)) return writeOther(node);
  const children = withoutLayout(node.children);
  const open = `<${checkedName(node.name)}${dumpAttributes(node)}`;
  if (children.length === 0) return `${open}/>`;
  const inline = children.some((child) => child.type === 'text');
  const inner = inline
    ? children.map((child) => dump(child, '')).join('')
    : `\n${dumpAll(children, `${indent}  `)}${indent}`;
  return `${open}>${inner}</${node.name}>`;
}

function dumpAttributes(element: XmlElement): string {
  const entries = Object.entries(element.attributes);
  // libxml2 keeps namespace declarations apart from attributes and prints them first.
  const declarations = entries.filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'));
  const others = entries.filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:'));
  return [...declarations, ...others]
    .map(([name, value]) => ` ${checkedName(name)}="${escapeVerbatimAttribute(value)}"`)
    .join('');
}
