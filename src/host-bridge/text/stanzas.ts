import { wordsOf } from '../read/values.js';
import { eachJoinedLine, type Line } from './sections.js';

/** An option of a stanza. */
export interface StanzaOption {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** An `iface` stanza of an interfaces file. */
export interface ReadStanza {
  /** The device, without the label of an alias such as `br0:0`. */
  readonly device: string;
  /** Set for an alias: the whole name. */
  readonly label: string | undefined;
  readonly family: string;
  /** Empty where the stanza leaves it out, as ifupdown-ng allows: it then goes by the options. */
  readonly method: string;
  readonly line: number;
  readonly options: StanzaOption[];
}

/** An interfaces file taken apart. */
export interface ReadInterfaces {
  readonly stanzas: readonly ReadStanza[];
  /** Devices that come up with the host. */
  readonly auto: ReadonlySet<string>;
  /** Patterns of files that are read as well. */
  readonly sources: readonly Line[];
  /** Lines of other kinds. */
  readonly others: readonly Line[];
  /** Lines that make ifupdown refuse the whole file. */
  readonly flaws: readonly (Line & { readonly why: string })[];
}

const COMMENTS = { mark: /^#/, isInside: false } as const;
const OTHERS = ['mapping', 'no-auto-down', 'no-scripts', 'template', 'rename'];
const AUTO = ['auto', 'allow-auto', 'allow-hotplug'];
const SOURCES = ['source', 'source-directory'];

/** Reads the stanzas of an interfaces file. Dashes and underscores in keys are the same. */
export function readStanzas(source: string): ReadInterfaces {
  const collected: Collected = { stanzas: [], byName: new Map(), auto: new Set(), sources: [], others: [], flaws: [] };
  let isOpen = false;
  const take = (text: string, line: number): void => {
    isOpen = takeLine({ text, line }, isOpen, collected);
  };
  eachJoinedLine(source, take, COMMENTS);
  return collected;
}

interface Collected {
  readonly stanzas: ReadStanza[];
  /** The first stanza of each name, for those that inherit its options. */
  readonly byName: Map<string, ReadStanza>;
  readonly auto: Set<string>;
  readonly sources: Line[];
  readonly others: Line[];
  readonly flaws: (Line & { readonly why: string })[];
}

/** Takes one line, and tells whether a stanza is open after it. */
function takeLine(line: Line, isOpen: boolean, into: Collected): boolean {
  const { text } = line;
  const [word = ''] = /^\S+/.exec(text) ?? [];
  if (word === 'iface') return openStanza(wordsOf(text.slice(word.length)), line, into);
  if (AUTO.includes(word)) for (const name of wordsOf(text.slice(word.length))) into.auto.add(name);
  else if (SOURCES.includes(word)) into.sources.push(line);
  else if (OTHERS.includes(word) || word.startsWith('allow-') || !isOpen) into.others.push(line);
  else return takeOption(word, line, into);
  return false;
}

function openStanza(words: readonly string[], line: Line, into: Collected): boolean {
  const heir = words.indexOf('inherits');
  const base = heir === -1 ? undefined : into.byName.get(words[heir + 1] ?? '');
  const [name, family = base?.family ?? 'inet', method = base?.method ?? ''] =
    heir === -1 ? words : words.slice(0, heir);
  if (name === undefined) into.flaws.push({ ...line, why: 'iface names no device' });
  if (name === undefined) return false;
  const inherited = base?.options ?? [];
  const [device = ''] = name.split(':');
  const label = name === device ? undefined : name;
  const stanza = { device, label, family, method, line: line.line, options: [...inherited] };
  into.stanzas.push(stanza);
  if (!into.byName.has(name)) into.byName.set(name, stanza);
  return true;
}

function takeOption(word: string, { text, line }: Line, { stanzas, flaws }: Collected): true {
  const value = text.slice(word.length).trim();
  if (value === '') flaws.push({ text, line, why: `the option '${word}' has no value` });
  else stanzas.at(-1)?.options.push({ key: word.replaceAll('_', '-'), value, line });
  return true;
}
