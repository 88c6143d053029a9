import { runOrThrow } from '../../support/run.js';
import { ovnPart } from '../parts.js';
import { Relay } from '../remote/relay.js';
import { folderOf, Sandbox } from '../sandbox.js';

const SCHEMAS = { OVN_Northbound: 'ovn/ovn-nb.ovsschema', Open_vSwitch: 'openvswitch/vswitch.ovsschema' } as const;

export interface OvsdbOptions {
  /** How many servers a cluster has; a single server without a cluster by default. */
  readonly servers?: 1 | 3;
  readonly database?: keyof typeof SCHEMAS;
}

/** OVSDB servers with an empty database, on a host of their own. */
export class OvsdbServers {
  readonly #sandbox: Sandbox;
  readonly #root = folderOf(ovnPart());
  readonly #database: keyof typeof SCHEMAS;
  readonly #count: number;

  private constructor({ servers = 1, database = 'OVN_Northbound' }: OvsdbOptions) {
    this.#sandbox = Sandbox.start('--bare', '--root', this.#root);
    this.#database = database;
    this.#count = servers;
  }

  /** Starts the servers. They end with this process at the latest, however that ends. */
  static start(options: OvsdbOptions = {}): OvsdbServers {
    const servers = new OvsdbServers(options);
    try {
      servers.#create();
      for (let i = 1; i <= servers.#count; i++) servers.begin(i);
      servers.settle();
      return servers;
    } catch (error) {
      servers.stop();
      throw error;
    }
  }

  /** Where each server listens, the first one first. */
  get endpoints(): readonly string[] {
    const root = `/proc/${this.#sandbox.pid}/root${this.#root}`;
    return Array.from({ length: this.#count }, (_, i) => `unix:${root}/run/${i + 1}.sock`);
  }

  /**
   * Starts a server, also one that was killed.
   *
   * @param options - more words of `ovsdb-server`
   */
  begin(server: number, options = ''): void {
    this.sh(
      `ovsdb-server /run/${server}.db --remote=punix:/run/${server}.sock --unixctl=/run/${server}.ctl \\
        --pidfile=/run/${server}.pid --log-file=/run/${server}.log --detach --no-chdir ${options}`,
    );
  }

  /** Ends a server at once. */
  kill(server: number): void {
    this.sh(`kill -9 $(cat /run/${server}.pid); rm -f /run/${server}.pid`);
  }

  /** Waits until each server is a member of the cluster. */
  settle(): void {
    if (this.#count === 1) return;
    for (let i = 1; i <= this.#count; i++)
      this.sh(`ovsdb-client --timeout=30 wait unix:/run/${i}.sock ${this.#database} connected`);
  }

  /** Number of the server that leads the cluster. */
  get leader(): number {
    for (let i = 1; i <= this.#count; i++)
      if (/^Role: leader$/m.test(this.sh(`ovs-appctl -t /run/${i}.ctl cluster/status ${this.#database} || true`)))
        return i;
    throw new Error('no server leads the cluster');
  }

  /** A port on this machine's loopback that leads to one of the host's. */
  async relayTo(port: number): Promise<Relay> {
    return Relay.to(this.#sandbox.pid, port);
  }

  /** Writes a file of the host. */
  write(path: string, text: string): void {
    this.sh(`cat >${path}`, text);
  }

  /** Runs a program of OVN on the host. @returns what it printed, without blanks at the ends */
  sh(text: string, input = ''): string {
    const [file, ...args] = this.#sandbox.enter;
    const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/openvswitch-switch';
    return runOrThrow(file, [...args, 'chroot', this.#root, 'env', path, 'sh', '-ec', text], { input });
  }

  /** Ends the servers. */
  stop(): void {
    this.#sandbox.stop();
  }

  #create(): void {
    const schema = `/usr/share/${SCHEMAS[this.#database]}`;
    this.sh('ip link set lo up');
    if (this.#count === 1) return void this.sh(`ovsdb-tool create /run/1.db ${schema}`);
    const at = (server: number) => `tcp:127.0.0.1:700${server}`;
    this.sh(`ovsdb-tool create-cluster /run/1.db ${schema} ${at(1)}`);
    for (let i = 2; i <= this.#count; i++)
      this.sh(`ovsdb-tool join-cluster /run/${i}.db ${this.#database} ${at(i)} ${at(1)}`);
  }
}
