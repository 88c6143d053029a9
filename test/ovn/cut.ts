import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A way to a database that can be cut when its server has carried out a transaction and the client does not know it yet. */
export class CutOvsdb {
  readonly #folder = mkdtempSync(join(tmpdir(), 'libvirt-network-cut-'));
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** True to cut the connection instead of the next answer to a transaction that inserts. */
  isArmed = false;
  /** True to stay unreachable after a cut. */
  isGone = false;

  private constructor(path: string) {
    this.#server = createServer((client) => this.#serve(client, path));
  }

  /** Leads to the socket of a server, `unix:PATH`. */
  static async to(endpoint: string): Promise<CutOvsdb> {
    const cut = new CutOvsdb(endpoint.replace(/^unix:/, ''));
    await new Promise<void>((resolve) => cut.#server.listen(join(cut.#folder, 'db.sock'), resolve));
    return cut;
  }

  get endpoint(): string {
    return `unix:${join(this.#folder, 'db.sock')}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #serve(client: Socket, path: string): void {
    if (this.isGone) return void client.destroy();
    const server = connect(path);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
    let isCut = false;
    client.on('data', (part) => {
      isCut ||= this.isArmed && part.includes('"insert"');
      server.write(part);
    });
    server.on('data', (part) => {
      if (!isCut) return void client.write(part);
      this.isArmed = false;
      client.destroy();
    });
  }
}
