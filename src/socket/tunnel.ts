import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { NoConnection } from '../dial/errors.js';
import type { Stream } from '../dial/stream.js';
import { signalAll, treeOf } from '../process/tree.js';

/** Starts a program whose input and output are the connection, such as ssh. */
export async function startTunnel(
  [file, ...args]: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<Stream> {
  // The code of its failure comes from its words in English.
  const env = { ...process.env, LC_ALL: 'C' };
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
  try {
    await once(child, 'spawn', { signal });
  } catch (cause) {
    child.kill();
    signal.throwIfAborted();
    throw unstartable(file, cause);
  }
  return new Tunnel(child);
}

function unstartable(file: string, cause: unknown): NoConnection {
  const why = cause instanceof Error ? cause.message : String(cause);
  const isMissing = / (?:ENOENT|ENOTDIR|EACCES)$/.test(why);
  return new NoConnection(`the program ${file} cannot be started: ${why}`, {
    code: isMissing ? 'TOOL_MISSING' : 'CONNECTION_FAILED',
    cause,
  });
}

/** What of a program's words is kept. */
const MOST_WORDS = 4096;

/** How long a program may take to end when it is asked to. */
const END_MS = 1000;

/** The input and output of a program as one stream. It ends with the program's own words, which come last. */
class Tunnel extends Duplex {
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  #words = '';

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    this.#gone = new Promise((resolve) => child.once('close', resolve));
    child.stdout?.on('data', (part: Buffer) => {
      if (!this.push(part)) child.stdout?.pause();
    });
    child.stderr?.on('data', (part: Buffer) => {
      if (this.#words.length < MOST_WORDS) this.#words += part.toString('utf8');
    });
    // The words of the program come after it has closed its input.
    child.stdin?.on('error', () => {});
    child.once('close', () => this.destroy(this.#ending()));
  }

  override _read(): void {
    this.#child.stdout?.resume();
  }

  override _write(part: Buffer, _: string, done: (error?: Error | null) => void): void {
    if (this.#child.stdin?.writable === true) this.#child.stdin.write(part, () => done());
    else done();
  }

  /** The stream is closed when the program is gone. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.ref();
    // The program may be a script that has started another one.
    const { pid } = this.#child;
    const tree = pid === undefined ? [] : treeOf(pid);
    this.#child.stdin?.end();
    signalAll(tree, 'SIGTERM');
    const late = setTimeout(() => {
      signalAll(pid === undefined ? [] : [...tree, ...treeOf(pid)], 'SIGKILL');
      for (const pipe of this.#child.stdio) pipe?.destroy(); // what is left of it may hold them open
    }, END_MS);
    void this.#gone.then(() => {
      clearTimeout(late);
      done(error);
    });
  }

  ref(): void {
    for (const handle of this.#handles()) handle.ref?.();
  }

  unref(): void {
    for (const handle of this.#handles()) handle.unref?.();
  }

  /** The pipes of a program keep the loop alive as the program itself does; they are sockets, although their types do not say so. */
  #handles(): readonly Handle[] {
    const all: readonly (object | null | undefined)[] = [this.#child, ...this.#child.stdio];
    return all.filter((one) => one !== null && one !== undefined);
  }

  #ending(): Error {
    const words = this.#words.trim();
    return new Error(
      words === ''
        ? 'End of file while reading data: : Input/output error'
        : `Cannot recv data: ${words}: Connection reset by peer`,
    );
  }
}

/** What can keep a program alive. */
interface Handle {
  readonly ref?: () => unknown;
  readonly unref?: () => unknown;
}
