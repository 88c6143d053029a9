import { readFileSync } from 'node:fs';
import { runOrThrow } from '../../support/run.js';
import { Daemon } from '../daemon.js';
import { ovnPart } from '../parts.js';
import type { DaemonRelease } from '../recipes.js';
import { folderOf } from '../sandbox.js';

/** Addresses of the hosts in their underlay. */
const ADDRESSES = ['10.0.0.1', '10.0.0.2'] as const;

/** Two hosts with libvirt, Open vSwitch and OVN as their packages leave them; the first one also has the databases. */
export class LibvirtHosts {
  readonly daemons: readonly [Daemon, Daemon];

  private constructor(daemons: readonly [Daemon, Daemon]) {
    this.daemons = daemons;
  }

  /** Starts the hosts. They end with this process at the latest, however that ends. */
  static start(release: DaemonRelease): LibvirtHosts {
    const hosts = new LibvirtHosts([Daemon.start(release), Daemon.start(release)]);
    try {
      hosts.#connect();
      hosts.daemons.forEach((daemon, i) => {
        const words = [folderOf(ovnPart()), daemon.root, `${ADDRESSES[i]}/24`, i === 0 ? 'central' : '-'];
        const [file, ...args] = daemon.enter;
        runOrThrow(file, [...args, 'sh', '-s', '-', ...words], { input: script });
      });
      return hosts;
    } catch (error) {
      hosts.stop();
      throw error;
    }
  }

  /** Where the northbound database listens. */
  get northbound(): string {
    const [{ pid, root }] = this.daemons;
    return `unix:/proc/${pid}/root${root}/run/sandbox/ovn/run/ovn/ovnnb_db.sock`;
  }

  /** Ends the hosts with all that runs on them. */
  stop(): void {
    for (const daemon of this.daemons) daemon.stop();
  }

  /** Lays a cable between the hosts, from a network of its own, so that the machine's is not touched. */
  #connect(): void {
    const [one, other] = this.daemons.map(({ pid }) => `${pid}`);
    const cable = [
      'ip',
      'link',
      'add',
      'u0',
      'netns',
      `${one}`,
      'type',
      'veth',
      'peer',
      'name',
      'u0',
      'netns',
      `${other}`,
    ];
    runOrThrow('unshare', ['--net', ...cable]);
  }
}

const script = readFileSync(new URL('libvirt-host.sh', import.meta.url), 'utf8');
