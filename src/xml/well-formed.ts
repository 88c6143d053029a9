import { XmlSyntaxError } from '../errors/index.js';
import { codePoint, FORBIDDEN } from './characters.js';
import { NAME } from './name.js';
import { Lines } from './position.js';
import { causeOf } from './text-causes.js';
import { type Slip, slipInTag, standsForValue, type Vocabulary } from './typo-hints.js';

/** Options of the strict reading. */
export interface StrictOptions {
  /** Deepest nesting of elements. libvirt's own reader stops at 256. */
  readonly maxDepth: number;
  /** Known elements and attributes, for suggestions. */
  readonly vocabulary: Vocabulary;
}

const START_TAG = /* @__PURE__ */ new RegExp(`<(${NAME})`, 'uy');
const END_TAG = /* @__PURE__ */ new RegExp(`</(${NAME})[ \\t\\r\\n]*>`, 'uy');
const ATTRIBUTE = /* @__PURE__ */ new RegExp(
  `[ \\t\\r\\n]+(${NAME})[ \\t\\r\\n]*=[ \\t\\r\\n]*(?:"([^"<]*)"|'([^'<]*)')`,
  'uy',
);
const TAG_END = /[ \t\r\n]*(\/?)>/y;
const INSTRUCTION = /* @__PURE__ */ new RegExp(`<\\?(${NAME})(?=[ \\t\\r\\n]|\\?>)`, 'uy');
const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.\d+"|'1\.\d+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y;
const REFERENCE = /&(?:(?:lt|gt|amp|quot|apos)|#(\d+)|#x([\da-fA-F]+));/y;

/** Tags of web pages, which stand for nothing. */
const HTML_TAGS = /^(?:br|hr|p|b|i|u|em|strong|span|div|pre|code|tt|img|a)$/i;

/** Tags of web pages that are never closed. */
const VOID_HTML_TAGS = /^(?:br|hr|img)$/i;

/** The hint for an element that is still open where an outer one ends. */
function unclosedHint(name: string, opened: string, text: string): string {
  if (VOID_HTML_TAGS.test(name)) return `remove <${name}>, which belongs to HTML, or write it as text: &lt;${name}&gt;`;
  return text.indexOf('>') === text.length - 1
    ? `write /> at the end of ${opened} if it is empty, or close it with </${name}>`
    : `close ${opened} with </${name}> first`;
}

// fast-xml-parser cannot hold elements of these names; as attributes they are harmless.
const UNUSABLE = new Set(['__proto__', 'constructor', 'prototype']);

interface Open {
  readonly name: string;
  readonly start: number;
}

/**
 * Refuses what an XML processor must refuse, and document types altogether. fast-xml-parser accepts
 * nearly anything, and its validator misses a dozen cases and often cannot say where; so the text is
 * walked once here, and parsed only when it is known to be well-formed.
 *
 * @throws {@link XmlSyntaxError}
 */
export function assertWellFormed(source: string, options: StrictOptions): void {
  new Walk(source, options).run();
}

/** Finds the next place of a word. Remembers it, so that a walk over the text looks at each character once. */
class Finder {
  readonly #source: string;
  readonly #word: string;
  #next = -1;

  constructor(source: string, word: string) {
    this.#source = source;
    this.#word = word;
  }

  /** The first place at or after an offset; infinity when there is none. Offsets must not go back. */
  from(offset: number): number {
    if (this.#next < offset) {
      const at = this.#source.indexOf(this.#word, offset);
      this.#next = at === -1 ? Number.POSITIVE_INFINITY : at;
    }
    return this.#next;
  }
}

class Walk {
  readonly #source: string;
  readonly #options: StrictOptions;
  readonly #open: Open[] = [];
  readonly #ampersands: Finder;
  readonly #cdataEnds: Finder;
  #at = 0;
  #hasRoot = false;
  /** The name of a root element that is closed by its own `/>`. */
  #emptyRoot: string | undefined;

  constructor(source: string, options: StrictOptions) {
    this.#source = source;
    this.#ampersands = new Finder(source, '&');
    this.#cdataEnds = new Finder(source, ']]>');
    this.#options = options;
  }

  run(): void {
    const bad = this.#source.search(FORBIDDEN);
    if (bad !== -1) this.#fail(`the character ${codePoint(this.#source, bad)} is not allowed in XML`, bad);
    if (this.#source.startsWith('\uFEFF')) this.#at = 1;
    this.#declaration();
    while (this.#at < this.#source.length) {
      const next = this.#source.indexOf('<', this.#at);
      this.#text(this.#at, next === -1 ? this.#source.length : next);
      if (next === -1) break;
      this.#at = next;
      this.#markup();
    }
    this.#end();
  }

  #declaration(): void {
    if (!this.#source.startsWith('<?xml', this.#at) || !/[ \t\r\n?]/.test(this.#source[this.#at + 5] ?? '?')) return;
    const match = this.#match(DECLARATION);
    if (match === null)
      this.#fail(
        'the XML declaration is malformed',
        this.#at,
        "write <?xml version='1.0' encoding='UTF-8'?>, or leave it out",
      );
    const encoding = match[1] ?? match[2];
    if (encoding !== undefined && !/^(utf-?8|us-ascii|ascii)$/i.test(encoding)) {
      this.#fail(`the encoding ${encoding} is not supported`, this.#at, 'convert the document to UTF-8');
    }
    this.#at += match[0].length;
  }

  #markup(): void {
    const second = this.#source[this.#at + 1];
    if (second === '/') this.#endTag();
    else if (second === '?') this.#instruction();
    else if (second === '!') this.#declarationOrComment();
    else this.#startTag();
  }

  #text(from: number, to: number): void {
    if (from === to) return;
    if (this.#open.length === 0) return this.#outside(from, to);
    const end = this.#cdataEnds.from(from);
    if (end < to) this.#fail("']]>' must not stand in text", end, 'write ]]&gt;');
    this.#references(from, to);
  }

  #outside(from: number, to: number): void {
    const text = this.#source.slice(from, to);
    const at = text.search(/[^ \t\r\n]/);
    if (at === -1) return;
    const where = this.#hasRoot ? 'after the root element' : 'before the root element';
    this.#fail(`there is text ${where}: ${excerpt(text.slice(at))}`, from + at, this.#outsideHint());
  }

  #outsideHint(): string {
    if (this.#hasRoot) return 'remove what comes after the document';
    return this.#source.includes('<') ? 'remove what comes before the first <' : 'pass the text of an XML document';
  }

  #references(from: number, to: number): void {
    for (let at = this.#ampersands.from(from); at < to; at = this.#ampersands.from(at + 1)) {
      REFERENCE.lastIndex = at;
      const match = REFERENCE.exec(this.#source);
      if (match === null) this.#badReference(at);
      const code =
        match[1] === undefined ? (match[2] === undefined ? 0x20 : Number.parseInt(match[2], 16)) : Number(match[1]);
      if (!isCharacter(code)) this.#fail(`${match[0]} is not a character that XML allows`, at);
    }
  }

  #badReference(at: number): never {
    const entity = /^&[\w.:-]+;/.exec(this.#source.slice(at, at + 64))?.[0];
    if (entity !== undefined)
      this.#fail(
        `the entity ${entity} is unknown`,
        at,
        'XML knows &lt; &gt; &amp; &quot; &apos; and numbers such as &#38;',
      );
    this.#fail("'&' must be written &amp;", at);
  }

  #declarationOrComment(): void {
    if (this.#source.startsWith('<!--', this.#at)) return this.#comment();
    if (this.#source.startsWith('<![CDATA[', this.#at)) return this.#cdata();
    if (/^<!DOCTYPE/i.test(this.#source.slice(this.#at, this.#at + 9))) {
      this.#fail('document type declarations are refused', this.#at, 'remove the DOCTYPE; network documents need none');
    }
    this.#fail("'<!' begins neither a comment nor CDATA", this.#at);
  }

  #comment(): void {
    const end = this.#source.indexOf('--', this.#at + 4);
    if (end === -1) this.#fail('the comment is not closed', this.#at, 'close it with -->');
    if (this.#source[end + 2] !== '>') {
      const isNested = this.#source.startsWith('<!', end - 2);
      const hint = isNested ? 'end the first comment before the next begins' : 'write a single hyphen';
      this.#fail("'--' must not stand inside a comment", end, hint);
    }
    this.#at = end + 3;
  }

  #cdata(): void {
    if (this.#open.length === 0) this.#fail('CDATA must stand inside the root element', this.#at);
    const end = this.#source.indexOf(']]>', this.#at + 9);
    if (end === -1) this.#fail('the CDATA section is not closed', this.#at, 'close it with ]]>');
    this.#at = end + 3;
  }

  #instruction(): void {
    const name = this.#match(INSTRUCTION)?.[1];
    if (name === undefined) this.#fail('the processing instruction has no name', this.#at);
    if (name.toLowerCase() === 'xml') this.#fail('the XML declaration must be the very first thing', this.#at);
    const end = this.#source.indexOf('?>', this.#at);
    if (end === -1) this.#fail('the processing instruction is not closed', this.#at, 'close it with ?>');
    this.#at = end + 2;
  }

  #startTag(): void {
    const start = this.#at;
    const name = this.#match(START_TAG)?.[1];
    if (name === undefined) this.#failInTag(start, "'<' must be followed by a name, or be written &lt;", start);
    if (this.#open.length === 0 && this.#hasRoot)
      this.#fail(`<${name}> is a second root element`, start, this.#secondRootHint(name));
    if (UNUSABLE.has(name)) this.#fail(`an element must not be called ${name}`, start);
    this.#at = start + 1 + name.length;
    this.#attributes(start, name);
    const end = this.#match(TAG_END);
    if (end === null) this.#malformed(start, name);
    this.#at += end[0].length;
    this.#hasRoot = true;
    if (end[1] === '') this.#push({ name, start });
    else if (this.#open.length === 0) this.#emptyRoot = name;
  }

  #malformed(tag: number, name: string): never {
    const rest = this.#source.slice(this.#at);
    if (/[<>]/.test(rest)) this.#failInTag(tag, `the tag <${name}> is malformed: ${excerpt(rest)}`, this.#at);
    this.#fail(`the text ends inside of the tag <${name}>`, tag, 'get the rest of the document');
  }

  #secondRootHint(name: string): string {
    const root = this.#emptyRoot;
    return root === undefined || root === name
      ? 'read each document by itself'
      : `<${root} .../> is closed by its own />: remove that slash`;
  }

  #push(open: Open): void {
    this.#open.push(open);
    if (this.#open.length > this.#options.maxDepth) {
      this.#fail(`elements are nested deeper than ${this.#options.maxDepth}`, open.start);
    }
  }

  #attributes(tag: number, element: string): void {
    let names: Set<string> | undefined;
    let first: string | undefined;
    for (let match = this.#match(ATTRIBUTE); match !== null; match = this.#match(ATTRIBUTE)) {
      const name = match[1] ?? '';
      const end = this.#at + match[0].length;
      if (first === undefined) first = name;
      else names ??= new Set([first]);
      if (names?.has(name))
        this.#fail(`<${element}> has the attribute ${name} more than once`, this.#at + match[0].search(/\S/));
      names?.add(name);
      this.#references(end - 1 - (match[2] ?? match[3] ?? '').length, end - 1);
      this.#at = end;
    }
    const next = this.#source[this.#at];
    if (next === undefined) this.#failInTag(tag, `the tag <${element}> is not closed`, tag);
  }

  #endTag(): void {
    const at = this.#at;
    const match = this.#match(END_TAG);
    const open = this.#open.pop();
    if (match === null) {
      const hint = open === undefined ? undefined : `write </${open.name}>`;
      this.#fail(`the closing tag is malformed: ${excerpt(this.#source.slice(at))}`, at, hint);
    }
    if (open === undefined) this.#fail(`</${match[1]}> closes nothing`, at, this.#closedBefore(match[1] ?? '', 0, at));
    if (open.name !== match[1]) this.#mismatch(open, match[1] ?? '', at);
    this.#at = at + match[0].length;
  }

  #mismatch(open: Open, name: string, at: number): never {
    const opened = `<${open.name}> of ${this.#place(open.start)}`;
    const parent = this.#open.at(-1);
    const tag = this.#source.slice(open.start, at).trimEnd();
    const isKnown = (element: string) => Object.hasOwn(this.#options.vocabulary, element);
    const isPlaceholder =
      isKnown(name) && !isKnown(open.name) && !HTML_TAGS.test(open.name) && /^<[^<>/="']*>$/.test(tag);
    if (parent?.name === name && isPlaceholder) this.#failFor(standsForValue(tag), open.start);
    const outer = this.#open.some((other) => other.name === name);
    const isClosedTwice = this.#source.slice(open.start, at).includes(`<${open.name}/>`);
    const hint = isClosedTwice
      ? `write </${open.name}> instead of <${open.name}/>`
      : parent?.name === open.name
        ? `write </${open.name}> instead of ${opened}`
        : outer
          ? unclosedHint(open.name, opened, tag)
          : (this.#closedBefore(name, open.start, at) ?? `write </${open.name}>`);
    this.#fail(`</${name}> does not close ${opened}`, at, hint);
  }

  #place(offset: number): string {
    const { line, column } = new Lines(this.#source).at(offset);
    return `line ${line}, column ${column}`;
  }

  /** The hint for a closing tag whose element is closed already, often by a slash at the end of its own tag. */
  #closedBefore(name: string, from: number, to: number): string | undefined {
    const start = this.#source.lastIndexOf(`<${name}`, to - 1);
    if (start < from) return undefined;
    const isSelfClosed = this.#source[this.#source.indexOf('>', start) - 1] === '/';
    return isSelfClosed
      ? `<${name} .../> of ${this.#place(start)} is closed by its own />: remove that slash, or </${name}>`
      : `<${name}> of ${this.#place(start)} is closed already: remove one </${name}>`;
  }

  #end(): void {
    const open = this.#open.at(-1);
    if (open !== undefined) this.#fail(`<${open.name}> is not closed`, open.start, `add </${open.name}>`);
    if (!this.#hasRoot) this.#fail('the document is empty', 0, 'expected an element such as <network>');
  }

  /** A tag that cannot be read is often one of a few slips that can be named. */
  #failInTag(tag: number, message: string, at: number): never {
    const slip = slipInTag(this.#source, tag, this.#options.vocabulary);
    if (slip === undefined) this.#fail(message, at);
    this.#failFor(slip, tag, at);
  }

  #failFor({ message, hint, at }: Slip, tag: number, place = tag): never {
    this.#fail(message, at ?? tag, hint, place);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source);
  }

  /** Refuses the text. What happened to it on its way here explains more than what is wrong at one place. */
  #fail(message: string, at: number, hint?: string, place = at): never {
    const cause = causeOf(this.#source, place);
    const position = new Lines(this.#source).at(cause?.offset === undefined ? at : place + cause.offset);
    throw new XmlSyntaxError(cause?.message ?? message, position, { hint: cause?.hint ?? hint });
  }
}

const isCharacter = (code: number): boolean => code <= 0x10ffff && !FORBIDDEN.test(String.fromCodePoint(code));

/** The first line of a text, shortened, in quotes. */
function excerpt(text: string): string {
  const line = text.slice(0, 200).split(/[\r\n]/, 1)[0] ?? '';
  return `'${line.length > 40 ? `${line.slice(0, 40)}…` : line}'`;
}
