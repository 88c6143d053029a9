/** What changes in a file of sections. */
export interface SectionEdits {
  /** True where a backslash at the end of a line goes on in the next. */
  readonly joins: boolean;
  /** Sections that go as a whole; comments in them stay. */
  readonly dropSection: (name: string) => boolean;
  /** Settings that go. */
  readonly dropSetting: (section: string, key: string) => boolean;
  /** Settings that come, at the end of their section. */
  readonly add: Readonly<Record<string, readonly string[]>>;
}

/** Changes single lines of a file of sections, and keeps all others with their comments. */
export function editSections(source: string, edits: SectionEdits): string {
  const ends = new Map<string, number>();
  const kept: string[] = [];
  let section = '';
  /** What becomes of the line before, where that one goes on in the next. */
  let broken: 'kept' | 'dropped' | undefined;
  for (const raw of source.replace(/\n$/, '').split('\n')) {
    const text = raw.trim();
    const isComment = /^[#;]/.test(text);
    const name = broken === undefined ? /^\[([^\]]+)\]$/.exec(text)?.[1] : undefined;
    if (name !== undefined) section = name;
    // What goes on over several lines goes with its first one; comments among them stay.
    const goes: boolean =
      !isComment && (broken === undefined ? isDropped(text, name, section, edits) : broken === 'dropped');
    if (!isComment) broken = edits.joins && text.endsWith('\\') ? (goes ? 'dropped' : 'kept') : undefined;
    if (goes) continue;
    kept.push(raw);
    if (text !== '' && section !== '' && !edits.dropSection(section) && (name !== undefined || ends.has(section)))
      ends.set(section, kept.length);
  }
  return withAdded(kept, ends, edits.add);
}

function isDropped(text: string, header: string | undefined, section: string, edits: SectionEdits): boolean {
  if (text === '') return false;
  if (header !== undefined || edits.dropSection(section)) return edits.dropSection(section);
  const at = text.indexOf('=');
  return at > 0 && edits.dropSetting(section, text.slice(0, at).trimEnd());
}

function withAdded(
  lines: readonly string[],
  ends: ReadonlyMap<string, number>,
  add: Readonly<Record<string, readonly string[]>>,
): string {
  const result = [...lines];
  const known = Object.keys(add).filter((name) => ends.has(name));
  // From the end, so that the places of the others stay right.
  for (const name of known.sort((a, b) => (ends.get(b) ?? 0) - (ends.get(a) ?? 0)))
    result.splice(ends.get(name) ?? 0, 0, ...(add[name] ?? []));
  for (const [name, settings] of Object.entries(add))
    if (!ends.has(name) && settings.length > 0) result.push('', `[${name}]`, ...settings);
  return `${withoutBlankRuns(result).join('\n')}\n`;
}

/** Sections that went leave blank lines. */
const withoutBlankRuns = (lines: readonly string[]): readonly string[] =>
  lines.filter(
    (line, i) => line.trim() !== '' || (i > 0 && i < lines.length - 1 && (lines[i - 1] ?? '').trim() !== ''),
  );
