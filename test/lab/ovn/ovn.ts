import { readFileSync } from 'node:fs';
import { localRunner, type Runner } from '../../../src/host/runner/runner.js';
import { runOrThrow } from '../../support/run.js';
import { ovnPart } from '../parts.js';
import { folderOf, Sandbox } from '../sandbox.js';
import { OvnGuest } from './guest.js';

export interface OvnOptions {
  /** How packets travel between the hosts; default `geneve`. */
  readonly encapsulation?: 'geneve' | 'vxlan';
  /** How many hosts there are; default 2. */
  readonly hosts?: 2 | 3;
}

/** The hosts, which OVN knows as `chassis1` and so on; h1 also has the databases. */
export type OvnHost = 'h1' | 'h2' | 'h3';

export interface OvnGuestOptions {
  readonly host: OvnHost;
  /** The logical port that it is plugged into. */
  readonly port: string;
  readonly mac: string;
}

const script = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Hosts with Open vSwitch and OVN, connected by an underlay. */
export class Ovn {
  readonly #sandbox: Sandbox;
  readonly #root = folderOf(ovnPart());
  readonly #ports: string[] = [];

  private constructor() {
    this.#sandbox = Sandbox.start('--bare', '--root', this.#root);
  }

  /** Starts the hosts. They end with this process at the latest, however that ends. */
  static start({ encapsulation = 'geneve', hosts = 2 }: OvnOptions = {}): Ovn {
    const ovn = new Ovn();
    try {
      ovn.#sh(script('begin.sh'), [encapsulation, `${hosts}`]);
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

  /** Waits until the ports of all guests are bound to their hosts, and all hosts do what the northbound database says. */
  sync(): void {
    this.#sh(
      `for port in "$@"; do nbctl wait-until Logical_Switch_Port "$port" up=true; done
      nbctl --wait=hv sync`,
      this.#ports,
    );
  }

  /** Plugs a guest, which is a network namespace, into a logical port. */
  guest(name: string, { host, port, mac }: OvnGuestOptions): OvnGuest {
    this.#sh('plug "$@"', [host, name, port, mac]);
    this.#ports.push(port);
    return this.#guestIn(name);
  }

  #guestIn(name: string): OvnGuest {
    return new OvnGuest({
      inside: [...this.#sandbox.enter, 'chroot', this.#root, 'ip', 'netns', 'exec', name],
      outside: [...this.#sandbox.enter, 'nsenter', `--net=${this.#root}/run/netns/${name}`],
    });
  }

  /** Connects hosts to a LAN, which OVN knows as `lan`. @returns another machine of the LAN, with these addresses */
  lan(hosts: OvnHost | readonly OvnHost[], ...addresses: string[]): OvnGuest {
    const uplinks = typeof hosts === 'string' ? [hosts] : hosts;
    this.#sh(`lan "$@"\n${uplinks.map((host) => `uplink ${host}`).join('\n')}`, addresses);
    return this.#guestIn('outside');
  }

  /** Runs programs on a host. */
  runner(host: OvnHost): Runner {
    const folder = `/run/ovn-lab/${host}`;
    const folders = ['OVS_RUNDIR', 'OVS_LOGDIR', 'OVN_RUNDIR', 'OVN_LOGDIR'].map((name) => `${name}=${folder}`);
    const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/openvswitch-switch';
    const words = [...this.#sandbox.enter, 'chroot', this.#root, 'env', path, ...folders, 'ip', 'netns', 'exec', host];
    return localRunner({ label: host, prefix: words });
  }

  /** Where the southbound database listens. */
  get southbound(): string {
    return `unix:/proc/${this.#sandbox.pid}/root${this.#root}/run/ovn-lab/h1/ovnsb_db.sock`;
  }

  /** Where Open vSwitch's own database of a host listens. */
  openVswitch(host: OvnHost): string {
    return `unix:/proc/${this.#sandbox.pid}/root${this.#root}/run/ovn-lab/${host}/db.sock`;
  }

  /** Kills the controller of a host. */
  killController(host: OvnHost): void {
    this.#sh('crash "$1" ovn-controller', [host]);
  }

  /** Starts the controller of a host. */
  beginController(host: OvnHost): void {
    this.#sh('controller "$1"', [host]);
  }

  /** Kills both databases, and northd. */
  killCentral(): void {
    this.#sh('for service in ovnnb ovnsb ovn-northd; do crash h1 $service; done', []);
  }

  /** Starts both databases, and northd. */
  beginCentral(): void {
    this.#sh('database nb; database sb; northd', []);
  }

  /** Takes the power from a host with its guests, at once. It is in the LAN. */
  lose(host: OvnHost): void {
    this.#sh('lose "$1"', [host]);
  }

  /** Where the northbound database listens. */
  get northbound(): string {
    return `unix:/proc/${this.#sandbox.pid}/root${this.#root}/run/ovn-lab/h1/ovnnb_db.sock`;
  }

  /** What the controller of a host has written about what it cannot parse. */
  complaints(host: OvnHost): string {
    return this.#sh('busybox grep -hE "error parsing|[Ss]yntax error|Invalid|bad " $LAB/$1/ovn-*.log || [ $? = 1 ]', [
      host,
    ]);
  }

  /** What OVN cannot parse of what is in its southbound database, on whichever host. */
  unparsed(): string {
    // It reads and parses everything before it looks for the datapath that it follows a packet in.
    const printed = this.#sh('on h1 ovn-trace --db=unix:$LAB/h1/ovnsb_db.sock nowhere ip 2>&1 || true', []);
    return printed.replace('unknown datapath "nowhere"', '').trim();
  }

  /**
   * Asks `ovn-trace` what becomes of packets: it reads the logical flows, and knows nothing of hosts and of connections.
   *
   * @param packets - as expressions of OVN
   * @param tracking - what connection tracking says of the packets, whenever it is asked: `new`, or `est,rpl` for answers
   * @returns what it printed for each
   */
  traces(packets: readonly string[], tracking: 'new' | 'est,rpl'): readonly string[] {
    return this.#sh(
      `control=$LAB/h1/trace.ctl tracking=$1
      shift
      # They are used up one after the other, over all packets.
      states=$(for n in $(seq $((12 * $#))); do echo "--ct=$tracking"; done)
      on h1 ovn-trace --db=unix:$LAB/h1/ovnsb_db.sock --unixctl=$control --no-friendly-names $states --detach
      for packet in "$@"; do
        on h1 ovs-appctl -t $control trace --minimal "$packet" 2>&1 || true
        echo '====='
      done
      on h1 ovs-appctl -t $control exit`,
      [tracking, ...packets],
    )
      .split('=====')
      .slice(0, -1);
  }

  /** What northd has written about rows that it left out. */
  northdComplaints(): string {
    // Reserved addresses whose guests have their ports, full ranges, and what it says of its own speed: nothing is wrong with a row.
    const known = 'Duplicate IP set|address space has been exhausted|\\|timeval\\||Dropped [0-9]+ log messages';
    return this.#sh(`busybox grep WARN $LAB/h1/ovn-northd.log | busybox grep -vE "${known}" || [ $? = 1 ]`, []);
  }

  /** Ends the hosts with all that runs on them. */
  stop(): void {
    this.#sandbox.stop();
  }

  /** Runs a shell script beside the hosts, with the functions of functions.sh. */
  #sh(text: string, args: readonly string[]): string {
    const [file, ...words] = [...this.#sandbox.enter, 'chroot', this.#root, 'sh', '-es', '-', ...args];
    return runOrThrow(file, words, { input: `${script('functions.sh')}\n${text}` });
  }
}
