import { createHash, randomBytes } from 'node:crypto';
import type { CallOptions } from '../../client/index.js';
import type { RenderedFile } from '../../host-bridge/render/rendering.js';
import { runScript } from '../../process/run-script.js';
import { quote } from '../../shell/quote.js';
import type { Runner } from '../runner/runner.js';

/** A file of a host. Its content is text to be understood and shown: bytes that are not UTF-8 are lost in it. */
export interface FoundFile extends RenderedFile {
  /** SHA-256 of its bytes in hexadecimal digits, by which it is compared. Default: that of the content. */
  readonly sha256?: string;
}

/** Files of a host by their paths; absent for those that are not there. */
export type HostFiles = Readonly<Record<string, FoundFile | undefined>>;

/** A symbolic link that leads nowhere is there, and has no content. */
const READ = `
show() {
  if [ -e "$1" ]; then
    stat -L -c '%a %U:%G' "$1" && sha256sum <"$1" && cat "$1" || exit 1
  elif [ -L "$1" ]; then
    printf '%s\\n' '777 root:root' nowhere
  fi
}
`;

/**
 * Reads files of a host in one run.
 *
 * @throws `TransportError` as the runner does; code `UNEXPECTED_REPLY` for a file that cannot be read
 */
export async function readFiles(runner: Runner, paths: readonly string[], options: CallOptions): Promise<HostFiles> {
  if (paths.length === 0) return {};
  const mark = randomBytes(9).toString('hex');
  const pieces = paths.map((path) => `show ${quote(path)}; printf %s ${mark}`);
  const script = [READ, ...pieces].join('\n');
  const output = await runScript(runner, { what: 'read configuration files', script, ...options });
  const answers = output.split(mark);
  return Object.fromEntries(paths.map((path, i) => [path, readFileAnswer(path, answers[i] ?? '')]));
}

/** The first line is what `stat` said, the second the digest. */
function readFileAnswer(path: string, answer: string): FoundFile | undefined {
  const [, mode, owner = '', sha256 = '', content = ''] = /^(\d+) (.*)\n(\w+).*\n([\s\S]*)$/.exec(answer) ?? [];
  if (mode === undefined) return undefined;
  return { path, mode: Number.parseInt(mode, 8), owner, content, sha256 };
}

/** SHA-256 of a text, as UTF-8. */
export const digestOf = (content: string): string => createHash('sha256').update(content).digest('hex');

/** SHA-256 of a file, by which files are compared. */
export const digestOfFile = ({ sha256, content }: Pick<FoundFile, 'sha256' | 'content'>): string =>
  sha256 ?? digestOf(content);
