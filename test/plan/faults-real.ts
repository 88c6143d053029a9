import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Host, Network } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { changedEntries, plainNetwork } from '../support/changes.js';
import { changesOf, type FaultCase, outcomeOf } from '../support/fault-case.js';
import { FAULTS } from '../support/faults.js';
import { announce, type Random, runs } from '../support/random.js';
import { realizable } from '../support/realizable.js';
import { hasSandbox, type Sandbox, type SandboxRelease, startSandbox } from '../support/sandbox.js';

const MODES = ['none', 'nat', 'route', 'open'] as const;
/** Those that need no clock: a daemon's answers take as long as they take. */
const REAL_FAULTS = FAULTS.filter((fault) => !fault.startsWith('hang'));

/** The tests against a daemon of one release: files for each run at the same time. */
export function faultsOn(release: SandboxRelease): void {
  describe.runIf(hasSandbox())(`a fault at any step on a real daemon, libvirt ${release}`, () => {
    let sandbox: Sandbox;
    let host: Host;
    const libvirt = `${release}.0`;
    const transport = () => virsh({ uri: sandbox.uri, path: sandbox.virsh });
    beforeAll(() => {
      sandbox = startSandbox(release);
      host = connect(transport());
    });
    afterAll(async () => {
      await host.close();
      sandbox.stop();
    });

    /** The same case again and again: a real daemon has no snapshots. */
    async function prepare({ before, desired }: { before: Network; desired: Network }): Promise<FaultCase> {
      for (const handle of await host.networks.list()) {
        const { active, persistent } = await handle.info();
        if (active) await handle.destroy();
        if (persistent) await handle.undefine();
      }
      await (await host.networks.define(before, { libvirt })).start();
      const options = { running: true, autostart: true, restart: 'always', libvirt } as const;
      return { transport: transport(), desired, options };
    }

    function pairOf(random: Random): { before: Network; desired: Network } {
      const before = realizable(plainNetwork(random, 'lab', MODES));
      const desired = random.chance(0.6)
        ? realizable(changedEntries(random, before))
        : realizable(plainNetwork(random, 'lab', MODES));
      return { before: Network.from(before), desired: Network.from(desired) };
    }

    it('the old state or the new one, or the error says what is left; doing it again completes it', {
      timeout: 7_200_000,
    }, async () => {
      const count = Math.ceil(runs(100) / 2);
      const random = announce(`plans with a fault at each step on ${release}`, count);
      const outcomes = { old: 0, new: 0, told: 0 };
      for (let i = 0; i < count; i++) {
        const pair = pairOf(random);
        const steps = await changesOf(await prepare(pair));
        for (let at = 1; at <= steps; at++)
          outcomes[await outcomeOf(await prepare(pair), at, random.pick(REAL_FAULTS))]++;
      }
      console.log(`${release}: ${JSON.stringify(outcomes)}`);
      expect(outcomes.old + outcomes.new + outcomes.told).toBeGreaterThan(count);
    });

    it('the same when the daemon is killed', { timeout: 600_000 }, async () => {
      const random = announce(`plans with a killed daemon on ${release}`, 3);
      const daemon = { kill: () => sandbox.daemon('kill'), mend: () => sandbox.daemon('start') };
      for (let i = 0; i < 3; i++) {
        const pair = pairOf(random);
        const steps = await changesOf(await prepare(pair));
        await outcomeOf(await prepare(pair), random.int(1, steps), 'daemon killed', daemon);
      }
    });
  });
}
