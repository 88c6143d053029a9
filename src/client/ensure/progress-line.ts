import type { ApplyProgress } from './apply-all.js';

/** Where a progress line is written; `process.stderr` is one. */
export interface ProgressStream {
  /** Writes a piece of text. */
  write(text: string): unknown;
  /** Whether it is a terminal, whose line can be written anew. Default: false, only what ends is written. */
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal. Default: 80. */
  readonly columns?: number | undefined;
}

/** Back to the beginning of the line, and nothing behind it. */
const CLEAR = '\r\u001b[K';

/**
 * A line that says how far {@link applyAll} is: on a terminal one that is written anew, elsewhere a line for each
 * network that was changed or failed.
 *
 * @param stream - mostly `process.stderr`
 */
export function progressLine(stream: ProgressStream): (progress: ApplyProgress) => void {
  return (progress) => {
    if (stream.isTTY !== true) {
      if (progress.status === 'changed' || isBad(progress)) stream.write(`${textOf(progress)}\n`);
      return;
    }
    const text = textOf(progress).slice(0, (stream.columns ?? 80) - 1);
    // Failures stay above the line.
    stream.write(`${CLEAR}${text}${isBad(progress) ? '\n' : ''}`);
    if (progress.done === progress.total && !isBad(progress)) stream.write('\n');
  };
}

const isBad = ({ status }: ApplyProgress): boolean => status === 'failed' || status === 'skipped';

function textOf({ host, network, status, step, done, total, failed }: ApplyProgress): string {
  const bad = failed === 0 ? '' : `, ${failed} failed`;
  const what = network === undefined ? 'reading' : `${network}: ${step?.what ?? status}`;
  return `[${done}/${total}${bad}] ${host} ${what}`;
}
