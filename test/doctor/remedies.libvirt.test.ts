import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { runs, thinned } from '../support/random.js';
import { DoctorHost } from './doctor-host.js';
import { RECIPES } from './recipes/index.js';
import type { Packet, Recipe } from './recipes/recipe.js';

needs('daemon 9.0', 'daemon 12.9');

const only = process.env['RECIPE'];

/** Outside of the soak: a command for each of devices, addresses, settings, routes, neighbours. */
const USUAL: ReadonlySet<string> = new Set([
  'a tap in no bridge',
  'a bridge without its address',
  'no forwarding',
  'a route for the guests elsewhere',
  'a routing table of a VPN that takes the network',
  'a hardware address that somebody has fixed',
]);

/** What is sent after a remedy where the recipe has no packet of its own. */
const ANY: Packet = ['g1', 'ping', '192.168.122.1'];

/** A network that was stopped has lost its guests: their taps are plugged in by hand, as the remedy's note says. */
const losesGuests = ({ breaks, restores }: Recipe): boolean =>
  [...breaks, ...restores].some((step) => /net-destroy|link del virbr/.test(step));

/** Commands that anybody can run as they are: without words to be filled in, and without a virtual machine. */
const isRunnable = (command: string): boolean =>
  !/\b(?:ROUTER|DEVICE|BRIDGE|TAP|CARD)\b|^virsh (?:net-edit|reboot|domif)/.test(command);

describe.each(thinned('releases with remedies', ['9.0', '12.9'] as const, 2))(
  'the remedies for libvirt %s',
  (release) => {
    const backend = release === '9.0' ? 'iptables' : 'nftables';
    const own = RECIPES.filter(
      ({ backends, expected }) => backends.includes(backend) && expected[backend] !== undefined,
    );
    const chosen =
      only === undefined
        ? thinned(
            `recipes with remedies on libvirt ${release}`,
            runs(1, 0) === 1 ? own : own.filter(({ name }) => USUAL.has(name)),
            3,
          )
        : own.filter(({ name }) => new RegExp(only).test(name));
    const kinds = new Map<string, number>();
    let host: DoctorHost;
    beforeAll(() => {
      host = new DoctorHost(release);
    });
    afterAll(async () => {
      console.log(`remedies tried on libvirt ${release}: ${JSON.stringify(Object.fromEntries(kinds))}`);
      await host.stop();
    });

    it.each(chosen)('let packets through again where they are commands: $name', async (recipe) => {
      host.run(recipe.breaks);
      try {
        const [first] = (await host.diagnose(recipe.target)).findings;
        const commands = first?.remedy.commands ?? [];
        if (first === undefined || commands.length === 0 || !commands.every(isRunnable)) return;
        host.heal(commands);
        kinds.set(first.id, (kinds.get(first.id) ?? 0) + 1);
        const { findings } = await host.diagnose(recipe.target);
        expect(findings.map(({ id, what }) => `${id}: ${what}`)).not.toContain(`${first.id}: ${first.what}`);
        if (!losesGuests(recipe)) expect(host.arrives(recipe.packet ?? ANY)).toBe(true);
      } finally {
        host.tryToRun(recipe.restores);
      }
    });
  },
);
