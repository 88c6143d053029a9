import type { ApplyProgress } from './apply-all.js';

/** A stream for a progress line, such as `process.stderr`. */
export interface ProgressStream {
  /** Writes a piece of text. */
  write(text: string): unknown;
  /** True for a terminal, whose line can be overwritten. Default: false, which writes outcomes only. */
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal. Default: 80. */
  readonly columns?: number | undefined;
}

/** Returns to the beginning of the line and clears it. */
const CLEAR = '\r\u001b[K';

/**
 * Prints the progress of {@link applyAll}: on a terminal as one line that is overwritten, elsewhere as a line for each network that was changed or failed.
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
