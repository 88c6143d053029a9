import type { Readable } from 'node:stream';

/** Longest output in characters that is kept of a program. */
const MAX_OUTPUT = 256 * 1024 * 1024;

/**
 * Reads what a program prints, as UTF-8.
 *
 * @param stream - its standard output or standard error
 * @param stop - ends a program that prints more than is kept
 * @param onLine - gets each line as it comes; nothing is kept then
 */
export async function outputOf(
  stream: Readable | null,
  stop: () => void,
  onLine: ((line: string) => void) | undefined,
): Promise<string> {
  let kept = '';
  for await (const chunk of stream?.setEncoding('utf8') ?? []) {
    kept += chunk;
    if (onLine !== undefined) kept = passLines(kept, onLine);
    if (kept.length <= MAX_OUTPUT) continue;
    stop();
    break;
  }
  if (onLine === undefined) return kept;
  if (kept !== '') onLine(kept);
  return '';
}

/** Passes the whole lines of a text on, and returns its last, unfinished one. */
function passLines(text: string, onLine: (line: string) => void): string {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  return rest;
}
