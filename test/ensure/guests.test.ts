import { describe, expect, it } from 'vitest';
import { readRestartMark, writeRestartMark } from '../../src/client/ensure/restart-marker.js';
import { BridgedNetwork, connect, formatPlan, IsolatedNetwork, type NetworkPort } from '../../src/index.js';
import { caught } from '../support/caught.js';
import { FakeHost } from '../support/fake-host.js';
import { FaultyTransport } from '../support/faults.js';
import { Killer } from '../support/killer.js';

const lab = IsolatedNetwork.create('lab').bridge('virbr-lab').subnet('10.60.0.1/24');
const renamed = lab.bridge('virbr-new');
const port: NetworkPort = {
  uuid: '5d744f21-ba4a-4d6e-bdb2-30a35ff3207d',
  owner: { name: 'web', uuid: '8cbd3f2a-0001-4000-8000-000000000001' },
  group: 'fast',
  mac: { address: '52:54:00:00:00:07' },
};
const tap0 = { name: 'tap0', mac: 'fe:54:00:00:00:07', master: 'virbr-lab', alias: 'web, eth0', addresses: [] };
const tap1 = { name: 'tap1', mac: 'fe:54:00:00:00:08', master: 'virbr-lab', addresses: [] };
const always = { running: true, restart: 'always' } as const;

/** A running network with two guests, one of which libvirt knows. */
async function withGuests(): Promise<FakeHost> {
  const host = new FakeHost();
  const { network } = await connect(host.transport()).networks.ensure(lab, { running: true });
  for (const tap of [tap0, tap1]) host.add(tap);
  await network.createPort(port);
  return host;
}

/** Ensures what is wanted with a program that is killed at a change; its number of changes when it is not. */
async function killedAt(host: FakeHost, at: number, isAfter: boolean): Promise<number> {
  const killer = await new Promise<Killer>((resolve, reject) => {
    const one: Killer = new Killer(at, isAfter, () => resolve(one));
    const { networks } = connect(one.transport(host.transport()));
    networks.ensure(renamed, { ...always, view: one.view(host.view) }).then(() => resolve(one), reject);
  });
  return killer.changes;
}

describe('a program that is killed while it restarts a network', () => {
  it.each([false, true])('is completed by the next, with all guests: after the effect %s', async (isAfter) => {
    const changes = await killedAt(await withGuests(), Number.POSITIVE_INFINITY, isAfter);
    expect(changes).toBe(10); // define, 2 marks, destroy, start, a port, 2 guests, 2 marks
    for (let at = 1; at <= changes; at++) {
      const host = await withGuests();
      await killedAt(host, at, isAfter);
      const { networks } = connect(host.transport());
      const { network, plan } = await networks.ensure(renamed, { ...always, view: host.view });
      const story = `${at}: ${formatPlan(plan)}`;
      expect(host.device('tap0'), story).toEqual({ ...tap0, master: 'virbr-new' });
      expect(host.device('tap1'), story).toEqual({ ...tap1, master: 'virbr-new', alias: host.device('tap1')?.alias });
      expect(host.device('tap1')?.alias ?? '', story).toBe('');
      expect(await network.ports(), story).toMatchObject([port]);
      expect((await networks.plan(renamed, { ...always, view: host.view })).steps, story).toEqual([]);
    }
  });

  it('says in the plan of the next who gets the link back, also where no restart is allowed', async () => {
    const host = await withGuests();
    await killedAt(host, 5, true); // define, 2 marks, destroy, start
    const { networks } = connect(host.transport());
    expect(formatPlan(await networks.plan(renamed, { view: host.view }))).toMatchInlineSnapshot(`
      "lab: 1 step
        live    restore the links of guests
                a restart of the network was not finished
                - web 52:54:00:00:00:07 on tap0
                - fe:54:00:00:00:08 on tap1"
    `);
    await networks.ensure(renamed, { view: host.view });
    expect(host.device('tap1')?.master).toBe('virbr-new');
  });

  it('leaves a device alone that somebody has put elsewhere since', async () => {
    const host = await withGuests();
    await killedAt(host, 5, true);
    await host.view.attach?.('tap0', 'br-other');
    await connect(host.transport()).networks.ensure(renamed, { view: host.view });
    expect(host.device('tap0')?.master).toBe('br-other');
  });
});

describe('a restart', () => {
  it('goes on when a guest is switched off in the meantime', async () => {
    const host = await withGuests();
    const view = {
      ...host.view,
      attach: async (tap: string, bridge: string) => {
        host.remove('tap1');
        await host.view.attach?.(tap, bridge);
      },
    };
    await connect(host.transport()).networks.ensure(renamed, { ...always, view });
    expect(host.device('tap0')?.master).toBe('virbr-new');
  });

  it('moves no device of a host bridge but those of its own guests', async () => {
    const host = new FakeHost();
    const lan = BridgedNetwork.create({ name: 'lan', bridge: 'br0' });
    const { networks } = connect(host.transport());
    const { network } = await networks.ensure(lan, { running: true });
    host.add({ name: 'eth0', mac: '00:16:3e:00:00:01', master: 'br0', addresses: [] });
    host.add({ ...tap0, master: 'br0' });
    const moved = BridgedNetwork.create({ name: 'lan', bridge: 'br1' });
    const options = { restart: 'if-unused', view: host.view } as const;
    expect(formatPlan(await networks.plan(moved, options))).not.toContain('eth0');
    await network.createPort(port);
    await networks.ensure(moved, { ...options, restart: 'always' });
    expect(host.device('eth0')?.master).toBe('br0');
    expect(host.device('tap0')?.master).toBe('br1');
  });
});

describe('going back after a failure', () => {
  const served = lab.with({
    ips: [
      {
        address: '10.60.0.1',
        prefix: 24,
        dhcp: { ranges: [{ start: '10.60.0.5', end: '10.60.0.9' }], bootp: { file: 'pxelinux.0' } },
      },
    ],
  });
  // The range goes first and takes <bootp> with it, which only a restart brings back.
  const wanted = lab.dnsTxt({ name: 'note', value: '1' });

  async function failed(restart: 'never' | 'always') {
    const host = new FakeHost();
    await connect(host.transport()).networks.ensure(served, { running: true });
    host.add(tap0);
    const faulty = new FaultyTransport(host.transport());
    faulty.breakAt(2, 'refused');
    const { networks } = connect(faulty);
    return { host, error: await caught(networks.ensure(wanted, { restart, view: host.view })), networks };
  }

  it('leaves and tells what only a restart would bring back, where none is allowed', async () => {
    const { host, error, networks } = await failed('never');
    expect(error).toMatchObject({ left: [expect.stringContaining('its running definition changed in ips[0].dhcp')] });
    expect(host.device('tap0')?.master).toBe('virbr-lab');
    const stored = await (await networks.get('lab')).read({ inactive: true });
    expect(stored.document.ips).toEqual(served.document.ips);
  });

  it('restarts the network where that is allowed, and gives guests their links back', async () => {
    const { host, error, networks } = await failed('always');
    expect(error).toMatchObject({ left: [] });
    expect((await (await networks.get('lab')).read()).document.ips).toEqual(served.document.ips);
    expect(host.device('tap0')).toEqual(tap0);
  });
});

describe('the mark of a device', () => {
  const network = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';

  it('is read as it was written', () => {
    for (const mark of [
      { network, before: '' },
      { network, before: 'uplink "7"', port },
    ])
      expect(readRestartMark(writeRestartMark(mark))).toEqual({ port: undefined, ...mark });
  });

  it('is without the port where the kernel has no room for it, and none at all where there is none', () => {
    const long = { ...port, owner: { ...port.owner, name: 'ü'.repeat(60) } };
    expect(readRestartMark(writeRestartMark({ network, before: '', port: long }))).toEqual({
      network,
      before: '',
      port: undefined,
    });
    expect(writeRestartMark({ network, before: 'x'.repeat(200) })).toBeUndefined();
  });

  it('is not a text of anybody else', () => {
    for (const text of [undefined, '', 'web', '{"libvirt-network":', '{"libvirt-network":7}', '{"a":1}'])
      expect(readRestartMark(text)).toBeUndefined();
  });
});

describe('a restart without a view', () => {
  it('names the guests that have no link afterwards, and a later ensure with a view puts them back', async () => {
    const host = await withGuests();
    const { networks } = connect(host.transport());
    const { lost } = await networks.ensure(renamed, always);
    expect(lost).toEqual([{ name: 'web', mac: port.mac.address }]);
    expect(host.device('tap0')?.master).toBeUndefined();
    const { changes, ...later } = await networks.ensure(renamed, { ...always, view: host.view });
    expect(changes).toMatchObject([{ action: 'attach', guests: [{ name: 'web', tap: 'tap0' }] }]);
    expect(later.lost).toEqual([]);
    expect(host.device('tap0')?.master).toBe('virbr-new');
    expect((await networks.plan(renamed, { ...always, view: host.view })).steps).toEqual([]);
  });

  it('names nobody where the view puts the guests back', async () => {
    const host = await withGuests();
    const { lost } = await connect(host.transport()).networks.ensure(renamed, { ...always, view: host.view });
    expect(lost).toEqual([]);
  });

  it('is named in the results of ensureAll too', async () => {
    const host = await withGuests();
    const [result] = await connect(host.transport()).networks.ensureAll([renamed], always);
    expect(result?.lost).toEqual([{ name: 'web', mac: port.mac.address }]);
  });
});
