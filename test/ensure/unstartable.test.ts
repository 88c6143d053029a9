import { describe, expect, it } from 'vitest';
import { connect, formatPlan, NatNetwork } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';

const lab = NatNetwork.create('lab').bridge('virbr7').subnet('10.7.0.1/24');
const unstartable = lab.bridge('a-bridge-name-of-21-b').mtu(10);
const REFUSAL = {
  code: 'VALIDATION',
  issues: [
    { code: 'BRIDGE_NAME_LONG', phase: 'start' },
    { code: 'MTU_TOO_SMALL', phase: 'start' },
  ],
};

async function running() {
  const transport = mockTransport({ networks: [] });
  const host = connect(transport);
  await host.networks.ensure(lab, { running: true });
  return host.networks;
}

describe('a network that libvirt would store and not start', () => {
  it('is shown by the plan', async () => {
    const plan = await (await running()).plan(unstartable, { running: true, restart: 'always' });
    expect(plan.issues).toMatchObject(REFUSAL.issues);
    expect(formatPlan(plan)).toMatch(/libvirt would not start it:\n.*bridge\.name: .*BRIDGE_NAME_LONG/);
  });

  it.each(['never', 'if-unused', 'always'] as const)(
    'is refused by ensure with restart %s, and what runs goes on',
    async (restart) => {
      const networks = await running();
      const before = await (await networks.get('lab')).read();
      await expect(networks.ensure(unstartable, { running: true, restart })).rejects.toMatchObject(REFUSAL);
      expect(await networks.states()).toMatchObject([{ name: 'lab', active: true }]);
      expect((await (await networks.get('lab')).read()).equals(before)).toBe(true);
    },
  );

  it('is refused by preflight, by ensure with preflight, and by ensureAll', async () => {
    const networks = await running();
    expect((await networks.preflight(unstartable)).issues).toMatchObject(REFUSAL.issues);
    await expect(networks.ensure(unstartable, { preflight: true })).rejects.toMatchObject(REFUSAL);
    expect(await networks.ensureAll([unstartable])).toMatchObject([{ status: 'failed', error: REFUSAL }]);
  });

  it('is not defined where there is none yet', async () => {
    const { networks } = connect(mockTransport({ networks: [] }));
    await expect(networks.ensure(unstartable)).rejects.toMatchObject(REFUSAL);
    expect(await networks.states()).toEqual([]);
  });

  it('is judged by the release of the daemon', async () => {
    const { networks } = connect(mockTransport({ networks: [], libvirt: '9.0.0' }));
    const all = NatNetwork.create('all').with({ ips: [{ address: '10.0.0.1', netmask: '0.0.0.0' }] });
    await expect(networks.ensure(all)).rejects.toMatchObject({ issues: [{ code: 'NAT_OF_ALL' }] });
    expect((await networks.preflight(all, { libvirt: '11.3.0' })).issues).toEqual([]);
  });

  it('can still be defined, as libvirt does, and is left alone while nothing changes', async () => {
    const { networks } = connect(mockTransport({ networks: [] }));
    await networks.define(unstartable);
    expect((await networks.ensure(unstartable)).changed).toBe(false);
  });
});
