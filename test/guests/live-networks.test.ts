import { connect, formatPlan, IsolatedNetwork, LibvirtError, type NatNetwork } from 'libvirt-network';
import { mockTransport } from 'libvirt-network/testing';
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

  it('says on which network a NIC stays when it cannot be put back', async () => {
    const { mock, host } = await hostWith(lab, other);
    mock.addGuest({ name: 'web', nics: [onNetwork('lab')] });
    mock.once('guest.update', { delayMs: 0 });
    mock.once('guest.update', { error: new LibvirtError('LIBVIRT', 'no') });
    const error = await caught(host.networks.ensure(changed, { restart: 'always' }));
    expect(String(error)).toContain(`the NIC ${MAC} of guest "web" is on network "other"`);
  });
});
