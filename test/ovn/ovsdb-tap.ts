import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonTexts } from '../../src/ovn/wire/json-texts.js';

/** A request as it goes over the wire. */
export interface Seen {
  readonly method: string;
  readonly id: unknown;
  readonly params: readonly unknown[];
}

/** Where a connection is cut: before a request reaches the server, or when its answer has left the server. */
export type Cut = 'before' | 'after' | undefined;

/** A socket in front of a server's, which sees each request and can cut the connection at any of them. */
export class OvsdbTap {
  /** The requests of clients so far, apart from answers to the server's probes. */
  readonly seen: Seen[] = [];
  /** Decides about each request. */
  cutAt: (request: Seen) => Cut = () => undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), 'libvirt-network-tap-'));
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: string) {
    this.#server = createServer((client) => this.#join(client, dial(server)));
  }

  /** Begins to listen. @param endpoint - of the server, in the form `unix:PATH` */
  static async to(endpoint: string): Promise<OvsdbTap> {
    const tap = new OvsdbTap(endpoint.replace(/^unix:/, ''));
    tap.#server.listen(tap.#path);
    await once(tap.#server, 'listening');
    return tap;
  }

  get endpoint(): string {
    return `unix:${this.#path}`;
  }

  /** Methods of the requests so far, with how often each was asked for. */
  get counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { method } of this.seen) counts[method] = (counts[method] ?? 0) + 1;
    return counts;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #path(): string {
    return join(this.#folder, 'db.sock');
  }

  #join(client: Socket, server: Socket): void {
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', end).on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    const awaited = new Set<unknown>();
    this.#forward(client, server, (message) => {
      if (typeof message['method'] !== 'string') return true;
      const request = message as unknown as Seen; // a request has all three
      this.seen.push(request);
      const cut = this.cutAt(request);
      if (cut === 'after') awaited.add(request.id);
      return cut !== 'before';
    });
    this.#forward(server, client, ({ method, id }) => method !== undefined || !awaited.has(id));
  }

  /** Passes messages on, up to one that is held back: there both connections end. */
  #forward(from: Socket, to: Socket, mayPass: (message: Readonly<Record<string, unknown>>) => boolean): void {
    const texts = new JsonTexts();
    from.on('data', (part) => {
      for (const { text } of texts.feed(part)) {
        if (to.destroyed) return;
        if (!mayPass(JSON.parse(text))) return void from.destroy();
        to.write(text);
      }
    });
  }
}
