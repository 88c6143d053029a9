import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  connect,
  EnsureError,
  type EnsureProgress,
  formatPlan,
  type Host,
  IsolatedNetwork,
  mayHaveChanged,
} from '../../src/index.js';
import { type NetworksAnywhere, type Ovn, type OvnStep, ovn } from '../../src/ovn/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { OvsdbServers } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { OvsdbTap } from './ovsdb-tap.js';

needs('Open vSwitch and OVN');

const LAB = IsolatedNetwork.create('lab').subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199'));
const OTHER = IsolatedNetwork.create('other').subnet('172.30.1.1/24');
const CI = { owner: 'ci', running: true, autostart: true };

let servers: OvsdbServers;
let cloud: Ovn;
let host: Host;
beforeAll(() => {
  servers = OvsdbServers.start();
  cloud = ovn({ northbound: servers.endpoints });
});
beforeEach(() => {
  host = connect(mockTransport());
});
afterEach(async () => {
  for (const { name } of await cloud.networks.list())
    await cloud.networks.ensureAbsent(name, { foreign: true, inUse: true });
});
afterAll(async () => {
  await cloud.close();
  servers.stop();
});

/** What a program that keeps networks in their desired state sees of them. */
async function story(networks: NetworksAnywhere): Promise<readonly unknown[]> {
  const progress: string[] = [];
  const many: string[] = [];
  const preview = await networks.ensure(LAB, { ...CI, dryRun: true });
  const plan = await networks.plan(LAB, CI);
  const made = await networks.ensure(LAB, {
    ...CI,
    onProgress: ({ network, phase, done, total }) => {
      if (phase === 'planned' || phase === 'done') progress.push(`${network} ${phase} ${done === total}`);
    },
  });
  const again = await networks.ensure(LAB, CI);
  const unowned = await networks.ensure(LAB);
  const foreign = await caught(networks.ensure(LAB, { owner: 'other' }));
  const unremoved = await caught(networks.ensureAbsent('lab'));
  const twice = await caught(networks.ensureAll([LAB, LAB], CI));
  const all = await networks.ensureAll([LAB.mtu(1400), OTHER], {
    ...CI,
    onProgress: ({ network = 'the host', status }) => {
      if (status !== 'working') many.push(`${network} ${status}`);
    },
  });
  const mixed = await networks.ensureAll([OTHER], { absent: ['lab'] });
  const pruned = await networks.prune('ci', { keep: ['lab'] });
  const gone = await networks.ensureAbsent('lab', { owner: 'ci', dryRun: true });
  const end = await networks.ensureAbsent('lab', { owner: 'ci' });
  const nothing = await networks.ensureAbsent('lab', { owner: 'ci' });
  return [
    ...[preview.changed, preview.changes.length > 0, formatPlan(plan).startsWith('lab: '), plan.blocked],
    ...[made.changed, made.restartNeeded, made.lost, made.plan.steps.length === made.changes.length],
    ...[again.changed, again.changes, again.plan.steps, unowned.changed, foreign, unremoved, String(twice)],
    ...all.map(({ network, status, error }) => [network, status, error]),
    ...mixed.map(({ network, status, error }) => [network, status, error?.code]),
    ...[pruned, gone.changed, gone.changes.length > 0, end.changed, nothing, progress, many.sort()],
  ].map((one) => (one instanceof Error ? String(one) : one));
}

describe('networks on OVN and on libvirt', () => {
  it('are the same to a program that keeps them in their desired state', async () => {
    expect(await story(cloud.networks)).toEqual(await story(host.networks));
  });

  it('are asked for with the same arguments, and refuse the same', async () => {
    const calls: readonly ((networks: NetworksAnywhere) => Promise<unknown>)[] = [
      (networks) => networks.ensure(JSON.parse('null')),
      (networks) => networks.ensureAll(JSON.parse('{}')),
      (networks) => networks.ensureAll([LAB], { perHost: 0 }),
      (networks) => networks.ensureAbsent(''),
      (networks) => networks.prune(''),
      (networks) => networks.ensure(LAB, JSON.parse('{"ownr":"ci"}')),
      (networks) => networks.plan(LAB, { signal: AbortSignal.abort(new Error('enough')) }),
      (networks) => networks.ensureAll([LAB], { signal: AbortSignal.abort(new Error('enough')) }),
    ];
    const said = async (networks: NetworksAnywhere) =>
      Promise.all(calls.map(async (call) => String(await caught(call(networks))).replace(/its options.*/, '')));
    expect(await said(cloud.networks)).toEqual(await said(host.networks));
  });
});

describe('a change on OVN', () => {
  it('refuses owners and states that cannot be', async () => {
    const { networks } = cloud;
    for (const owner of ['', 'a\nb', JSON.parse('7')])
      for (const call of [
        networks.ensure(LAB, { owner }),
        networks.ensureAll([LAB], { owner }),
        networks.ensureAbsent('lab', { owner }),
        networks.port('lab', { mac: '52:54:00:00:00:01', owner }),
        networks.removePort('lab', '52:54:00:00:00:01', { owner }),
      ])
        expect(await caught(call)).toMatchObject({
          code: 'INVALID_ARGUMENT',
          message: expect.stringContaining('owner'),
        });
    expect(await caught(networks.ensure(LAB, { running: false }))).toMatchObject({ code: 'UNSUPPORTED' });
    expect(await caught(networks.plan(LAB, { autostart: false }))).toMatchObject({ code: 'UNSUPPORTED' });
    for (const names of ['lab', [''], [7]]) {
      expect(await caught(networks.prune('ci', { keep: JSON.parse(JSON.stringify(names)) }))).toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
      expect(await caught(networks.ensureAll([], { absent: JSON.parse(JSON.stringify(names)) }))).toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    }
    expect(await networks.list()).toEqual([]);
  });

  it('tells its steps before the one transaction, and does nothing when the listener throws', async () => {
    const told: EnsureProgress<OvnStep>[] = [];
    const { changes } = await cloud.networks.ensure(LAB, { onProgress: (progress) => told.push(progress) });
    expect(told.map(({ phase }) => phase)).toEqual(['planned', ...changes.map(() => 'step'), 'done']);
    expect(told.flatMap(({ step }) => step ?? [])).toEqual(changes);
    const stop = () => {
      throw new Error('not today');
    };
    expect(await caught(cloud.networks.ensureAbsent('lab', { onProgress: stop }))).toMatchObject({
      message: 'not today',
    });
    const late = ({ phase }: { readonly phase: string }) => (phase === 'step' ? stop() : undefined);
    const error = await caught(cloud.networks.ensureAbsent('lab', { onProgress: late }));
    expect(error).toBeInstanceOf(EnsureError);
    expect(error).toMatchObject({ left: [], mayHaveChanged: false, message: expect.stringContaining('not today') });
    expect((await cloud.networks.list()).map(({ name }) => name)).toEqual(['lab']);
  });

  it('that the database refuses says so as on libvirt, and leaves the other networks alone', async () => {
    await cloud.northbound.transact([
      { op: 'insert', table: 'Logical_Switch', row: { name: 'foreign', ports: [{ named: 'p' }] } },
      { op: 'insert', table: 'Logical_Switch_Port', uuidName: 'p', row: { name: 'lvn-lab-router' } },
    ]);
    const routed = IsolatedNetwork.create('lab').subnet('172.30.0.1/24').subnet('fd00:30::1/64');
    const [failed, made] = await cloud.networks.ensureAll([routed, OTHER], CI);
    expect(made).toMatchObject({ network: 'other', status: 'changed' });
    expect(failed).toMatchObject({ network: 'lab', status: 'failed', changes: [] });
    expect(failed?.error).toBeInstanceOf(EnsureError);
    expect(failed?.error).toMatchObject({ code: 'DATABASE_REFUSED', network: 'lab', left: [], overtaken: false });
    expect(failed?.error?.message).toMatch(
      /^network "lab" on unix:.*: cannot take \d+ steps as one transaction: refused: /,
    );
    await cloud.northbound.transact([{ op: 'delete', table: 'Logical_Switch', where: [['name', '==', 'foreign']] }]);
    expect(await cloud.networks.ensureAll([routed, OTHER], CI)).toMatchObject([
      { status: 'changed' },
      { status: 'unchanged' },
    ]);
  });

  it('whose answer is lost is found to be made, or says that it may be', async () => {
    const tap = await OvsdbTap.to(servers.endpoints[0] ?? '');
    let [isArmed, isGone] = [false, false];
    tap.cutAt = ({ params }) => {
      if (!isArmed || !JSON.stringify(params).includes('"insert"')) return isGone && !isArmed ? 'before' : undefined;
      isArmed = false;
      return 'after';
    };
    await using behind = ovn({ northbound: tap.endpoint, timeoutMs: 3000 });
    isArmed = true;
    expect(await behind.networks.ensure(LAB)).toMatchObject({ changed: true });
    isArmed = true;
    isGone = true;
    const error = await caught(
      behind.networks.ensure(LAB.mtu(1400).domain('lab.test').subnet('172.30.9.1/24'), { timeoutMs: 3000 }),
    );
    expect(error).toBeInstanceOf(EnsureError);
    expect(mayHaveChanged(error)).toBe(true);
    expect(error).toMatchObject({ left: [expect.stringMatching(/^possibly done: \d+ steps as one transaction$/)] });
    const [skipped] = await behind.networks.ensureAll([OTHER], { timeoutMs: 500 });
    expect(skipped).toMatchObject({ network: 'other', status: 'skipped', error: { code: 'CONNECTION_FAILED' } });
    await tap.stop();
    expect((await cloud.networks.ensure(LAB.mtu(1400).domain('lab.test').subnet('172.30.9.1/24'))).changed).toBe(false);
  });
});
