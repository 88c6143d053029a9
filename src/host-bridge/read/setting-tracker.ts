import { KeyIndex } from '../../lists/key-index.js';
import type { ReadSection } from '../text/sections.js';
import type { ReadContext, SourceFile } from './context.js';
import { wordsOf } from './values.js';

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  /** Absent where the tracker has one file only. */
  readonly file?: SourceFile;
}

/** A file and the sections in it. */
export interface FileSections {
  readonly file: SourceFile;
  readonly sections: readonly ReadSection[];
}

interface Section {
  readonly name: string;
  readonly settings: readonly Entry[];
}

/** Returns a function that tells of a setting that is left out. */
const teller =
  (of: SourceFile, prefix: string, { leaveOut }: ReadContext) =>
  ({ key, value, line, file = of }: Entry): void =>
    leaveOut(file, line, `${prefix}${key}=${value}`);

/** Sections up to this size are searched one by one: an index of their keys would take more room than they do. */
const FEW = 8;

/**
 * Settings that are taken one by one, as often as there are devices that they are for: what nobody took is not
 * supported, and is reported. A setting whose value cannot be read counts as not taken.
 */
export class SettingTracker {
  readonly #file: SourceFile;
  readonly #entries: readonly Entry[];
  /** Made when a long section is asked for a key. */
  #byKey: KeyIndex<Entry> | undefined;
  readonly #taken: boolean[] = [];
  /** Parts of values that were taken otherwise. */
  readonly #parts: Entry[] = [];

  constructor(file: SourceFile, entries: readonly Entry[]) {
    this.#file = file;
    this.#entries = entries;
  }

  /** The value that counts: the last one. The others are taken along. */
  text(...keys: readonly string[]): string | undefined {
    return this.one((value) => value, ...keys);
  }

  /** The last value of any of the keys, as something else. */
  one<T>(read: (text: string) => T | undefined, ...keys: readonly string[]): T | undefined {
    const last = this.#lastOf(...keys);
    const value = last === undefined ? undefined : read(last.value);
    if (value !== undefined) this.skip(...keys);
    return value;
  }

  /** The values of a key that may stand there many times. */
  many<T>(read: (text: string) => T | undefined, ...keys: readonly string[]): readonly T[] {
    return this.#indexesOf(keys).flatMap((i) => {
      const value = read(this.#entries[i]?.value ?? '');
      if (value === undefined) return [];
      this.#taken[i] = true;
      return [value];
    });
  }

  /** The words of all values of a key, but for those before an empty value. Words that cannot be read are left. */
  words<T>(key: string, read: (word: string) => T | undefined): readonly T[] {
    const found = this.#indexesOf([key]).flatMap((i) => this.#entries[i] ?? []);
    const reset = found.findLastIndex(({ value }) => value === '');
    this.skip(key);
    return found.slice(reset + 1).flatMap((entry) => this.#partsOf(entry, wordsOf(entry.value), read));
  }

  /** The value that counts, without taking it. */
  peek(key: string): string | undefined {
    return this.#lastOf(key)?.value;
  }

  /** The line of the value that counts, without taking it. */
  lineOf(key: string): number | undefined {
    return this.#lastOf(key)?.line;
  }

  /** The items of the list that counts, taken apart by the caller. Items that cannot be read are left, each by itself. */
  items<T>(
    key: string,
    split: (text: string) => readonly string[],
    read: (item: string) => T | undefined,
  ): readonly T[] {
    const entry = this.#lastOf(key);
    if (entry === undefined) return [];
    this.skip(key);
    return this.#partsOf(entry, split(entry.value), read);
  }

  /** Numbers by name, `eno1 50`, of a key that may stand there many times. */
  pairs(key: string): ReadonlyMap<string, number> {
    const found = this.many((text) => {
      const [, name, value] = /^(\S+)\s+(\d+)$/.exec(text) ?? [];
      return name === undefined ? undefined : ([name, Number(value)] as const);
    }, key);
    return new Map(found);
  }

  /** Tells whether a key is there. */
  has(key: string): boolean {
    return this.#lastOf(key) !== undefined;
  }

  /** Tells whether there are no settings at all. */
  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** The keys that match. */
  keys(pattern: RegExp): readonly string[] {
    return this.#entries.flatMap(({ key }) => (pattern.test(key) ? [key] : []));
  }

  /** Takes out what needs no place: it says what would be so anyway, or is nobody's business here. */
  skip(...keys: readonly string[]): void {
    for (const i of this.#indexesOf(keys)) this.#taken[i] = true;
  }

  /** Takes out the settings without a value. */
  skipEmpty(): void {
    this.#entries.forEach(({ value }, i) => {
      if (value === '') this.#taken[i] = true;
    });
  }

  /** Tells of everything that is left. */
  finish(context: ReadContext, prefix = ''): void {
    const tell = teller(this.#file, prefix, context);
    this.#entries.forEach((entry, i) => {
      if (this.#taken[i] !== true) tell(entry);
    });
    this.#parts.forEach(tell);
  }

  #lastOf(...keys: readonly string[]): Entry | undefined {
    return this.#entries[this.#indexesOf(keys).at(-1) ?? -1];
  }

  #indexesOf(keys: readonly string[]): readonly number[] {
    if (this.#entries.length <= FEW) return this.#entries.flatMap(({ key }, i) => (keys.includes(key) ? [i] : []));
    const byKey = this.#byKey ?? new KeyIndex(this.#entries, ({ key }) => key);
    this.#byKey = byKey;
    const [only = '', ...others] = keys;
    if (others.length === 0) return byKey.indexesOf(only);
    return keys.flatMap((key) => byKey.indexesOf(key)).sort((a, b) => a - b);
  }

  #partsOf<T>(entry: Entry, parts: readonly string[], read: (part: string) => T | undefined): readonly T[] {
    return parts.flatMap((part) => {
      const value = read(part);
      if (value === undefined) this.#parts.push({ ...entry, value: part });
      return value ?? [];
    });
  }
}

const trackers = new WeakMap<SourceFile, SettingTracker>();

/** A section that a file does not have. Most files have few of those that are asked for. */
function nothingIn(file: SourceFile): SettingTracker {
  const known = trackers.get(file) ?? new SettingTracker(file, []);
  trackers.set(file, known);
  return known;
}

/** A file of sections, with the files that add to it. Sections of one name count as one, but for those that are taken one by one. */
export class SectionFile {
  readonly #file: SourceFile;
  readonly #taken = new Map<string, SettingTracker>();
  readonly #lists = new Map<string, readonly SettingTracker[]>();
  readonly #sections: readonly Section[];
  readonly #byName: KeyIndex<Section>;

  constructor(file: SourceFile, sections: readonly ReadSection[], additions: readonly FileSections[] = []) {
    this.#file = file;
    this.#sections = [
      ...sections,
      ...additions.flatMap((one) =>
        one.sections.map(({ name, settings }) => ({
          name,
          settings: settings.map((setting) => ({ ...setting, file: one.file })),
        })),
      ),
    ];
    this.#byName = new KeyIndex(this.#sections, ({ name }) => name);
  }

  /** Tells whether there is a section of this name, with or without settings. */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The line of the first setting of a section; that of the file's first line where it has none. */
  lineOf(name: string): number {
    return this.#named(name).flatMap((one) => one.settings)[0]?.line ?? 1;
  }

  /** The file itself, for errors. */
  get source(): SourceFile {
    return this.#file;
  }

  /** The file's name without its folder. */
  get baseName(): string {
    return this.#file.path.slice(this.#file.path.lastIndexOf('/') + 1);
  }

  /** The settings of all sections of this name. */
  section(name: string): SettingTracker {
    const known = this.#taken.get(name);
    if (known !== undefined) return known;
    if (!this.has(name)) return nothingIn(this.#file);
    const named = this.#named(name);
    // A long section by itself is not copied.
    const entries = named.length === 1 ? named[0]?.settings : named.flatMap((one) => one.settings);
    const settings = new SettingTracker(this.#file, entries ?? []);
    this.#taken.set(name, settings);
    return settings;
  }

  /** The sections of this name, each by itself. */
  sections(name: string): readonly SettingTracker[] {
    const known = this.#lists.get(name);
    if (known !== undefined) return known;
    const each = this.#named(name).map((one) => new SettingTracker(this.#file, one.settings));
    this.#lists.set(name, each);
    return each;
  }

  /** Takes out the settings without a value, for systems to which they say nothing. */
  skipEmpty(): void {
    for (const name of this.#byName.keys()) this.section(name).skipEmpty();
  }

  /** Tells of everything that was not taken. */
  finish(context: ReadContext): void {
    for (const [name, settings] of this.#taken) settings.finish(context, `[${name}] `);
    for (const [name, each] of this.#lists) for (const settings of each) settings.finish(context, `[${name}] `);
    for (const { name, settings } of this.#sections)
      if (!this.#taken.has(name) && !this.#lists.has(name)) settings.forEach(teller(this.#file, `[${name}] `, context));
  }

  #named(name: string): readonly Section[] {
    return this.#byName.itemsOf(name);
  }
}
