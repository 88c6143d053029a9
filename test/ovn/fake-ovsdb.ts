import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../src/ovn/wire/json.js';
import { JsonTexts } from '../../src/ovn/wire/json-texts.js';

/** A request of a client. */
export interface Request {
  readonly method: string;
  readonly params: readonly Json[];
  readonly id: Json;
}

/** Answers a request: with its result, or with nothing at all. */
export type Answer = (request: Request, socket: Socket) => Json | undefined;

/** Sends a message, or does something else with it. */
export type Send = (socket: Socket, message: string) => void;

/** A small northbound database. */
export const SCHEMA = {
  name: 'OVN_Northbound',
  version: '7.0.0',
  tables: {
    Logical_Switch: {
      isRoot: true,
      columns: {
        name: { type: 'string' },
        ports: { type: { key: { type: 'uuid', refTable: 'Logical_Switch_Port' }, min: 0, max: 'unlimited' } },
        external_ids: { type: { key: 'string', value: 'string', min: 0, max: 'unlimited' } },
        tag: { type: { key: { type: 'integer', minInteger: 0 }, min: 0, max: 1 } },
        size: { type: 'integer' },
        share: { type: 'real' },
        enabled: { type: 'boolean' },
        queues: { type: { key: 'integer', value: 'string', min: 0, max: 'unlimited' } },
      },
    },
  },
} satisfies Json;

/** What every server answers before anything else is asked. */
function opening({ method }: Request): Json | undefined {
  if (method === 'set_db_change_aware') return {};
  if (method === 'get_schema') return SCHEMA;
  if (method === 'monitor_cond')
    return { Database: { u1: { initial: { name: SCHEMA.name, model: 'standalone', connected: true, leader: true } } } };
  return method === 'echo' || method === 'monitor_cancel' || method === 'unlock' ? [] : undefined;
}

/** A program that speaks OVSDB as a test wants it to. */
export class FakeOvsdb {
  readonly path: string;
  /** Methods that were asked for, those of the opening aside. */
  readonly asked: Request[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'libvirt-network-fake-'));
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  connections = 0;
  /** Sends the answers; those of the opening too if `isHostileFromTheStart`. */
  send: Send = (socket, message) => socket.write(message);
  isHostileFromTheStart = false;
  /** True to read without ever answering. */
  isMute = false;

  private constructor(answer: Answer) {
    this.path = join(this.#folder, 'db.sock');
    this.#server = createServer((socket) => this.#serve(socket, answer));
  }

  /** Begins to listen. */
  static async start(answer: Answer): Promise<FakeOvsdb> {
    const fake = new FakeOvsdb(answer);
    await new Promise<void>((resolve) => fake.#server.listen(fake.path, resolve));
    return fake;
  }

  get endpoint(): string {
    return `unix:${this.path}`;
  }

  /** Open connections. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Says something to every client. */
  say(message: Json): void {
    for (const socket of this.#sockets) socket.write(JSON.stringify(message));
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
    this.connections++;
    const texts = new JsonTexts();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (part) => {
      for (const { text } of texts.feed(part)) this.#reply(socket, JSON.parse(text), answer);
    });
  }

  #reply(socket: Socket, request: Request, answer: Answer): void {
    if (this.isMute || request.id === null || request.id === undefined) return;
    if (request.method === undefined) return void this.asked.push(request);
    const known = opening(request);
    if (known === undefined) this.asked.push(request);
    const result = known ?? answer(request, socket);
    if (result === undefined) return;
    const message = JSON.stringify({ id: request.id, result, error: null });
    if (known === undefined || this.isHostileFromTheStart) this.send(socket, message);
    else socket.write(message);
  }
}
