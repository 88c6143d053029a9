import type { Line } from '../text/sections.js';
import { type ReadStanza, readStanzas, type StanzaOption } from '../text/stanzas.js';
import type { ReadContext, SourceFile } from './context.js';
import { SettingTracker } from './setting-tracker.js';

/** A stanza whose options are taken one by one. */
export interface Stanza extends Omit<ReadStanza, 'options'> {
  readonly file: SourceFile;
  readonly settings: SettingTracker;
}

/** All stanzas of the files, and the devices that come up with the host. */
export interface Interfaces {
  readonly stanzas: readonly Stanza[];
  readonly auto: ReadonlySet<string>;
}

/** Reads interfaces files; what no stanza holds is reported at once. */
export function readInterfaces(files: readonly SourceFile[], context: ReadContext): Interfaces {
  const stanzas: Stanza[] = [];
  const auto = new Set<string>();
  const folders = [...new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1)))];
  for (const file of files) {
    const read = readStanzas(file.content);
    const [flaw] = read.flaws;
    if (flaw !== undefined) context.refuse(file, flaw.line, flaw.why);
    const tell = ({ line, text }: Line): void => context.leaveOut(file, line, text);
    read.others.forEach(tell);
    read.sources.filter((source) => !isGiven(source, folders)).forEach(tell);
    for (const name of read.auto) auto.add(name);
    for (const stanza of read.stanzas) stanzas.push(stanzaOf(file, stanza));
  }
  return { stanzas, auto };
}

/** Tells whether files that another one asks for are among those that were given. */
function isGiven({ text }: Line, folders: readonly string[]): boolean {
  const [word, pattern = ''] = text.split(/\s+/);
  const folder = word === 'source-directory' ? `${pattern}/` : pattern.slice(0, pattern.lastIndexOf('/') + 1);
  return folders.some((one) => one.endsWith(folder));
}

const stanzaOf = (file: SourceFile, { options, ...stanza }: ReadStanza): Stanza => ({
  ...stanza,
  file,
  settings: new SettingTracker(file, withFirstOnly(options)),
});

/** Options that count each time they are there. */
const REPEATED = /^(?:(?:pre-|post-)?(?:up|down)|bridge-(?:pathcost|portprio)|dns-.*)$/;

/** Of other options the first counts. */
function withFirstOnly(options: readonly StanzaOption[]): readonly StanzaOption[] {
  const seen = new Set<string>();
  return options.map((option) => {
    const isAgain = !REPEATED.test(option.key) && seen.has(option.key);
    seen.add(option.key);
    return isAgain ? { ...option, key: `${option.key} (again)` } : option;
  });
}
