import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type RunOptions, runOrThrow, start } from '../../support/run.js';
import { type PingLog, readPingLog } from '../ping-log.js';
import { type Probe, readProbes } from '../probe.js';
import { NETPROBE } from '../tools.js';

/** Words in front of a program that runs in a guest: with the programs of the hosts, and with those of the machine. */
export interface GuestWords {
  readonly inside: readonly [string, ...string[]];
  readonly outside: readonly [string, ...string[]];
}

const logOf = (address: string): string => `log=/tmp/ping-$(busybox cat /sys/class/net/eth0/address)-${address}`;

/** A guest of hosts with OVN, or a machine of their LAN. */
export class OvnGuest {
  readonly #words: GuestWords;

  constructor(words: GuestWords) {
    this.#words = words;
  }

  /** Runs a shell script in the guest, as root. @returns what it printed, without blanks at the ends */
  sh(script: string, options: RunOptions = {}): string {
    const [file, ...args] = this.#words.inside;
    return runOrThrow(file, [...args, 'sh', '-c', script], options);
  }

  /** Asks for a lease and takes it. @returns the address and who lent it, such as `10.0.0.2/24 from 10.0.0.1` */
  lease(): string {
    return /^LEASE (.*)$/m.exec(this.#ask())?.[1] ?? '';
  }

  /** Asks for a lease and takes it. @returns how many seconds it is for */
  leaseSeconds(): number {
    return Number(/^SECONDS (.*)$/m.exec(this.#ask())?.[1]);
  }

  #ask(): string {
    const ask = `file=$(mktemp); cat >$file; chmod +x $file
      busybox udhcpc -i eth0 -n -q -t 20 -T 1 -s $file; status=$?; rm $file; exit $status`;
    return this.sh(ask, { input: readFileSync(new URL('lease.sh', import.meta.url), 'utf8') });
  }

  /** Answers TCP and UDP on a port with the address that asks. It answers when this returns. */
  serve(port = 7777): void {
    const [file, ...args] = this.#words.outside;
    const script = `ready=$(mktemp -u); mkfifo $ready; "$@" --ready-file $ready </dev/null >/dev/null 2>&1 & read -r line <$ready; rm $ready`;
    runOrThrow(file, [...args, 'sh', '-c', script, '-', NETPROBE, 'serve', '--port', `${port}`]);
  }

  /** Pings until there is an answer: the first packets of a way are lost while routers ask for hardware addresses. */
  reach(...addresses: readonly string[]): void {
    const until = (address: string) =>
      `for n in $(seq 20); do busybox ping -c 1 -W 1 ${address} >/dev/null && exit; done; echo ${address} is silent >&2; exit 1`;
    this.sh(addresses.map((address) => `(${until(address)}) || exit`).join('\n'));
  }

  /** Begins to ping addresses without a pause. */
  beginPings(addresses: readonly string[]): void {
    const begin = (address: string) =>
      `${logOf(address)}; busybox ping -i 0.05 ${address} >$log 2>&1 & echo $! >$log.pid`;
    this.sh(addresses.map((address) => `(${begin(address)})`).join('\n'));
  }

  /** Ends the pings of {@link OvnGuest.beginPings}, ten questions later. @returns what came of each */
  endPings(addresses: readonly string[]): readonly PingLog[] {
    this.sh(
      addresses
        .map((address) => `busybox ping -i 0.05 -c 10 -W 1 ${address} >/dev/null`)
        .join(' & ')
        .concat('; wait'),
    );
    return addresses.map((address) =>
      readPingLog(
        this.sh(
          `${logOf(address)}; pid=$(cat $log.pid); kill -INT $pid; timeout 5 tail --pid=$pid -f /dev/null; cat $log`,
        ),
      ),
    );
  }

  /**
   * Sends many packets at once, and says what comes of each.
   *
   * @param lines - such as `tcp 10.0.0.1 80` and `ping fd00::1`
   * @param patience - seconds that each may wait for an answer: by default long enough to be sent again where the first is lost
   */
  async probes(lines: readonly string[], patience = 5): Promise<Probe[]> {
    const [file, ...args] = this.#words.outside;
    const child = start(file, [...args, NETPROBE, 'batch']);
    child.stdin.end(lines.map((line) => `${line} --timeout ${patience}\n`).join(''));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return readProbes({ stdout, stderr });
  }
}
