import { createHash, randomBytes } from 'node:crypto';
import type { CallOptions } from '../../client/index.js';
import type { RenderedFile } from '../../host-bridge/render/rendering.js';
import { quote } from '../../process/argument.js';
import { runScript } from '../runner/run-script.js';
import type { Runner } from '../runner/runner.js';

/** Files of a host by their paths; absent for those that are not there. */
export type HostFiles = Readonly<Record<string, RenderedFile | undefined>>;

/**
 * Reads files of a host in one run.
 *
 * @throws `TransportError` as the runner does; code `UNEXPECTED_REPLY` for a file that cannot be read
 */
export async function readFiles(runner: Runner, paths: readonly string[], options: CallOptions): Promise<HostFiles> {
  if (paths.length === 0) return {};
  const mark = randomBytes(9).toString('hex');
  const pieces = paths.map((path) => {
    const name = quote(path);
    return `if [ -e ${name} ]; then stat -L -c '%a %U:%G' ${name} && cat ${name} || exit 1; fi; printf %s ${mark}`;
  });
  const output = await runScript(runner, { what: 'read configuration files', script: pieces.join('\n'), ...options });
  const answers = output.split(mark);
  return Object.fromEntries(paths.map((path, i) => [path, readFileAnswer(path, answers[i] ?? '')]));
}

/** The first line is what `stat` said. */
function readFileAnswer(path: string, answer: string): RenderedFile | undefined {
  const end = answer.indexOf('\n');
  if (end === -1) return undefined;
  const [mode = '', owner = ''] = answer.slice(0, end).split(' ');
  return { path, mode: Number.parseInt(mode, 8), owner, content: answer.slice(end + 1) };
}

/** Tells contents apart. */
export const digestOf = (content: string): string => createHash('sha256').update(content).digest('hex');
