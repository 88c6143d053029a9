import { connect, formatPlan, IsolatedNetwork, LibvirtError, type NatNetwork, type Transport } from 'libvirt-network';
import { type MockTransport, mockTransport } from 'libvirt-network/testing';
import { describe, expect, it } from 'vitest';
import { caught } from '../support/caught.js';

const MAC = '52:54:00:00:00:01';
const onNetwork = (network: string): string =>
  `<interface type='network'><mac address='${MAC}'/><source network='${network}'/><model type='virtio'/></interface>`;
const onBridge = (bridge: string): string =>
  `<interface type='bridge'><mac address='${MAC}'/><source bridge='${bridge}'/><model type='virtio'/></interface>`;
const lab = IsolatedNetwork.create('lab').bridge('lab0').subnet('10.8.1.1/24');
const other = IsolatedNetwork.create('other').bridge('other0');

async function hostWith(...networks: readonly (IsolatedNetwork | NatNetwork)[]) {
  const mock = mockTransport({ networks });
  const host = connect(mock);
  for (const { name } of networks) await (await host.networks.get(name)).start();
  return { mock, host };
}

describe('the guests of a network', () => {
  it('are found by its name and by its bridge', async () => {
    const { mock, host } = await hostWith(lab, other);
    mock.addGuest({ name: 'named', active: false, nics: [onNetwork('lab')] });
    mock.addGuest({ name: 'bridged', nics: [onBridge('lab0')] });
    mock.addGuest({ name: 'elsewhere', nics: [onNetwork('other')] });
    const found = await (await host.networks.get('lab')).guests();
    expect(found.map(({ state }) => state.name)).toEqual(['bridged', 'named']);
  });

  it('are named by a plan that removes it, where they do not run', async () => {
    const { mock, host } = await hostWith(lab);
    mock.addGuest({ name: 'web', active: false, nics: [onNetwork('lab')] });
    const [plan] = await host.networks.planAll([], { absent: ['lab'] });
    expect(plan?.steps.find(({ action }) => action === 'undefine')).toMatchObject({
      guests: [{ name: 'web', mac: MAC, stopped: true }],
    });
    expect(formatPlan(plan ?? [])).toContain(`web ${MAC} (stopped: it cannot start without the network)`);
    expect(await host.networks.ensureAbsent('lab')).toMatchObject({ changed: true });
  });

  it('are named where the network gets another bridge than the one that their NICs name', async () => {
    const { mock, host } = await hostWith(lab, other);
    mock.addGuest({ name: 'named', active: false, nics: [onNetwork('lab')] });
    mock.addGuest({ name: 'bridged', active: false, nics: [onBridge('lab0')] });
    const bridged = { name: 'bridged', mac: MAC, bridge: 'lab0', stopped: true };
    const changed = lab.bridge('lab1');
    const plan = await host.networks.plan(changed);
    expect(plan.steps.find(({ action }) => action === 'define')).toMatchObject({ guests: [bridged] });
    expect(formatPlan(plan)).toContain(`bridged ${MAC} (stopped: it cannot start without bridge lab0)`);
    expect((await host.networks.preflight(changed)).guests).toEqual([bridged]);
    expect((await host.networks.ensure(changed, { restart: 'always' })).lost).toEqual([]);
    expect((await host.networks.preflight(changed)).guests).toEqual([]);
  });

  it('are named by a plan that stops it, and are not lost', async () => {
    const { mock, host } = await hostWith(lab);
    mock.addGuest({ name: 'web', active: false, nics: [onNetwork('lab')] });
    const { lost, changes } = await host.networks.ensure(lab, { running: false });
    expect(changes).toMatchObject([{ action: 'stop', guests: [{ name: 'web', stopped: true }] }]);
    expect(lost).toEqual([]);
  });

  it('keep it from being removed, also where only its bridge is theirs', async () => {
    const { mock, host } = await hostWith(lab);
    mock.addGuest({ name: 'web', nics: [onBridge('lab0')] });
    const error = await caught(host.networks.ensureAbsent('lab'));
    expect(LibvirtError.is(error) && [error.code, error.message]).toEqual([
      'NETWORK_IN_USE',
      expect.stringContaining(`web ${MAC}`),
    ]);
  });

  it('are not asked for where nothing is taken away', async () => {
    const { mock, host } = await hostWith(lab);
    await host.networks.ensure(lab.dnsHost({ ip: '10.8.1.9', hostnames: ['nine'] }));
    expect(mock.calls.map(({ operation }) => operation)).not.toContain('guest.list');
  });
});

describe('a restart without a view of the host', () => {
  const changed = lab.bridge('lab1');

  it('has libvirt plug the NICs in again, by way of another network', async () => {
    const { mock, host } = await hostWith(lab, other);
    mock.addGuest({ name: 'web', nics: [onNetwork('lab')] });
    const { lost, network } = await host.networks.ensure(changed, { restart: 'always' });
    expect(lost).toEqual([]);
    expect(await network.ports()).toMatchObject([{ owner: { name: 'web' }, plug: { bridge: 'lab1' } }]);
    expect(await (await host.networks.get('other')).ports()).toEqual([]);
    const asked = mock.calls.filter(({ operation }) => operation === 'guest.update');
    expect(asked.map(({ input }) => /network='(\w+)'/.exec(String(input['xml']))?.[1])).toEqual(['other', 'lab']);
  });

  it('names the guests that are cut off where no other network is active', async () => {
    const { mock, host } = await hostWith(lab);
    mock.addGuest({ name: 'web', nics: [onNetwork('lab')] });
    const { lost } = await host.networks.ensure(changed, { restart: 'always' });
    expect(lost).toMatchObject([{ name: 'web', mac: MAC }]);
  });

  const put = (network: string) => ({ name: 'web', nics: [onNetwork(network)] });
  const refuseMovesBack = (mock: MockTransport, times: number) => {
    mock.once('guest.update', { delayMs: 0 });
    for (let i = 0; i < times; i++) mock.once('guest.update', { error: new LibvirtError('LIBVIRT', 'no') });
  };

  it('puts a NIC back with all else when its second move fails', async () => {
    const { mock, host } = await hostWith(lab, other);
    mock.addGuest(put('lab'));
    refuseMovesBack(mock, 1);
    const error = await caught(host.networks.ensure(changed, { restart: 'always' }));
    expect(String(error)).toContain(`the NIC ${MAC} of guest "web" cannot be put back into the network: no`);
    expect(error).toMatchObject({ code: 'NOT_APPLIED', left: [] });
    const ports = await (await host.networks.get('lab')).ports();
    expect(ports).toMatchObject([{ owner: { name: 'web' }, plug: { bridge: 'lab0' } }]);
  });

  it('says on which network a NIC stays that cannot be put back, and how it is moved', async () => {
    const { mock, host } = await hostWith(lab, other);
    mock.addGuest(put('lab'));
    refuseMovesBack(mock, 2);
    const error = await caught(host.networks.ensure(changed, { restart: 'always' }));
    expect(error).toMatchObject({
      left: [`the NIC ${MAC} of guest "web" is on network "other"`],
      hint: expect.stringContaining('move the NIC to network "lab" with change() of its guest'),
    });
  });

  it('gives the links back to all other guests when one cannot have it', async () => {
    const { mock, host } = await hostWith(lab, other);
    for (const name of ['a', 'b', 'c'])
      mock.addGuest({ name, nics: [onNetwork('lab').replace(MAC, `52:54:00:00:00:0${name}`)] });
    refuseMovesBack(mock, 1);
    for (const _ of ['b', 'b', 'c', 'c']) mock.once('guest.update', { delayMs: 0 });
    mock.once('guest.update', { error: new LibvirtError('LIBVIRT', 'no') });
    const error = await caught(host.networks.ensure(changed, { restart: 'always' }));
    expect(error).toMatchObject({ left: ['the NIC 52:54:00:00:00:0a of guest "a" is on network "other"'] });
    const ports = await (await host.networks.get('lab')).ports();
    expect(ports.map(({ owner }) => owner.name).sort()).toEqual(['b', 'c']);
  });

  it('names a guest whose NIC libvirt says to have moved and has not', async () => {
    const { mock } = await hostWith(lab, other);
    mock.addGuest(put('lab'));
    const deaf: Transport = {
      label: mock.label,
      call: async (operation, input, options) =>
        operation === 'guest.update' ? (undefined as never) : mock.call(operation, input, options),
      events: (options) => mock.events(options),
      close: () => mock.close(),
    };
    const { lost } = await connect(deaf).networks.ensure(changed, { restart: 'always' });
    expect(lost).toMatchObject([{ name: 'web', mac: MAC }]);
  });
});
