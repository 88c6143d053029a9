import { describe, expect, it } from 'vitest';
import { connect, IsolatedNetwork, Network, type NetworkDocument } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { caught } from '../support/caught.js';
import { changedEntries, plainNetwork } from '../support/changes.js';
import { changesOf, type FaultCase, faultAt, outcomeOf, situation } from '../support/fault-case.js';
import { FAULTS } from '../support/faults.js';
import { announce, type Random, runs } from '../support/random.js';

const MODES = ['none', 'nat', 'route', 'open', 'private', 'bridge'] as const;

/** A mock in some state, with a desired state for it. */
async function caseOf(random: Random): Promise<FaultCase & { readonly transport: ReturnType<typeof mockTransport> }> {
  const transport = mockTransport();
  const { networks } = connect(transport);
  const before = Network.from(plainNetwork(random, 'lab', MODES));
  if (random.chance(0.8)) {
    const handle = random.chance(0.15) ? await networks.create(before) : await networks.define(before);
    if (random.chance(0.8) && !(await handle.info()).active) await handle.start();
    if (random.chance(0.2)) await networks.define(Network.from(plainNetwork(random, 'lab', MODES)));
  }
  const change = random.pick<() => NetworkDocument>([
    () => changedEntries(random, before.document),
    () => ({ ...changedEntries(random, before.document), title: 'changed' }),
    () => plainNetwork(random, 'lab', MODES),
  ]);
  const { running } = random.pick([{ running: undefined }, { running: true }, { running: false }]);
  const desired = Network.from(change());
  return {
    transport,
    desired,
    look: () => situation(transport, desired),
    options: { running, restart: 'always', autostart: running !== false },
  };
}

describe('a fault at any step', () => {
  for (const fault of FAULTS) {
    it(`${fault}: the old state or the new one, or the error says what is left; doing it again completes it`, {
      timeout: runs(3_600_000, 120_000),
    }, async () => {
      const count = runs(200, 1);
      const random = announce(`plans with a fault at each step (${fault})`, count);
      const outcomes = { old: 0, new: 0, told: 0 };
      for (let i = 0; i < count; i++) {
        const one = await caseOf(random);
        if (one.desired.validate().some(({ severity }) => severity === 'error')) continue;
        const start = one.transport.snapshot();
        const steps = (await changesOf(one)).libvirt;
        for (let at = 1; at <= steps; at++) {
          one.transport.restore(start);
          outcomes[await outcomeOf(one, faultAt(at, fault))]++;
        }
      }
      console.log(`${fault}: ${JSON.stringify(outcomes)}`);
      expect(outcomes.old + outcomes.new + outcomes.told).toBeGreaterThan(count / 2);
      if (!/disconnect|killed/.test(fault)) expect(outcomes.told).toBe(0);
    });
  }
});

describe('an abort', () => {
  it('takes back what was done, and throws the caller’s reason', async () => {
    const mock = mockTransport();
    const lab = IsolatedNetwork.create('lab').subnet('10.0.0.1/24');
    const stop = new AbortController();
    mock.once('network.start', { hang: true });
    const onProgress = ({ step }: { step?: { action: string } | undefined }) => {
      if (step?.action === 'start') queueMicrotask(() => stop.abort(new Error('enough')));
    };
    const { networks } = connect(mock);
    await expect(networks.ensure(lab, { running: true, signal: stop.signal, onProgress })).rejects.toThrow('enough');
    expect(await mock.call('network.list', {})).toEqual([]);
  });
});

describe('the error', () => {
  it('says once what was done, for what network, on which host, and why it failed', async () => {
    const mock = mockTransport();
    const { networks } = connect(mock);
    await networks.ensure(IsolatedNetwork.create('lab').subnet('10.0.0.1/24'), { running: true });
    const error = await caught(networks.ensure(IsolatedNetwork.create('two').subnet('10.0.0.1/24'), { running: true }));
    expect(String(error)).toMatchInlineSnapshot(`
      "EnsureError [SUBNET_IN_USE]: network "two" on the mock: cannot start the network: internal error: Network is already in use by interface virbr0; all changes were rolled back
      hint: pick another subnet, or take down the interface named in the message"
    `);
  });
});

describe('when the host cannot be asked any more', () => {
  it('the error names the steps that were done, and the one that perhaps was', async () => {
    const mock = mockTransport();
    const lab = IsolatedNetwork.create('lab').subnet('10.0.0.1/24');
    mock.once('network.start', { disconnect: true });
    await expect(connect(mock).networks.ensure(lab, { running: true, autostart: true })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      left: ['done: define the network', 'done: enable autostart', 'possibly done: start the network'],
      mayHaveChanged: true,
    });
  });
});
