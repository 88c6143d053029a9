import { LibvirtError } from '../../errors/index.js';

/** Where an element stands in a text. */
export interface NicSpan {
  readonly start: number;
  readonly end: number;
}

/** What a `<` begins that is not a tag, and how it ends. */
const ASIDES = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/** The way to a NIC of a domain. */
const WAY = ['domain', 'devices', 'interface'];

/**
 * Finds the `<interface>` elements of a domain in one pass that looks at tags alone: a guest has hundreds of elements of
 * which few are NICs. Each character is looked at once.
 *
 * @param text - a domain, well-formed as far as anybody looks
 * @returns nothing where the text is not a domain whose tags close, or where namespaces decide: a reader says more
 */
export function nicSpans(text: string): readonly NicSpan[] | undefined {
  const scan = new Scan(text);
  while (scan.next());
  return scan.spans;
}

class Scan {
  readonly #text: string;
  readonly #open: string[] = [];
  readonly #found: NicSpan[] = [];
  #at = 0;
  #start = 0;
  #state: 'before' | 'inside' | 'after' | 'failed' = 'before';

  constructor(text: string) {
    this.#text = text;
  }

  /** The NICs; nothing where the text is not a domain. */
  get spans(): readonly NicSpan[] | undefined {
    return this.#state === 'after' ? this.#found : undefined;
  }

  /** Looks at the next tag, comment, or the like; false at the end. */
  next(): boolean {
    const start = this.#text.indexOf('<', this.#at);
    const between = this.#state === 'inside' ? '' : this.#text.slice(this.#at, start === -1 ? undefined : start);
    if (/[^ \t\r\n\ufeff]/.test(between)) return this.#fail();
    if (start === -1) return this.#state === 'inside' ? this.#fail() : false;
    const aside = ASIDES.find(([begin]) => this.#text.startsWith(begin, start));
    if (aside === undefined) return this.#tag(start);
    const end = this.#text.indexOf(aside[1], start + aside[0].length);
    if (end === -1 || (this.#state !== 'inside' && aside[0] === '<![CDATA[')) return this.#fail();
    this.#at = end + aside[1].length;
    return true;
  }

  #fail(): false {
    this.#state = 'failed';
    return false;
  }

  #tag(start: number): boolean {
    const end = endOfTag(this.#text, start + 1);
    if (end === undefined || this.#state === 'after') return this.#fail();
    this.#at = end;
    const isEnd = this.#text[start + 1] === '/';
    const tag = this.#text.slice(start + (isEnd ? 2 : 1), end - 1);
    const name = /^[^\s/]+/.exec(tag)?.[0] ?? '!';
    if (name.startsWith('!') || (this.#state === 'before' && (isEnd || name !== WAY[0]))) return this.#fail();
    return isEnd ? this.#closed(name, end) : this.#opened({ name, tag, start, end });
  }

  #opened({ name, tag, start, end }: { name: string; tag: string; start: number; end: number }): boolean {
    this.#state = 'inside';
    this.#open.push(name);
    if (name === WAY[this.#open.length - 1] && tag.includes('xmlns=')) return this.#fail();
    if (this.#isOnWay()) this.#start = start;
    return tag.endsWith('/') ? this.#closed(name, end) : true;
  }

  #closed(name: string, end: number): boolean {
    if (this.#isOnWay()) this.#found.push({ start: this.#start, end });
    if (this.#open.pop() !== name) return this.#fail();
    if (this.#open.length === 0) this.#state = 'after';
    return true;
  }

  #isOnWay(): boolean {
    return this.#open.length === WAY.length && this.#open[2] === WAY[2] && this.#open[1] === WAY[1];
  }
}

/** The place after a tag; nothing where it does not end. */
function endOfTag(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '>') return at + 1;
    if (character === '<') return undefined;
    if (character !== '"' && character !== "'") continue;
    at = text.indexOf(character, at + 1);
    if (at === -1) return undefined;
  }
  return undefined;
}

/** Documents that hold a domain, and what to do instead. */
const AROUND: Readonly<Record<string, string>> = {
  domainsnapshot: 'a snapshot is not edited: change the domain itself',
  domaincheckpoint: 'a checkpoint is not edited: change the domain itself',
  domstatus: 'this is the file in which a daemon keeps a running guest: read the guest with virsh dumpxml',
  domainbackup: 'pass the domain itself',
  interface: 'read a NIC alone with GuestNic.parse',
};

/** Refuses a document that is not a domain. */
export function assertDomain(root: string): void {
  if (root === 'domain') return;
  throw new LibvirtError('INVALID_ARGUMENT', `the root element is <${root}>, not <domain>`, {
    hint: AROUND[root] ?? 'pass the domain, as virsh dumpxml --inactive prints it',
  });
}
