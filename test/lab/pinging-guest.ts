import type { Daemon } from './daemon.js';
import { type PingLog, readPingLog } from './ping-log.js';

/** What a guest saw while something was done to its network. */
export interface Seen extends PingLog {
  /** The bridge that its device is in. */
  readonly bridge: string;
  /** Index of its device: another one would be another device. */
  readonly index: string;
  readonly address: string;
}

/** A guest in a daemon: a network namespace with a device in a bridge, as a VM has, that pings without a pause. */
export class PingingGuest {
  readonly #daemon: Daemon;
  readonly #pid: string;
  readonly #log: string;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#log = `${daemon.dir}/ping.log`;
    this.#pid = daemon.inside('unshare -n sleep infinity >/dev/null 2>&1 & echo $!');
    this.#inGuest('ip link set lo up');
  }

  /** Plugs it into a bridge, and begins to ping; the first answer has come when this returns. */
  plug(tap: string, bridge: string, address: string, gateway: string): string {
    return this.#daemon.inside(
      [
        // The kernel's spanning tree would keep a new device silent for seconds.
        `ip link set ${bridge} type bridge stp_state 0`,
        `ip link add ${tap} type veth peer name eth0`,
        `ip link set eth0 netns ${this.#pid}`,
        `ip link set ${tap} master ${bridge} up`,
        `nsenter -t ${this.#pid} -n sh -c 'ip address add ${address} dev eth0; ip link set eth0 up; busybox ping -q -c 1 -w 10 ${gateway}' >/dev/null`,
        `nsenter -t ${this.#pid} -n busybox ping -i 0.02 ${gateway} >${this.#log} 2>&1 & echo $! >${this.#log}.pid`,
        `until grep -q seq= ${this.#log}; do sleep 0.01; done; cat /sys/class/net/${tap}/ifindex`,
      ].join('\n'),
    );
  }

  /** What it saw until now, one more answer included where there is a bridge to answer. */
  look(tap: string): Seen {
    const printed = this.#daemon.inside(
      [
        // A ping of its own would wait for ten seconds where the bridge is silent at first.
        `timeout 10 sh -c 'tail -n 0 -f ${this.#log} | grep -m 1 -q seq='`,
        `kill $(cat ${this.#log}.pid)`,
        `echo "bridge $(basename "$(readlink /sys/class/net/${tap}/master)")"`,
        `echo "index $(cat /sys/class/net/${tap}/ifindex)"`,
        `echo "address $(nsenter -t ${this.#pid} -n ip -4 -o address show dev eth0 | awk '{print $4}')"`,
        `cat ${this.#log}`,
      ].join('\n'),
    );
    const field = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(printed)?.[1] ?? '';
    return {
      bridge: field('bridge'),
      index: field('index'),
      address: field('address'),
      ...readPingLog(printed),
    };
  }

  /** The bridge that its device is in. */
  bridgeOf(tap: string): string {
    return this.#daemon.inside(`basename "$(readlink /sys/class/net/${tap}/master)"`);
  }

  /** Ends what `plug` began. */
  unplug(tap: string): void {
    this.#daemon.inside(`kill $(cat ${this.#log}.pid) 2>/dev/null; ip link del ${tap} 2>/dev/null; true`);
  }

  #inGuest(command: string): void {
    this.#daemon.inside(`nsenter -t ${this.#pid} -n ${command}`);
  }
}
