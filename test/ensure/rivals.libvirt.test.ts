import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, formatPlan, type Host, NatNetwork, type Plan } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { programOf } from '../support/program.js';
import { announce, type Random, runs } from '../support/random.js';
import type { RivalEnd, RivalOrder } from '../support/rival-process.js';
import { start } from '../support/run.js';

needs('daemon 9.0', 'daemon 12.9');

const OPTIONS = { running: true, restart: 'always' } as const;

/** A state that differs from that of every other program: in what can be changed while the network runs, or not. */
function stateOf(random: Random, program: number): NatNetwork {
  const subnet = random.chance(0.5) ? '10.60.0.1/24' : `10.6${program}.0.1/24`;
  const prefix = subnet.slice(0, subnet.lastIndexOf('.'));
  const network = NatNetwork.create('lab')
    .bridge('virbr-lab')
    .subnet(subnet, (one) =>
      one
        .dhcp(`${prefix}.100`, `${prefix}.199`)
        .host({ mac: `52:54:00:00:00:0${program}`, ip: `${prefix}.${10 + random.int(0, 80)}` }),
    );
  const named = random.chance(0.5) ? network.domain(`d${program}.test`) : network;
  return random.chance(0.3) ? named.mtu(1400 + program) : named;
}

/** A program that takes orders, one after the other. */
class Rival {
  readonly #child;
  readonly #ends: AsyncIterator<string>;

  constructor(daemon: Daemon) {
    const program = programOf('test/support/rival-process.ts');
    this.#child = start(process.execPath, [program, daemon.uri, daemon.virsh], { seconds: runs(3_600, 250) });
    this.#ends = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  async do(order: RivalOrder): Promise<RivalEnd> {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    const { value } = await this.#ends.next();
    return JSON.parse(String(value));
  }

  end(): ChildProcess {
    this.#child.stdin.end();
    return this.#child;
  }
}

describe.each(['9.0', '12.9'] as const)('programs that want different states of one network, libvirt %s', (release) => {
  let daemon: Daemon;
  let host: Host;
  let rivals: readonly Rival[];
  const libvirt = `${release}.0`;
  beforeAll(() => {
    daemon = startDaemon(release);
    host = connect(virsh({ uri: daemon.uri, path: daemon.virsh }));
    rivals = Array.from({ length: 5 }, () => new Rival(daemon));
  });
  afterAll(async () => {
    for (const rival of rivals) rival.end();
    await host.close();
    daemon.stop();
  });

  /** Absent, stored, or running. */
  async function begin(random: Random): Promise<string> {
    await host.networks.ensureAbsent('lab', { inUse: true });
    const how = random.pick(['absent', 'stored', 'running'] as const);
    if (how !== 'absent') await host.networks.ensure(stateOf(random, 9), { running: how === 'running' });
    return how;
  }

  const isReached = ({ steps, blocked }: Plan): boolean => steps.length + blocked.length === 0;

  it('end with one of these states, and all who do not have it were told or were there before', {
    timeout: runs(3_600_000, 300_000),
  }, async () => {
    const count = runs(100, 1);
    const random = announce(`rivals on ${release}`, count);
    const tally = { rounds: 0, told: 0, done: 0 };
    for (let round = 0; round < count; round++) {
      const before = await begin(random);
      const states = Array.from({ length: random.int(2, 5) }, (_, i) => stateOf(random, i + 1));
      const ends = await Promise.all(
        states.map((state, i) =>
          rivals[i]?.do({ desired: state.toXml({ libvirt }), options: { ...OPTIONS, libvirt } }),
        ),
      );
      const plans = await Promise.all(states.map((state) => host.networks.plan(state, { ...OPTIONS, libvirt })));
      const winners = plans.flatMap((plan, i) => (isReached(plan) ? [i] : []));
      const story = `round ${round}, ${before}: ${JSON.stringify(ends)}\n${plans.map(formatPlan).join('\n')}`;
      expect(winners, story).toHaveLength(1);
      expect(ends[winners[0] ?? -1], story).toEqual({});
      tally.rounds++;
      tally.done += ends.filter((end) => end?.error === undefined).length;
      tally.told += ends.filter((end) => end?.error !== undefined).length;
    }
    console.log(`rivals on ${release}: ${JSON.stringify(tally)}`);
  });
});
