import { randomBytes } from 'node:crypto';
import type { CallOptions } from '../../async/deadline.js';
import { runScript } from '../../process/run-script.js';
import type { Runner } from '../runner/runner.js';

/** Answer of a host to one question. */
export interface Answer {
  /** What the piece of the script printed; absent if it failed. */
  readonly output?: string;
  /** The first lines that it complained with, if it failed and was asked for them. */
  readonly error?: string;
}

/** How a host is asked. */
export interface AskOptions extends CallOptions {
  /** The action, as a clause that follows "cannot". */
  readonly what: string;
  /** Runs a piece that failed once more for its complaints. Default: false. */
  readonly reasons?: boolean;
}

/**
 * Asks a host many questions in one run of a shell.
 *
 * @param pieces - pieces of POSIX shell by the names of their answers; each runs in a shell of its own
 * @returns the answers of the pieces that ran
 * @throws `TransportError` when the host cannot be reached
 */
export async function askHost<K extends string>(
  runner: Runner,
  pieces: Readonly<Record<K, string>>,
  { reasons = false, ...options }: AskOptions,
): Promise<Partial<Record<K, Answer>>> {
  // Random, so that no name or comment on the host can hold it.
  const mark = randomBytes(9).toString('hex');
  const names = namesOf(pieces);
  const script = names.map((name) => scriptOf(pieces[name], `${mark} ${name}`, reasons)).join('\n');
  const output = await runScript(runner, { script, ...options });
  return splitAnswers(output, mark, names);
}

function scriptOf(piece: string, mark: string, reasons: boolean): string {
  const first = `(${piece}\n) 2>/dev/null; s=$?; echo "${mark} $s"`;
  return reasons
    ? `${first}\n[ "$s" = 0 ] || { (${piece}\n) 2>&1 >/dev/null | head -n 2; echo "${mark} why"; }`
    : first;
}

/** Each answer ends with a line of the mark, its name, and the status of the piece or `why` after complaints. */
function splitAnswers<K extends string>(output: string, mark: string, names: readonly K[]): Partial<Record<K, Answer>> {
  const answers: Partial<Record<K, Answer>> = {};
  const parts = output.split(new RegExp(`${mark} (\\S+) (\\S+)\n`));
  for (let i = 0; i + 2 < parts.length; i += 3) {
    const [text = '', name = '', status = ''] = parts.slice(i, i + 3);
    const known = names.find((one) => one === name);
    if (known === undefined) continue;
    if (status === '0') answers[known] = { output: text };
    else answers[known] = status === 'why' ? { error: text.trim() } : {};
  }
  return answers;
}

/** The names of a record, which has no others. */
const namesOf = <K extends string>(pieces: Readonly<Record<K, string>>): K[] => {
  const isName = (name: string): name is K => Object.hasOwn(pieces, name);
  return Object.keys(pieces).filter(isName);
};
