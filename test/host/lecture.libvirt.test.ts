import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeHostBridge } from '../../src/host/index.js';
import { discover } from '../../src/host/observe/discover.js';
import { nicChoices } from '../../src/host/observe/nic-choices.js';
import type { ExpectedBridge } from '../../src/host/plan/expected.js';
import { requireBridge } from '../../src/host/plan/require-bridge.js';
import { localRunner, type Runner } from '../../src/host/runner/runner.js';
import { applyRendering } from '../../src/host/transaction/apply.js';
import { applyHostBridge } from '../../src/host/transaction/apply-bridge.js';
import { BridgedNetwork, connect, type Host, HostBridge } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, type Guest, startDaemon } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { IPROUTE2 } from '../support/renderings.js';

needs('daemon 9.0', 'virtual machines');

const GATEWAYS = ['198.51.100.2', '2001:db8:ffff::2'];
const ADDRESSES = ['198.51.100.1/24', '2001:db8:ffff::1/64'];

describe('from the host bridge to the guest on the LAN, with a real daemon', () => {
  let daemon: Daemon;
  let guest: Guest;
  let libvirt: Host;
  let runner: Runner;
  const options = () => ({ runner, paths: { state: `${daemon.dir}/state`, records: `${daemon.dir}/records` } });

  beforeAll(() => {
    daemon = startDaemon('9.0');
    libvirt = connect(virsh({ uri: daemon.uri, path: daemon.virsh }));
    runner = localRunner({ prefix: daemon.enter, label: 'the lab' });
    daemon.outside();
  });
  afterAll(async () => {
    await libvirt.close();
    daemon.stop();
  });

  const expected = (): ExpectedBridge => ({
    name: 'br0',
    ports: ['ext0'],
    mac: /link\/ether (\S+)/.exec(daemon.inside('ip link show ext0'))?.[1],
    addresses: ADDRESSES,
    gateways: GATEWAYS,
  });

  it('a network on a bridge that is not there starts for libvirt, and is refused beforehand here', async () => {
    const network = BridgedNetwork.create({ name: 'early', bridge: 'br0' });
    const handle = await libvirt.networks.define(network);
    await handle.start();
    const error = await caught(requireBridge('br0', { runner }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_MISSING', message: expect.stringContaining('no such device') });
    expect(await caught(requireBridge('ext0', { runner }))).toMatchObject({ code: 'HOST_BRIDGE_MISSING' });
    await handle.destroy();
    await handle.undefine();
  });

  it('the bridge is made, the network started, and a guest on it is reached from the LAN', async () => {
    const bridge = HostBridge.create('br0').port('ext0').address('198.51.100.1/24').address('2001:db8:ffff::1/64');
    const routed = GATEWAYS.reduce((one, gateway) => one.gateway(gateway), bridge);
    expect((await applyHostBridge(routed, { ...options(), backend: 'iproute2' })).state).toBe('committed');
    await requireBridge('br0', { runner });
    const handle = await libvirt.networks.define(BridgedNetwork.create({ name: 'lan', bridge: 'br0' }));
    await handle.start();
    guest = daemon.guest('g1', { network: 'lan', addresses: ['198.51.100.50/24'], gateway: '198.51.100.2' });
    expect(daemon.probe('outside', 'ping', '198.51.100.50')).toMatchObject({ ok: true });
    expect(daemon.probe('g1', 'tcp', '198.51.100.2')).toMatchObject({
      ok: true,
      peer: '198.51.100.50',
    });
    expect(daemon.probe('host', 'ping', '198.51.100.2')).toMatchObject({ ok: true });
  });

  it('what was found offers the network and the bridge, and says why the NIC is not to be had', async () => {
    const found = await discover({ ...options(), libvirt });
    expect(found.bridges.find(({ name }) => name === 'br0')).toMatchObject({ kind: 'ours', up: true });
    const choices = nicChoices(found);
    expect(choices.find(({ group, source }) => group === 'network' && source === 'lan')?.available).toBe(true);
    expect(choices.find(({ group, source }) => group === 'bridge' && source === 'br0')?.available).toBe(true);
  });

  it('a virtual machine with the NIC of that choice boots, and has an address of the LAN', async () => {
    const range = '--dhcp-range=198.51.100.60,198.51.100.69,255.255.255.0 --dhcp-option=3,198.51.100.2';
    daemon.onOutside(
      `dnsmasq --port=0 --conf-file=/dev/null --dhcp-authoritative --leasefile-ro --pid-file=/run/lan.pid ${range}`,
    );
    const choices = nicChoices(await discover({ ...options(), libvirt }));
    const chosen = choices.find(({ group, source }) => group === 'bridge' && source === 'br0');
    const vm = await daemon.vm('vm1', { nic: chosen?.nic ?? expect.fail('the bridge is not offered') });
    const { address, gateway } = await vm.lease();
    expect(address).toMatch(/^198\.51\.100\.6\d$/);
    expect(gateway).toBe('198.51.100.2');
    expect(daemon.probe('outside', 'ping', address)).toMatchObject({ ok: true });
    vm.destroy();
    daemon.onOutside('kill $(cat /run/lan.pid)');
  });

  it('a second bridge does not steal the port, and the first is not removed under its guest', async () => {
    const stolen = { ...expected(), name: 'br1' };
    const error = await caught(applyRendering({ ...IPROUTE2, apply: [] }, stolen, options()));
    expect(error).toMatchObject({
      issues: [{ code: 'HOST_PORT_IN_USE', message: 'ext0 is a port of the bridge br0' }],
    });
    const removal = await caught(removeHostBridge('br0', options()));
    expect(removal).toMatchObject({ issues: [{ code: 'HOST_BRIDGE_GUESTS' }] });
    expect(daemon.probe('outside', 'ping', '198.51.100.50')).toMatchObject({ ok: true });
  });

  it('without guests it goes, and the host keeps its connection', async () => {
    guest.remove();
    expect((await removeHostBridge('br0', options())).state).toBe('committed');
    expect(daemon.probe('host', 'ping', '198.51.100.2')).toMatchObject({ ok: true });
    expect(await caught(requireBridge('br0', { runner }))).toMatchObject({ code: 'HOST_BRIDGE_MISSING' });
  });
});
