import { joinedLines, type Line } from './sections.js';

/** An option of a stanza. */
export interface StanzaOption {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** An `iface` stanza of an interfaces file. */
export interface ReadStanza {
  readonly device: string;
  readonly family: string;
  readonly method: string;
  readonly line: number;
  readonly options: StanzaOption[];
}

/** An interfaces file taken apart. */
export interface ReadInterfaces {
  readonly stanzas: readonly ReadStanza[];
  /** Devices that come up with the host. */
  readonly auto: ReadonlySet<string>;
  /** Lines of other kinds. */
  readonly others: readonly Line[];
}

/** Reads the stanzas of an interfaces file. Dashes and underscores in keys are the same. */
export function readStanzas(source: string): ReadInterfaces {
  const stanzas: ReadStanza[] = [];
  const auto = new Set<string>();
  const others: Line[] = [];
  let isOpen = false;
  for (const { text, line } of joinedLines(source)) {
    const [word = '', ...rest] = text.split(/\s+/);
    const [device = '', family = 'inet', method = 'manual'] = rest;
    if (word === 'iface') stanzas.push({ device, family, method, line, options: [] });
    else if (word === 'auto' || word === 'allow-auto' || word === 'allow-hotplug')
      for (const name of rest) auto.add(name);
    else if (isOther(word) || !isOpen) others.push({ text, line });
    else stanzas.at(-1)?.options.push({ key: word.replaceAll('_', '-'), value: text.slice(word.length).trim(), line });
    isOpen = word === 'iface' || (isOpen && !isOther(word) && word !== 'auto' && !word.startsWith('allow-'));
  }
  return { stanzas, auto, others };
}

const isOther = (word: string): boolean =>
  ['source', 'source-directory', 'mapping', 'no-auto-down', 'no-scripts', 'template', 'rename'].includes(word);
