/** A piece of a text that is replaced: from one offset up to another. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Replaces pieces of a text that do not overlap. */
export function spliced(source: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text } of [...splices].sort((a, b) => a.from - b.from || a.to - b.to)) {
    parts.push(source.slice(at, from), text);
    at = Math.max(at, to);
  }
  return parts.join('') + source.slice(at);
}
