import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type EnsureOptions, Network, type NetworkDocument, type Transport } from '../../src/index.js';
import type { ObservedState } from '../../src/plan-entry.js';
import { socket } from '../../src/socket/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, RELEASES, type Release, startDaemon, viewThrough } from '../lab/index.js';
import { changedEntries, plainNetwork } from '../support/changes.js';
import type { Orders } from '../support/ensure-process.js';
import { type Attempt, changesOf, endOf, type FaultCase, faultAt, outcomeOf } from '../support/fault-case.js';
import { FAULTS } from '../support/faults.js';
import { FaultyVirsh, VIRSH_FAULTS, type VirshFault } from '../support/faulty-virsh.js';
import { killedProgram } from '../support/killed-program.js';
import { Killer } from '../support/killer.js';
import { needs } from '../support/needs.js';
import { announce, type Random, runs, thinned } from '../support/random.js';
import { realizable } from '../support/realizable.js';

needs('daemon of every release');

const MODES = ['none', 'nat', 'route', 'open'] as const;
const UUID = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';
/** Those of the connection; what hangs is the program virsh, which takes as long as it takes. */
const OF_CONNECTION = FAULTS.filter((fault) => !fault.startsWith('hang') && !fault.startsWith('killed'));
/** How long a virsh that hangs is waited for. */
const HANG_MS = 1000;
const NEXT = '@@next@@';
/** What each release is tried over; without SOAK=1 one release over virsh and another over the socket. */
const WAYS = [
  ...thinned('releases with faults over virsh', ['9.0', '11.3'] as const, 2).map(
    (release) => [release, 'virsh'] as const,
  ),
  ...thinned('releases with faults over the socket', RELEASES, 3).map((release) => [release, 'its socket'] as const),
];

interface Pair {
  readonly before: NetworkDocument;
  readonly desired: Network;
}

function pairOf(random: Random): Pair {
  const before = realizable(plainNetwork(random, 'lab', MODES));
  const desired = random.chance(0.6)
    ? realizable(changedEntries(random, before))
    : realizable(plainNetwork(random, 'lab', MODES));
  return { before, desired: Network.from(desired) };
}

/** A daemon with a network that a guest uses, on which things go wrong. */
class Place {
  readonly #daemon: Daemon;
  readonly #options: EnsureOptions;
  readonly #virsh: FaultyVirsh;
  /** Path of the daemon's socket, where the library uses it in place of virsh. */
  readonly #socket: string | undefined;
  #open: Transport | undefined;

  constructor(release: Release, isOverSocket: boolean) {
    this.#daemon = startDaemon(release);
    this.#socket = isOverSocket ? join(this.#daemon.dir, 'run/libvirt-sock') : undefined;
    const view = viewThrough(this.#daemon.enter);
    this.#options = { running: true, autostart: true, restart: 'always', libvirt: `${release}.0`, view };
    this.#virsh = new FaultyVirsh(this.#daemon);
    this.#daemon.inside('ip link add tap0 type veth peer name guest0');
  }

  async stop(): Promise<void> {
    await this.#open?.close();
    this.#daemon.stop();
  }

  /** The one transport of all cases, which a daemon that is killed leaves without a connection. */
  #transport(): Transport {
    const { uri, virsh: path } = this.#daemon;
    this.#open ??=
      this.#socket === undefined ? virsh({ uri, path }) : socket({ uri: 'network:///system', path: this.#socket });
    return this.#open;
  }

  /** The same case again and again: a real daemon has no snapshots. */
  prepare({ before, desired }: Pair): FaultCase {
    const { dir } = this.#daemon;
    writeFileSync(
      `${dir}/before`,
      Network.from({ ...before, uuid: UUID }).toXml({ libvirt: this.#options.libvirt, check: false }),
    );
    expect(this.#daemon.ask('net-destroy lab; net-undefine lab; net-list --all --name')).not.toContain('lab');
    const printed = this.#daemon.askAll(`net-define ${dir}/before`, 'net-start lab', 'net-dumpxml lab');
    this.#daemon.inside(`ip link set tap0 master ${bridgeIn(printed.join())} alias ''`);
    return {
      transport: this.#transport(),
      desired,
      options: this.#options,
      hasLinks: (found) => this.#hasLinks(found),
      look: async () => this.#look(),
    };
  }

  /** One of the ways in which libvirt can fail a program at its n-th change. */
  anyAt(random: Random, at: number): Attempt {
    const ways = [
      ...OF_CONNECTION.map((fault) => () => faultAt(at, fault)),
      ...(this.#socket === undefined ? VIRSH_FAULTS.map((fault) => () => this.#virshAt(at, fault)) : []),
      () => this.#daemonKilledAt(at),
      () => this.killedAt(at, false),
      () => this.killedAt(at, true),
    ];
    return random.pick(ways)();
  }

  /** The program itself is killed, at a change of whatever kind. */
  killedAt(at: number, isAfter: boolean): Attempt {
    const { uri, virsh: path, enter } = this.#daemon;
    const { view: _, ...options } = this.#options;
    return {
      name: `program killed ${isAfter ? 'after' : 'before'} ${at}`,
      run: async ({ desired }) => {
        const orders: Orders = {
          uri,
          virsh: path,
          socket: this.#socket,
          enter,
          desired: desired.toXml({ libvirt: options.libvirt }),
          options,
          at,
          isAfter,
        };
        expect(await killedProgram('ensure-process', JSON.stringify(orders))).toBe('SIGKILL');
        return { isKilled: true };
      },
    };
  }

  #virshAt(at: number, fault: VirshFault): Attempt {
    return {
      name: `${fault} at ${at}`,
      run: ({ desired, options }) => {
        this.#virsh.breakAt(at, fault);
        const timeoutMs = fault.includes('hangs') ? HANG_MS : undefined;
        const transport = virsh({ uri: this.#daemon.uri, path: this.#virsh.path, timeoutMs });
        return endOf(connect(transport).networks.ensure(desired, options));
      },
    };
  }

  #daemonKilledAt(at: number): Attempt {
    return {
      name: `daemon killed at ${at}`,
      isBlind: true,
      run: async ({ transport, desired, options }) => {
        const killer = new Killer(at, false, () => this.#daemon.killLibvirt(), 'goes on');
        const ended = await endOf(connect(killer.transport(transport)).networks.ensure(desired, options));
        this.#daemon.startLibvirt();
        return ended;
      },
    };
  }

  /** Whether the guest is in the bridge of the network, and nothing of a restart is left on its device. */
  #hasLinks({ live }: ObservedState): boolean {
    const [master, alias] = this.#daemon
      .inside('readlink /sys/class/net/tap0/master; cat /sys/class/net/tap0/ifalias')
      .split('\n');
    return master?.endsWith(`/${live?.bridge?.name}`) === true && alias === undefined;
  }

  /** What virsh itself says of the network, in one process. */
  #look(): ObservedState {
    const [info = '', live = '', stored = ''] = this.#daemon
      .ask(`net-info lab; echo ${NEXT}; net-dumpxml lab; echo ${NEXT}; net-dumpxml --inactive lab; echo`)
      .split(NEXT);
    const isYes = (label: string) => new RegExp(`^${label}: +yes$`, 'm').test(info);
    const uuid = /^UUID: +(\S+)$/m.exec(info)?.[1];
    if (uuid === undefined) return {};
    const state = { uuid, active: isYes('Active'), persistent: isYes('Persistent'), autostart: isYes('Autostart') };
    return {
      state,
      ...(state.active ? { live: Network.parse(live).document } : {}),
      ...(state.persistent ? { stored: Network.parse(stored).document } : {}),
    };
  }
}

const bridgeIn = (xml: string): string | undefined => /<bridge name='([^']*)'/.exec(xml)?.[1];

describe.each(WAYS)('a fault at any step on a real daemon, libvirt %s over %s', (release, way) => {
  let place: Place;
  beforeAll(() => {
    place = new Place(release, way !== 'virsh');
  });
  afterAll(() => place.stop());

  it('the old state or the new one, or the error says what is left; doing it again completes it', {
    timeout: runs(7_200_000, 600_000),
  }, async () => {
    const count = runs(100, 1);
    const random = announce(`plans with a fault at each step on ${release} over ${way}`, count);
    const outcomes = { old: 0, new: 0, told: 0 };
    const kinds = new Map<string, number>();
    const failures: string[] = [];
    for (let i = 0; i < count; i++) {
      const pair = pairOf(random);
      if (i % 10 === 0) console.log(`${release}: ${i} plans: ${JSON.stringify(outcomes)}, ${failures.length} failed`);
      const { libvirt, all } = await changesOf(place.prepare(pair));
      for (let at = 1; at <= all; at++) {
        // What the view changes can go wrong for a program that is killed.
        const attempt =
          at <= libvirt ? place.anyAt(random, at) : place.killedAt(random.int(1, all), random.chance(0.5));
        const kind = attempt.name.replace(/(?: at)? \d+$/, '');
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        try {
          outcomes[await outcomeOf(place.prepare(pair), attempt)]++;
        } catch (error) {
          failures.push(`${i}: ${attempt.name}: ${JSON.stringify(pair)}\n${String(error)}`);
        }
      }
    }
    console.log(`${release}: ${JSON.stringify(outcomes)} of ${JSON.stringify(Object.fromEntries(kinds))}`);
    expect(failures.join('\n\n')).toBe('');
    expect(outcomes.old + outcomes.new + outcomes.told).toBeGreaterThan(count);
  });
});
