import { describe, expect, it } from 'vitest';
import { asStoredBy, differencesInEffect } from '../../src/client/plan/compare.js';
import { entryXml } from '../../src/client/update/update-requests.js';
import { entriesOf } from '../../src/client/update/update-sections.js';
import { formatPlan, Network, type NetworkDocument, type PlanStep, type UpdateSection } from '../../src/index.js';
import { planNetwork } from '../../src/plan-entry.js';
import { updateDefinition } from '../../src/schema/update/update-network.js';
import { mockTransport } from '../../src/testing/index.js';
import { changedEntries, plainNetwork } from '../support/changes.js';
import { announce, runs } from '../support/random.js';

const SECTIONS: readonly UpdateSection[] = [
  'ip-dhcp-host',
  'ip-dhcp-range',
  'forward-interface',
  'portgroup',
  'dns-host',
  'dns-txt',
  'dns-srv',
];

/**
 * What libvirt's matrix can do at all, found without any plan: everything is deleted that is not wanted, or that is
 * there in another form, and everything wanted is added.
 */
function canBeUpdated(from: NetworkDocument, to: NetworkDocument, release: string): boolean {
  let document = from;
  const request = (
    section: UpdateSection,
    command: 'delete' | 'add-last',
    entry: object,
    parent: number | undefined,
  ) => {
    const xml = entryXml(section, entry as never);
    const result = updateDefinition(
      document,
      { section, command, xml, ...(parent === undefined ? {} : { parentIndex: parent }) },
      release,
    );
    if (!('document' in result)) return false;
    document = result.document;
    return true;
  };
  for (const command of ['delete', 'add-last'] as const)
    for (const section of SECTIONS)
      for (const { entry, parent } of entriesOf(command === 'delete' ? from : to, section))
        if (!request(section, command, entry, parent)) return false;
  return differencesInEffect(document, to).length === 0;
}

const MODES = ['none', 'nat', 'route', 'open', 'private', 'vepa', 'passthrough', 'bridge'] as const;

/** What a mock holds after the steps of a plan. */
async function afterwards(mock: ReturnType<typeof mockTransport>, steps: readonly PlanStep[]) {
  for (const step of steps) {
    if (step.action === 'define') await mock.call('network.define', { xml: Network.from(step.document).toXml() });
    else if (step.action === 'update') await mock.call('network.update', { network: 'lab', ...step.request });
    else throw new Error(`nobody expected ${step.action}`);
  }
  const read = async (inactive: boolean) =>
    Network.parse(await mock.call('network.dump', { network: 'lab', inactive })).document;
  return { live: await read(false), stored: await read(true) };
}

for (const release of ['9.0.0', '11.3.0']) {
  describe(`plans for libvirt ${release}`, () => {
    it('restart no network for what net-update changes there, and do it all', {
      timeout: runs(3_600_000, 120_000),
    }, async () => {
      const count = runs(3000, 20);
      const random = announce(`pairs of networks on ${release}`, count);
      let [updatable, requests] = [0, 0];
      for (let i = count; i > 0; i--) {
        const mock = mockTransport({ libvirt: release });
        const before = plainNetwork(random, 'lab', MODES);
        await mock.call('network.define', { xml: Network.from(before).toXml({ libvirt: release }) });
        await mock.call('network.start', { network: 'lab' });
        const state = await mock.call('network.lookup', { network: 'lab' });
        const live = Network.parse(await mock.call('network.dump', { network: 'lab' })).document;
        const stored = Network.parse(await mock.call('network.dump', { network: 'lab', inactive: true })).document;
        const wanted = Network.from(asStoredBy(changedEntries(random, stored), release));
        if (wanted.validate({ libvirt: release }).some(({ severity }) => severity === 'error')) continue;
        if (!canBeUpdated(stored, wanted.document, release)) continue;
        updatable++;
        const made = planNetwork(wanted, { state, live, stored, libvirt: release });
        const why = () => `${formatPlan(made)}\n${JSON.stringify(stored)}\n${JSON.stringify(wanted.document)}`;
        if (made.restartNeeded) expect.fail(why());
        requests += made.steps.length;
        const result = await afterwards(mock, made.steps);
        expect(differencesInEffect(result.stored, wanted.document), why()).toEqual([]);
        const again = planNetwork(wanted, { state, ...result, libvirt: release });
        if (again.steps.length > 0 || again.restartNeeded) expect.fail(`${formatPlan(again)}\nafter ${why()}`);
      }
      console.log(`${updatable} could be updated, with ${requests} steps and no restart`);
      expect(updatable).toBeGreaterThan(count / 2);
    });
  });
}
