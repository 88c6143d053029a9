import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentRun } from './marks.js';

/** What a worker says that it does, in a file, since a worker whose thread hangs cannot say it in another way. */
export interface Progress {
  readonly file: string;
  /** Names of the tests that run. */
  readonly tests: readonly string[];
  /** When it must have said something else, in milliseconds since 1970. */
  readonly until: number;
}

/** Tests may set another one later. */
const temporary = tmpdir();

const folderOf = (run: string): string => join(temporary, `libvirt-network-run-${run}`);

export const openProgress = (run: string): void => void mkdirSync(folderOf(run), { recursive: true });
export const closeProgress = (run: string): void => rmSync(folderOf(run), { recursive: true, force: true });

/** Says what this worker does. */
export function tellProgress(progress: Progress): void {
  writeFileSync(join(folderOf(currentRun()), String(process.pid)), JSON.stringify(progress));
}

/** Takes back what this worker has said, since it has done it. */
export const endProgress = (): void => rmSync(join(folderOf(currentRun()), String(process.pid)), { force: true });

/** What the workers of a run do. */
export function progressOf(run: string): Progress[] {
  return readdirSync(folderOf(run)).flatMap((name) => {
    try {
      return [JSON.parse(readFileSync(join(folderOf(run), name), 'utf8')) as Progress];
    } catch {
      return []; // being written at this moment
    }
  });
}
