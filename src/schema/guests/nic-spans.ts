import { LibvirtError } from '../../errors/index.js';

/** Where an element stands in a text. */
export interface NicSpan {
  readonly start: number;
  readonly end: number;
}

/** A comment, CDATA, an instruction, a document type, or a tag: its slash, its name, and the slash that closes it in place. */
const MARKUP =
  /<(?:!--[\s\S]*?-->|!\[CDATA\[[\s\S]*?\]\]>|\?[\s\S]*?\?>|![^>]*>|(\/?)([^\s/>]+)(?:[^"'>/]|"[^"]*"|'[^']*'|\/(?!>))*(\/?)>)/g;

/** The way to a NIC of a domain. */
const WAY = ['domain', 'devices', 'interface'];

/**
 * Finds the `<interface>` elements of a domain in one pass that looks at tags alone: a guest has hundreds of elements of
 * which few are NICs.
 *
 * @param text - a domain, well-formed as far as anybody looks
 * @returns nothing where the text is not a domain whose tags close: a reader says why
 */
export function nicSpans(text: string): readonly NicSpan[] | undefined {
  const spans: NicSpan[] = [];
  const open: string[] = [];
  let start = 0;
  MARKUP.lastIndex = 0;
  for (let found = MARKUP.exec(text); found !== null; found = MARKUP.exec(text)) {
    const [, slash, name, closed] = found;
    if (name === undefined) continue;
    if (open.length === 0 && (name !== 'domain' || slash === '/')) return undefined;
    if (slash !== '/') {
      open.push(name);
      if (isOnWay(open)) start = found.index;
      if (closed !== '/') continue;
    }
    if (isOnWay(open)) spans.push({ start, end: MARKUP.lastIndex });
    if (open.pop() !== name) return undefined;
    if (open.length === 0) return spans;
  }
  return undefined;
}

const isOnWay = (open: readonly string[]): boolean =>
  open.length === WAY.length && open[2] === WAY[2] && open[1] === WAY[1];

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
