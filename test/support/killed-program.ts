import { once } from 'node:events';
import { programOf } from './program.js';
import { start } from './run.js';

/**
 * Runs a program that is killed in the middle of it.
 *
 * @param name - of its file in this folder
 * @returns the signal that ended it
 */
export async function killedProgram(name: string, ...args: readonly string[]): Promise<string | null> {
  const child = start(process.execPath, [programOf(`test/support/${name}.ts`), ...args]);
  // A pipe that nobody reads would stop the program once it is full.
  child.stdout.resume();
  child.stderr.resume();
  const [, signal]: (string | null)[] = await once(child, 'exit');
  return signal ?? null;
}
