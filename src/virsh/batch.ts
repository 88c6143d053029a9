import { randomBytes } from 'node:crypto';
import type { ExecResult } from '../process/exec.js';

/** Output of a command. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Commands in one process: the time that virsh takes to read its line grows with the square of their number. */
const MOST_COMMANDS = 250;

/** Many commands as one line for virsh, with a mark on both of its outputs after each. */
export interface Batch {
  readonly line: string;
  /** Returns the output of each command; nothing if marks are missing, because virsh did not get that far. */
  readonly outputs: (result: ExecResult) => readonly Output[] | undefined;
  /** Tells whether virsh came to any of the commands. */
  readonly hasBegun: (result: ExecResult) => boolean;
}

/**
 * Puts commands together that one process carries out, one after the other, whether they fail or not.
 *
 * @param commands - without anybody's text: nothing in them is quoted
 */
export function batchOf(commands: readonly string[]): Batch {
  // Random, so that no text of a network can hold it.
  const mark = randomBytes(9).toString('hex');
  const line = commands.map((command, i) => `${command}; echo ${mark}:${i}; echo --err ${mark}:${i}`).join('; ');
  return {
    line,
    hasBegun: ({ stdout, stderr }) => stdout.includes(mark) || stderr.includes(mark),
    outputs: ({ stdout, stderr }) => {
      const out = splitAtMarks(stdout, commands.length, (i) => `${mark}:${i}`);
      const err = splitAtMarks(stderr, commands.length, (i) => `error: ${mark}:${i}\n`);
      if (out === undefined || err === undefined) return undefined;
      return commands.map((_, i) => ({ stdout: out[i] ?? '', stderr: err[i] ?? '' }));
    },
  };
}

/** Splits a text at its marks. */
function splitAtMarks(text: string, count: number, markOf: (index: number) => string): string[] | undefined {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < count; i++) {
    const mark = markOf(i);
    const at = text.indexOf(mark, from);
    if (at === -1) return undefined;
    parts.push(text.slice(from, at));
    from = at + mark.length;
  }
  return parts;
}

/** Commands in groups, one for each process. */
export function inGroups<T>(items: readonly T[]): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / MOST_COMMANDS) }, (_, i) =>
    items.slice(i * MOST_COMMANDS, (i + 1) * MOST_COMMANDS),
  );
}
