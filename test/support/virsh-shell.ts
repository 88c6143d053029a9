import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exec } from '../../src/virsh/index.js';
import { runs } from './random.js';
import { start } from './run.js';

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** One virsh that reads commands from a pipe for as long as it is needed. */
class Prompt {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #text = { stdout: '', stderr: '' };
  #look = () => {};
  #count = 0;

  constructor(file: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    // Repeated lines must not be broken at the width of a terminal.
    const settings = { ...process.env, ...env, TERM: 'dumb', COLUMNS: '1000000' };
    this.#child = start(file, args, { env: settings, seconds: runs(3600, 300) });
    for (const from of ['stdout', 'stderr'] as const) {
      this.#child[from].setEncoding('utf8').on('data', (text: string) => {
        this.#text[from] += text;
        this.#look();
      });
    }
    this.#child.on('close', () => this.#look());
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** What virsh prints to a line of commands, on both of its outputs. */
  async ask(line: string): Promise<{ stdout: string; stderr: string }> {
    const n = this.#count++;
    // virsh repeats what it reads, so the marks must look otherwise there.
    const mark = (what: string) => `'${what}-''${n}-'`;
    this.#child.stdin.write(
      `echo ${mark('begin')}; echo --err ${mark('begin')}\n${line}\necho ${mark('end')}; echo --err ${mark('end')}\n`,
    );
    await new Promise<void>((resolve, reject) => {
      this.#look = () => {
        if (Object.values(this.#text).every((text) => text.includes(`end-${n}-`))) resolve();
        else if (this.#hasEnded) reject(new Error(`virsh ended: ${this.#text.stderr}`));
      };
      this.#look();
    });
    const { stdout, stderr } = this.#text;
    this.#text.stdout = '';
    this.#text.stderr = '';
    return { stdout: between(stdout, n), stderr: between(stderr, n).replace(/error: $/, '') };
  }

  async end(): Promise<void> {
    if (this.#hasEnded) return;
    const closed = once(this.#child, 'close');
    this.#child.stdin.end('quit\n');
    await closed;
  }
}

/** What was printed between the marks, without the commands that virsh repeats. */
function between(text: string, n: number): string {
  const begin = `begin-${n}-`;
  const inner = text.slice(text.indexOf(begin) + begin.length, text.lastIndexOf(`end-${n}-`));
  return inner.replaceAll(/virsh # .*\n/g, '').replace(/^\n+/, '');
}

/**
 * Carries out what a virsh transport would start a process for each time, in two processes that stay: a quiet one, and
 * one that prints the headings of tables. For tests that make tens of thousands of calls.
 */
export class VirshShell {
  readonly #prompts = new Map<string, Prompt>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'libvirt-network-shell-'));

  /** For the option of that name. */
  readonly exec: Exec = async ({ file, args, env, input }) => {
    const isOption = (word: string): boolean => word.startsWith('-');
    const options = args.slice(
      0,
      args.findIndex((word) => !isOption(word)),
    );
    const document = join(this.#folder, 'document.xml');
    if (input !== undefined) writeFileSync(document, input);
    const words = args.slice(options.length).map((word) => word.replace(/=\/dev\/stdin$/, `=${document}`));
    // A single word is a line of commands already.
    const line = words.length === 1 ? (words[0] ?? '') : words.map(quote).join(' ');
    const { stdout, stderr } = await this.#prompt(file, options, env).ask(line);
    return { exitCode: stderr === '' ? 0 : 1, stdout, stderr };
  };

  async close(): Promise<void> {
    await Promise.all([...this.#prompts.values()].map((prompt) => prompt.end()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #prompt(file: string, options: readonly string[], env: Readonly<Record<string, string>>): Prompt {
    const key = options.join(' ');
    const known = this.#prompts.get(key);
    if (known !== undefined) return known;
    const made = new Prompt(file, options, env);
    this.#prompts.set(key, made);
    return made;
  }
}
