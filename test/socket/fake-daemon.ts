import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HEADER, headerOf, MessageSplitter, PROGRAMS, TYPES, withHeader } from '../../src/socket/wire/messages.js';
import { CALLS, type Procedure, remoteError } from '../../src/socket/wire/procedures.js';
import { Reader, type ValueOf, Writer } from '../../src/socket/wire/xdr.js';

/** Answers a call: with the body of the answer, a refusal, or nothing at all. */
export type Answer = (procedure: number, args: Reader, connection: number) => Buffer | Refused | undefined;

/** What a daemon refuses with. */
export interface Refused {
  readonly code: number;
  readonly message: string;
}

/** Sends a message, or does something else with it. */
export type Send = (socket: Socket, message: Buffer) => void;

/** The body of an answer. */
export function body<Reply>({ reply }: Pick<Procedure<unknown, Reply>, 'reply'>, value: Reply): Buffer {
  const writer = new Writer(HEADER);
  reply.write(writer, value);
  return writer.done();
}

const OPENING: ReadonlyMap<number, Buffer> = new Map([
  [CALLS.AUTH_LIST.number, body(CALLS.AUTH_LIST, { types: [0] })],
  [CALLS.CONNECT_SUPPORTS_FEATURE.number, body(CALLS.CONNECT_SUPPORTS_FEATURE, { supported: 1 })],
  [CALLS.CONNECT_OPEN.number, body(CALLS.CONNECT_OPEN, undefined)],
  [CALLS.CONNECT_CLOSE.number, body(CALLS.CONNECT_CLOSE, undefined)],
]);

/** An answer that asks for an account, by SASL. */
const ASKING = body(CALLS.AUTH_LIST, { types: [1] });

/** A program that speaks the protocol as a test wants it to. */
export class FakeDaemon {
  readonly path: string;
  /** Numbers of the procedures that were asked for, opening and closing aside. */
  readonly asked: number[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'libvirt-network-fake-'));
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  connections = 0;
  /** True to read without ever answering. */
  isMute = false;
  /** True to ask for an account before the opening. */
  asksForAccount = false;
  send: Send = (socket, message) => socket.write(message);

  constructor(answer: Answer) {
    this.path = join(this.#folder, 'libvirt-sock');
    this.#server = createServer((socket) => this.#serve(socket, answer));
  }

  /** Begins to listen. */
  static async start(answer: Answer): Promise<FakeDaemon> {
    const daemon = new FakeDaemon(answer);
    await new Promise<void>((resolve) => daemon.#server.listen(daemon.path, resolve));
    return daemon;
  }

  /** Open connections. */
  get open(): number {
    return this.#sockets.size;
  }

  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.hangUp();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #serve(socket: Socket, answer: Answer): void {
    const connection = ++this.connections;
    const splitter = new MessageSplitter();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (part) => {
      for (const message of splitter.feed(part)) this.#reply(socket, message, connection, answer);
    });
  }

  #reply(socket: Socket, call: Buffer, connection: number, answer: Answer): void {
    const { procedure, serial, program } = headerOf(call);
    if (program !== PROGRAMS.remote || this.isMute) return;
    const asksNow = this.asksForAccount && procedure === CALLS.AUTH_LIST.number;
    const opening = asksNow ? ASKING : OPENING.get(procedure);
    if (opening !== undefined) return void socket.write(replyTo(opening, procedure, serial));
    this.asked.push(procedure);
    const answered = answer(procedure, new Reader(call, HEADER), connection);
    if (answered !== undefined) this.send(socket, replyTo(answered, procedure, serial));
  }
}

function replyTo(answer: Buffer | Refused, procedure: number, serial: number): Buffer {
  const isRefusal = !Buffer.isBuffer(answer);
  const message = Buffer.from(isRefusal ? refusal(answer) : answer);
  return withHeader(message, {
    program: PROGRAMS.remote,
    procedure,
    type: TYPES.reply,
    serial,
    status: isRefusal ? 1 : 0,
  });
}

function refusal({ code, message }: Refused): Buffer {
  const nothing = { dom: undefined, str1: undefined, str2: undefined, str3: undefined, net: undefined };
  const value: ValueOf<typeof remoteError> = { code, domain: 0, message, level: 2, int1: 0, int2: 0, ...nothing };
  const writer = new Writer(HEADER);
  remoteError.write(writer, value);
  return writer.done();
}
