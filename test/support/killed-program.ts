import { execFile } from 'node:child_process';
import { programOf } from './program.js';

/**
 * Runs a program that is killed in the middle of it.
 *
 * @param name - of its file in this folder
 * @returns the signal that ended it
 */
export const killedProgram = (name: string, ...args: readonly string[]): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(process.execPath, [programOf(`test/support/${name}.ts`), ...args]).on('exit', (_, signal) =>
      resolve(signal),
    );
  });
