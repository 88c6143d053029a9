import { readFileSync } from 'node:fs';
import { type RunOptions, runOrThrow } from '../../support/run.js';
import { ovnPart } from '../parts.js';
import { folderOf, Sandbox } from '../sandbox.js';

export interface OvnOptions {
  /** How packets travel between the hosts; default `geneve`. */
  readonly encapsulation?: 'geneve' | 'vxlan';
}

/** The two hosts; h1 also has the databases. */
export type OvnHost = 'h1' | 'h2';

export interface OvnGuestOptions {
  readonly host: OvnHost;
  /** The logical port that it is plugged into. */
  readonly port: string;
  readonly mac: string;
}

const script = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Two hosts with Open vSwitch and OVN, connected by an underlay. */
export class Ovn {
  readonly #sandbox: Sandbox;
  readonly #root = folderOf(ovnPart());
  readonly #ports: string[] = [];

  private constructor() {
    this.#sandbox = Sandbox.start('--bare', '--root', this.#root);
  }

  /** Starts the hosts. They end with this process at the latest, however that ends. */
  static start({ encapsulation = 'geneve' }: OvnOptions = {}): Ovn {
    const ovn = new Ovn();
    try {
      ovn.#sh(script('begin.sh'), [encapsulation]);
      return ovn;
    } catch (error) {
      ovn.stop();
      throw error;
    }
  }

  /** Runs `ovn-nbctl`, which changes the logical networks. @returns what it printed, without blanks at the ends */
  nbctl(...args: string[]): string {
    return this.#sh('nbctl "$@"', args);
  }

  /** Runs `ovs-vsctl`, which changes the switches of a host. @returns what it printed, without blanks at the ends */
  vsctl(host: OvnHost, ...args: string[]): string {
    return this.#sh('vsctl "$@"', [host, ...args]);
  }

  /** Waits until the ports of all guests are bound to their hosts, and both hosts do what the northbound database says. */
  sync(): void {
    for (const port of this.#ports) this.nbctl('--timeout=30', 'wait-until', 'Logical_Switch_Port', port, 'up=true');
    this.nbctl('--wait=hv', 'sync');
  }

  /** Plugs a guest, which is a network namespace, into a logical port. */
  guest(name: string, { host, port, mac }: OvnGuestOptions): OvnGuest {
    this.#sh('plug "$@"', [host, name, port, mac]);
    this.#ports.push(port);
    return this.#guestIn(name);
  }

  #guestIn(name: string): OvnGuest {
    return new OvnGuest((text, input) => this.#enter(['ip', 'netns', 'exec', name, 'sh', '-c', text], { input }));
  }

  /** Connects a host to a LAN, which OVN knows as `lan`. @returns another machine of the LAN, with these addresses */
  lan(host: OvnHost, ...addresses: string[]): OvnGuest {
    this.#sh('lan "$@"', [host, ...addresses]);
    return this.#guestIn('outside');
  }

  /** Where the northbound database listens. */
  get northbound(): string {
    return `unix:/proc/${this.#sandbox.pid}/root${this.#root}/run/ovn-lab/h1/ovnnb_db.sock`;
  }

  /** What the controller of a host has written about what it cannot parse. */
  complaints(host: OvnHost): string {
    return this.#sh('grep -hE "error parsing|Syntax error|Invalid" $LAB/$1/*.log || true', [host]);
  }

  /** Ends the hosts with all that runs on them. */
  stop(): void {
    this.#sandbox.stop();
  }

  /** Runs a shell script beside the hosts, with the functions of functions.sh. */
  #sh(text: string, args: readonly string[]): string {
    return this.#enter(['sh', '-s', '-', ...args], { input: `${script('functions.sh')}\n${text}` });
  }

  #enter(words: readonly string[], options: RunOptions): string {
    const [file, ...args] = this.#sandbox.enter;
    return runOrThrow(file, [...args, 'chroot', this.#root, ...words], options);
  }
}

/** A guest of the two hosts. */
export class OvnGuest {
  readonly #run: (text: string, input: string) => string;

  constructor(run: (text: string, input: string) => string) {
    this.#run = run;
  }

  /** Runs a shell script in the guest, as root. @returns what it printed, without blanks at the ends */
  sh(text: string): string {
    return this.#run(text, '');
  }

  /** Asks for a lease and takes it. @returns the address and who lent it, such as `10.0.0.2/24 from 10.0.0.1` */
  lease(): string {
    const ask = `file=$(mktemp); cat >$file; chmod +x $file
      busybox udhcpc -i eth0 -n -q -t 20 -T 1 -s $file; status=$?; rm $file; exit $status`;
    const printed = this.#run(ask, script('lease.sh'));
    return /^LEASE (.*)$/m.exec(printed)?.[1] ?? '';
  }
}
