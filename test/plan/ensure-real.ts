import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localView } from '../../src/host/index.js';
import {
  connect,
  formatPlan,
  type Host,
  LibvirtError,
  Network,
  type NetworkDocument,
  type PlanStep,
} from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { changedEntries, plainNetwork } from '../support/changes.js';
import { PingingGuest } from '../support/guest.js';
import { announce, type Random, runs } from '../support/random.js';
import { realizable } from '../support/realizable.js';
import { hasSandbox, type Sandbox, type SandboxRelease, startSandbox } from '../support/sandbox.js';

const run = promisify(execFile);
const MODES = [
  'none',
  'nat',
  'route',
  'open',
  'none',
  'nat',
  'route',
  'bridge',
  'private',
  'vepa',
  'passthrough',
] as const;

const definition = (random: Random): NetworkDocument => realizable(plainNetwork(random, 'pair', MODES));

const metadata = (random: Random): NetworkDocument => ({
  name: 'pair',
  ...random.maybe(0.7, () => ({
    metadata: [
      {
        type: 'element' as const,
        name: 'app:note',
        attributes: { 'xmlns:app': 'urn:example:note', n: `${random.int(1, 9)}` },
        children: [],
      },
    ],
  })),
});

/** Another network, or the same with other entries, labels or settings. */
function desiredFrom(random: Random, current: NetworkDocument): NetworkDocument {
  const { metadata: _, ...plain } = current;
  const changes: readonly (() => NetworkDocument)[] = [
    () => realizable(changedEntries(random, current)),
    () => realizable(changedEntries(random, current)),
    () => ({ ...plain, ...metadata(random), title: `t${random.int(1, 9)}` }),
    () => realizable({ ...changedEntries(random, plain), ...metadata(random) }),
    () => ({
      ...realizable(changedEntries(random, current)),
      ...(current.ips === undefined ? {} : { domain: { name: 'new.test' } }),
    }),
    () => definition(random),
  ];
  return random.pick(changes)();
}

/**
 * A definition as lines in libvirt's own words without what libvirt filled in: names and addresses that nobody chose, the
 * ports of masquerading, counts. The order of lines does not count.
 */
function linesOf(xml: string, desired: NetworkDocument): string {
  const own = xml
    .trim()
    .replace(/\n {2}<uuid>.*<\/uuid>/, '')
    .replace(/ connections='\d+'/g, '')
    .replace(desired.mac === undefined ? /\n {2}<mac address='[^']*'\/>/ : /$^/, '')
    .replace(desired.bridge?.name === undefined ? /<bridge name='[^']*'/ : /$^/, '<bridge')
    .replace(desired.forward?.nat?.port === undefined ? /\n {6}<port start='1024' end='65535'\/>/ : /$^/, '')
    .replace(/<forward mode='nat'>\s*<nat>\s*<\/nat>\s*<\/forward>/, "<forward mode='nat'/>")
    .replace(/<nat( ipv6='\w+')>\s*<\/nat>/, '<nat$1/>')
    .replace(/\n\s*<nat>\s*<\/nat>/, '');
  return own
    .split('\n')
    .map((line) => line.trim())
    .sort()
    .join('\n');
}

/** The tests against a daemon of one release: files for each run at the same time. */
export function ensureOn(release: SandboxRelease): void {
  describe.runIf(hasSandbox())(`ensure on a real daemon, libvirt ${release}`, () => {
    let sandbox: Sandbox;
    let host: Host;
    let guest: PingingGuest;
    beforeAll(() => {
      sandbox = startSandbox(release);
      host = connect(virsh({ uri: sandbox.uri, path: sandbox.virsh }));
      guest = new PingingGuest(sandbox);
      // Networks of mode bridge name one of the host's.
      sandbox.inside('for i in $(seq 0 99); do ip link add br$i type bridge; done');
    });
    afterAll(async () => {
      await host.close();
      sandbox.stop();
    });

    const view = () =>
      localView({
        run: async (file, args) => {
          const [tool, ...enter] = sandbox.enter;
          return (await run(tool, [...enter, file, ...args], { maxBuffer: 1 << 26 })).stdout;
        },
      });
    const libvirt = `${release}.0`;

    /** Brings the host into a state that a program may find: stopped, running, or running with another definition stored. */
    async function prepare(random: Random, current: NetworkDocument): Promise<boolean> {
      const network = Network.from(current);
      if (random.chance(0.1)) return false;
      const handle = random.chance(0.1)
        ? await host.networks.create(network, { libvirt })
        : await host.networks.define(network, { libvirt });
      const { active } = await handle.info();
      if (!active && random.chance(0.15)) return false;
      if (!active) await handle.start();
      if (random.chance(0.15)) await host.networks.define(Network.from(definition(random)), { libvirt });
      return true;
    }

    async function clear(): Promise<void> {
      for (const handle of await host.networks.list()) {
        const { active, persistent } = await handle.info();
        if (active) await handle.destroy();
        if (persistent) await handle.undefine();
      }
    }

    const isGentle = (step: PlanStep) => step.effect !== 'restart';

    it('any pair of networks: both copies are as wanted, then there is nothing to do, and guests stay', {
      timeout: 7_200_000,
    }, async () => {
      const count = Math.ceil(runs(1500) / 2);
      const random = announce(`pairs of networks on ${release}`, count);
      let [gentle, restarts, pinged] = [0, 0, 0];
      for (let i = 0; i < count; i++) {
        const current = definition(random);
        const desired = Network.from(desiredFrom(random, current));
        if (desired.validate({ libvirt }).some(({ severity }) => severity === 'error')) continue;
        const isRunning = await prepare(random, current).catch((error: unknown) => {
          throw new Error(`cannot prepare ${JSON.stringify(current)}`, { cause: error });
        });
        const ip = current.ips?.find(({ family }) => family !== 'ipv6');
        const bridge =
          isRunning && ip !== undefined
            ? /<bridge name='([^']*)'/.exec(sandbox.ask('net-dumpxml', 'pair'))?.[1]
            : undefined;
        const plugged = bridge !== undefined && ip !== undefined;
        const index = plugged ? guest.plug('tap0', bridge, `${ip.address.replace(/1$/, '77')}/24`, ip.address) : '';
        const story = (plan: string) =>
          `${i}: ${JSON.stringify(current)}\nto ${JSON.stringify(desired.document)}\n${plan}`;
        try {
          const result = await host.networks.ensure(desired, {
            running: true,
            restart: 'always',
            view: view(),
            libvirt,
          });
          const text = story(formatPlan(result.plan));
          const wanted = linesOf(desired.toXml({ libvirt }), desired.document);
          expect(linesOf(sandbox.ask('net-dumpxml', 'pair'), desired.document), `live ${text}`).toBe(wanted);
          expect(linesOf(sandbox.ask('net-dumpxml', 'pair', '--inactive'), desired.document), `stored ${text}`).toBe(
            wanted,
          );
          const again = await host.networks.ensure(desired, {
            running: true,
            restart: 'always',
            view: view(),
            libvirt,
          });
          expect(formatPlan(again.plan), text).toBe('pair: as it shall be');
          if (plugged && result.changes.every(isGentle)) {
            const seen = guest.look('tap0', ip.address);
            expect(seen, text).toMatchObject({
              bridge,
              index,
              address: `${ip.address.replace(/1$/, '77')}/24`,
              lost: [],
            });
            pinged++;
          } else if (plugged && /<bridge name='/.test(sandbox.ask('net-dumpxml', 'pair'))) {
            const now = /<bridge name='([^']*)'/.exec(sandbox.ask('net-dumpxml', 'pair'))?.[1];
            expect(sandbox.inside('basename "$(readlink /sys/class/net/tap0/master)"'), text).toBe(now);
          }
          if (result.changes.every(isGentle)) gentle++;
          else restarts++;
        } catch (error) {
          if (LibvirtError.is(error)) throw new Error(story(String(error)), { cause: error });
          throw error;
        } finally {
          if (plugged) guest.unplug('tap0');
        }
        await clear();
      }
      console.log(`${release}: ${gentle} without a restart (${pinged} with a guest that pinged), ${restarts} with one`);
      expect(pinged).toBeGreaterThan(0);
    });
  });
}
