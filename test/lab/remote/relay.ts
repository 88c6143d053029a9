import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { end, start } from '../../support/run.js';

/** A port on this machine's loopback from which bytes reach a port of a host of the lab, and come back, as they are. */
export class Relay {
  readonly #server: Server;
  readonly #children = new Set<ChildProcess>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * Begins to listen.
   *
   * @param pid - the first process of the host
   * @param port - on the host's loopback
   */
  static async to(pid: number, port: number): Promise<Relay> {
    const server = createServer((socket) => relay.#join(socket, pid, port));
    const relay = new Relay(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens on a port
  }

  close(): void {
    this.#server.close();
    for (const child of this.#children) end(child);
  }

  #join(socket: Socket, pid: number, port: number): void {
    const child = start('nsenter', [`--net=/proc/${pid}/ns/net`, 'busybox', 'nc', '127.0.0.1', String(port)], {
      seconds: 3600,
    });
    this.#children.add(child);
    child.once('close', () => {
      this.#children.delete(child);
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.once('close', () => end(child));
    child.stdin.on('error', () => {});
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
  }
}
