import { expect } from 'vitest';
import { run } from '../support/run.js';

/** Prints the path of each script that a program loads. A hook of the loader would see them too, but takes a thread. */
const PRINT_SCRIPTS = `import { Session } from 'node:inspector';
const session = new Session();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url } }) => {
  if (url.startsWith('file:')) process.stdout.write(url + '\\n');
});
session.post('Debugger.enable');`;
const PRELOAD = `data:text/javascript,${encodeURIComponent(PRINT_SCRIPTS)}`;

/**
 * Runs a program, an ES module, that complains about nothing.
 *
 * @returns the URLs of the files that it loads
 */
export function filesLoadedBy(program: string, folder: string): readonly string[] {
  const args = ['--import', PRELOAD, '--input-type=module', '-e', program];
  const { stdout, stderr } = run(process.execPath, args, { cwd: folder });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line.startsWith('file:'));
}
