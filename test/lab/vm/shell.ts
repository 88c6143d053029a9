import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { LabError } from '../lab-error.js';
import { oneAtATime } from './one-at-a-time.js';

/** How long a command in a virtual machine may take. */
const LIMIT_MS = 60_000;

/** The shell of a virtual machine, at the other end of a socket that takes one caller at a time. */
export class VmShell {
  readonly #path: string;
  readonly #next = oneAtATime();
  #socket: Socket | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Runs a shell script.
   *
   * @returns what it printed, without blanks at the ends
   * @throws Error with what it printed, when it fails or takes more than a minute
   */
  run(script: string): Promise<string> {
    return this.#next(async () => {
      this.#socket ??= await this.#greeted();
      const mark = `end-${randomUUID()}`;
      this.#socket.write(`{ ${script}\n} 2>&1; echo ${mark}"="$?\n`);
      const [, output = '', status] = await this.#read(this.#socket, new RegExp(`^([^]*)${mark}=(\\d+)\\n`), script);
      if (status !== '0') throw new Error(`${script}: ended with ${status}: ${output}`);
      return output.trim();
    });
  }

  /** Connects, and waits for the shell's greeting: what is sent before it is lost. */
  async #greeted(): Promise<Socket> {
    const socket = connect(this.#path).setEncoding('utf8').unref();
    await this.#read(socket, /^SHELL\n/m, 'the greeting of the shell');
    return socket;
  }

  /** Waits for a text; a shell that does not send it is of no use any more. */
  async #read(socket: Socket, pattern: RegExp, script: string): Promise<RegExpExecArray> {
    try {
      return await received(socket, pattern);
    } catch (error) {
      this.#socket = undefined;
      socket.destroy();
      throw new LabError(`${script}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

function received(socket: Socket, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const look = (text: string): void => {
      printed += text;
      const found = pattern.exec(printed);
      if (found !== null) finish(() => resolve(found));
    };
    const fail = (what: string) => (): void =>
      finish(() => reject(new Error(`${what}; it printed ${printed.slice(-1000)}`)));
    const [ended, late] = [fail('the virtual machine has ended'), fail(`no end after ${LIMIT_MS} ms`)];
    const timer = setTimeout(late, LIMIT_MS);
    const finish = (then: () => void): void => {
      clearTimeout(timer);
      socket.off('data', look).off('close', ended).off('error', ended);
      then();
    };
    socket.on('data', look).on('close', ended).on('error', ended);
  });
}
