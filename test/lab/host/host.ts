import { readFileSync } from 'node:fs';
import { localRunner, type Runner } from '../../../src/host/runner/runner.js';
import { outputOf, run } from '../../support/run.js';
import { Sandbox } from '../sandbox.js';

const script = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** A host with a NIC `eno1`, with addresses and routes, and a LAN at the other end of its cable. */
export class LabHost {
  readonly runner: Runner;
  /** Words in front of programs that run on the host. */
  readonly prefix: readonly [file: string, ...args: string[]];
  readonly #sandbox: Sandbox;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.prefix = sandbox.enter;
    this.runner = localRunner({ prefix: sandbox.enter, label: 'lab' });
  }

  /** Starts a host. It ends with this process at the latest, however that ends. */
  static async start(): Promise<LabHost> {
    const host = new LabHost(await Sandbox.begin('--bare'));
    host.sh(script('lan.sh'));
    return host;
  }

  /** Runs a shell script on the host and returns what it prints; throws when it fails. */
  sh(text: string): string {
    return outputOf(...this.#command(text));
  }

  /** The network and the files of the host as text, to be compared; times that run are left out. */
  snapshot(): string {
    return this.sh(script('snapshot.sh'));
  }

  /** Whether an address of the LAN answers; by default both gateways. */
  reaches(...addresses: readonly string[]): boolean {
    const targets = addresses.length === 0 ? ['10.77.0.1', '2001:db8:77::1'] : addresses;
    return targets.every((target) => run(...this.#command(`busybox ping -c 1 -W 2 ${target}`)).status === 0);
  }

  /** Programs on the host beside its first, as `pid command line`. */
  processes(): readonly string[] {
    const lines = this.sh('exec ps -e -o pid= -o args=').split('\n');
    return lines.map((line) => line.trim()).filter((line) => line !== '' && !/^1 |^\d+ ps -e -o /.test(line));
  }

  /** Ends all that runs on the host. */
  end(): void {
    this.#sandbox.kill();
  }

  #command(text: string): [file: string, args: string[]] {
    const [file, ...args] = this.prefix;
    return [file, [...args, 'sh', '-c', text]];
  }
}
