import { XMLParser } from 'fast-xml-parser';
import { LibvirtError, XmlSyntaxError } from '../errors/index.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { NO_ATTRIBUTES, NO_CHILDREN, type XmlDocument, type XmlElement, type XmlNode } from './node.js';
import { emptyRecord } from './null-object.js';
import type { Vocabulary } from './typo-hints.js';
import { assertWellFormed } from './well-formed.js';

/** Limits of {@link readXml}. */
export interface ReadXmlOptions {
  /** Deepest nesting of elements. Default: 256, as libvirt's own reader. */
  readonly maxDepth?: number;
  /** Largest document in UTF-16 units. Default: 64 Mi; libvirt's own limits are 4 MiB on the wire and 10 MiB in virsh. */
  readonly maxLength?: number;
  /** Known elements with their attributes, for suggestions in messages. Default: none. */
  readonly vocabulary?: Vocabulary;
}

const READ_OPTIONS: OptionNames<ReadXmlOptions> = { maxDepth: true, maxLength: true, vocabulary: true };

const MAX_DEPTH = 256;
const MAX_LENGTH = 64 * 1024 * 1024;

// The only module that knows fast-xml-parser. It gets text that is known to be well-formed, and is configured to
// change nothing: its own entity decoder skips numeric references, and its coercions lose data.
const PREFIX = '@';
const makeParser = (maxDepth: number) =>
  new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: PREFIX,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    cdataPropName: '#cdata',
    commentPropName: '#comment',
    processEntities: false,
    jPath: false,
    captureMetaData: true,
    maxNestedTags: maxDepth + 1,
    onDangerousProperty: (name: string) => name,
  });
const META = /* @__PURE__ */ metaSymbol();

let parser: { readonly maxDepth: number; readonly made: XMLParser } | undefined;

/** Making a parser takes as long as reading a short document, and nearly all are read with one depth. */
function parserFor(maxDepth: number): XMLParser {
  if (parser?.maxDepth !== maxDepth) parser = { maxDepth, made: makeParser(maxDepth) };
  return parser.made;
}

/** Its type says `Symbol`, which cannot be an index. */
function metaSymbol(): symbol {
  const symbol: unknown = XMLParser.getMetaDataSymbol();
  if (typeof symbol !== 'symbol') throw new TypeError('fast-xml-parser has no metadata symbol');
  return symbol;
}

interface Span {
  readonly startIndex?: number;
  readonly endIndex?: number;
}

/** A node of fast-xml-parser's ordered output: one key with the content, `:@` with the attributes. */
type Raw = Readonly<Record<string | symbol, unknown>>;

/**
 * Reads one XML document into a tree that loses nothing. Strict: what an XML processor must refuse is
 * refused, and document types altogether; nothing is expanded but the five named entities and character
 * numbers.
 *
 * @param input - the text, or its bytes in UTF-8
 * @param options - limits and words for suggestions
 * @throws {@link XmlSyntaxError} code `XML_SYNTAX`, with line, column and often the likely fix
 */
export function readXml(input: string | Uint8Array, options: ReadXmlOptions = {}): XmlDocument {
  const known = optionsOf(options, READ_OPTIONS, 'readXml');
  const { maxDepth = MAX_DEPTH, maxLength = MAX_LENGTH, vocabulary = {} } = known;
  const source = textOf(input);
  if (source.length > maxLength) throw tooLong(source.length, maxLength);
  assertWellFormed(source, { maxDepth, vocabulary });
  const root = convertAll(parserFor(maxDepth).parse(source), source).find((node) => node.type === 'element');
  if (root === undefined) throw new LibvirtError('XML_SYNTAX', 'the document has no root element');
  return { root, source };
}

function textOf(input: string | Uint8Array): string {
  if (typeof input === 'string') return input;
  if (ArrayBuffer.isView(input)) return decodeUtf8(input);
  const hint = 'read the file first, as text or as bytes';
  throw new LibvirtError('INVALID_ARGUMENT', `an XML document is text or bytes, not ${typeof input}`, { hint });
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new XmlSyntaxError('the bytes are not UTF-8', { line: 1, column: 1 }, { hint: otherEncoding(bytes), cause });
  }
}

function otherEncoding([first, second]: Uint8Array): string {
  if (first === 0x1f && second === 0x8b) return 'decompress the file, which gzip has written';
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16 ? 'convert the document from UTF-16 to UTF-8' : 'convert the document to UTF-8';
}

const tooLong = (length: number, limit: number): XmlSyntaxError =>
  new XmlSyntaxError(
    `the document has ${length} characters, the limit is ${limit}`,
    { line: 1, column: 1 },
    { hint: 'raise maxLength if the source is trusted' },
  );

function convertAll(raw: unknown, source: string): readonly XmlNode[] {
  if (!Array.isArray(raw) || raw.length === 0) return NO_CHILDREN;
  const nodes: XmlNode[] = [];
  for (const one of raw) nodes.push(convert(one, source));
  return nodes;
}

function convert(raw: Raw, source: string): XmlNode {
  const name = contentKey(raw);
  if (name === '#text') return { type: 'text', text: decodeText(String(raw[name])) };
  if (name === '#cdata') return { type: 'text', text: normalizeLines(innerText(raw[name])), cdata: true };
  if (name === '#comment') return { type: 'comment', text: normalizeLines(innerText(raw[name])) };
  const span: Span = spanOf(raw);
  if (name.startsWith('?')) return { type: 'instruction', text: source.slice(span.startIndex, span.endIndex) };
  return elementOf(name, raw, span, source);
}

const elementOf = (name: string, raw: Raw, span: Span, source: string): XmlElement => ({
  type: 'element',
  name,
  attributes: decodeAttributes(raw[':@']),
  children: convertAll(raw[name], source),
  start: span.startIndex ?? 0,
  end: span.endIndex ?? 0,
});

const spanOf = (raw: Raw): Span => {
  const span: unknown = raw[META];
  return typeof span === 'object' && span !== null ? span : {};
};

function contentKey(raw: Raw): string {
  for (const key in raw) if (key !== ':@') return key;
  return '';
}

/** Comments and CDATA arrive as a list with one text. */
function innerText(raw: unknown): string {
  const first: unknown = Array.isArray(raw) ? raw[0] : undefined;
  return typeof first === 'object' && first !== null && '#text' in first ? String(first['#text']) : '';
}

function decodeAttributes(raw: unknown): Readonly<Record<string, string>> {
  if (typeof raw !== 'object' || raw === null) return NO_ATTRIBUTES;
  const attributes = emptyRecord<string>();
  for (const [key, value] of Object.entries(raw)) attributes[key.slice(PREFIX.length)] = decodeAttribute(String(value));
  return attributes;
}

/** Raw blanks of all kinds are one blank each in an attribute; those written as numbers stay what they are. */
function decodeAttribute(raw: string): string {
  return decodeEntities(/[\t\n\r]/.test(raw) ? raw.replace(/\r\n|[\t\n\r]/g, ' ') : raw);
}

const normalizeLines = (raw: string): string => (raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw);

const decodeText = (raw: string): string => decodeEntities(normalizeLines(raw));

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(/&(?:#x([\da-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
