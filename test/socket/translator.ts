import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  HEADER,
  headerOf,
  MessageSplitter,
  PROGRAMS,
  STATUS,
  TYPES,
  withHeader,
} from '../../src/socket/wire/messages.js';
import { remoteError } from '../../src/socket/wire/procedures.js';
import { Reader, Writer } from '../../src/socket/wire/xdr.js';

/** Stands between a client and a daemon, and puts words that nobody knows in place of those of every refusal. */
export class Translator {
  readonly path: string;
  /** The words of the daemon that were replaced. */
  readonly replaced: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'libvirt-network-words-'));
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#join(client));
  readonly #daemon: string;

  /** @param daemon - path of the daemon's socket */
  constructor(daemon: string) {
    this.#daemon = daemon;
    this.path = join(this.#folder, 'libvirt-sock');
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.path, resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #join(client: Socket): void {
    const daemon = connect(this.#daemon);
    const splitter = new MessageSplitter();
    for (const one of [client, daemon]) {
      this.#sockets.add(one);
      one.on('error', () => {});
    }
    client.on('close', () => daemon.destroy());
    daemon.on('close', () => client.destroy());
    client.pipe(daemon);
    daemon.on('data', (part) => {
      for (const message of splitter.feed(part)) client.write(this.#translated(message));
    });
  }

  #translated(message: Buffer): Buffer {
    const header = headerOf(message);
    const isRefusal = header.type === TYPES.reply && header.status === STATUS.error;
    if (header.program !== PROGRAMS.remote || !isRefusal) return message;
    const error = remoteError.read(new Reader(message, HEADER));
    this.replaced.push(`${error.code} ${error.message}`);
    const writer = new Writer(HEADER);
    remoteError.write(writer, { ...error, message: `das geht nicht (${this.replaced.length})` });
    return withHeader(writer.done(), header);
  }
}
