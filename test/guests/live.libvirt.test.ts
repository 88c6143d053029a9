import { BridgedNetwork, connect, type Host, IsolatedNetwork, NetworkNic } from 'libvirt-network';
import { type GuestHandle, type Guests, guests } from 'libvirt-network/guests';
import { socket } from 'libvirt-network/socket';
import { guestContract } from 'libvirt-network/testing';
import { virsh } from 'libvirt-network/virsh';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Daemon, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { MAC, machine, nic, TARGET_CASES } from './live-targets.js';

needs('daemon 9.0', 'virsh', 'virtual machines');

let daemon: Daemon;
const network = (name: string, third: number) => IsolatedNetwork.create(name).subnet(`10.77.${third}.1/24`);

beforeAll(async () => {
  daemon = startDaemon('9.0');
  await using host = connect(virsh({ uri: daemon.uriOf('qemu'), path: daemon.virsh }));
  for (const [i, name] of ['one', 'two'].entries()) await host.networks.ensure(network(name, i), { running: true });
});
afterAll(() => daemon.stop());

const WAYS = [
  ['virsh', () => virsh({ uri: daemon.uriOf('qemu'), path: daemon.virsh })],
  ['a socket', () => socket({ uri: daemon.uriOf('qemu') })],
] as const;

function file(xml: string): string {
  daemon.inside(`cat > /run/guest.xml <<'END'\n${xml}\nEND`);
  return '/run/guest.xml';
}
const ask = (line: string) => daemon.inside(`virsh -q -c qemu:///system ${line}`);

describe.each(WAYS)('guests over %s', (way, transport) => {
  let host: Host;
  let all: Guests;
  let stopped: GuestHandle;
  let running: GuestHandle;
  beforeAll(() => {
    host = connect(transport());
    all = guests(host);
  });
  beforeEach(async () => {
    ask(`define ${file(machine('stopped', [nic('one', MAC[0])]))}`);
    ask(`define ${file(machine('running', [nic('one', MAC[0])]))}`);
    ask('start --paused running');
    [stopped, running] = [await all.get('stopped'), await all.get('running')];
    return () => {
      ask('destroy running; virsh -q -c qemu:///system undefine running; virsh -q -c qemu:///system undefine stopped');
    };
  });
  afterAll(() => host.close());

  it('are listed with their states and NICs', async () => {
    const found = await all.list();
    expect(
      found.map(({ state, nics, storedNics }) => [state.name, state.state, nics.length, storedNics?.length]),
    ).toEqual([
      ['running', 'paused', 1, 1],
      ['stopped', 'stopped', 1, undefined],
    ]);
    expect(found[0]?.nics[0]).toMatchObject({
      mac: MAC[0],
      network: 'one',
      document: { target: { dev: expect.stringMatching(/^vnet/) } },
    });
    expect((await all.list({ network: 'two' })).length).toBe(0);
  });

  // A guest without an operating system takes five seconds: one transport is enough.
  if (way === 'a socket')
    it('that do not let a NIC go are named in time, and keep it in both copies', async () => {
      await expect(running.detach(MAC[0], { releaseMs: 100 })).rejects.toMatchObject({ code: 'GUEST_HOLDS_NIC' });
      expect(await running.nics()).toHaveLength(1);
      expect(await running.nics({ stored: true })).toHaveLength(1);
    });

  it('get a NIC in both copies and change it', async () => {
    const made = await running.attach(nic('two', MAC[1]));
    expect(made).toMatchObject({
      mac: MAC[1],
      network: 'two',
      document: { model: { type: 'virtio' }, alias: { name: 'net1' } },
    });
    expect((await running.nics({ stored: true })).map(({ mac }) => mac)).toEqual([MAC[0], MAC[1]]);
    await running.setLink(MAC[1], 'down');
    expect((await running.nics()).map(({ document }) => document.link?.state)).toEqual([undefined, 'down']);
    expect((await running.nics({ stored: true })).map(({ document }) => document.link?.state)).toEqual([
      undefined,
      'down',
    ]);
    await running.change(MAC[1], NetworkNic.create('one').withMac(MAC[1]).withLink('down'));
    expect((await running.nics())[1]).toMatchObject({ network: 'one', document: { link: { state: 'down' } } });
    expect(await running.statistics(MAC[1])).toMatchObject({ rxBytes: expect.any(Number) });
    expect(await running.addresses()).toEqual([]);
  });

  it('stay on a network of a bridge, in both copies, when the running copy of a NIC is changed', async () => {
    daemon.inside('ip link show hostbr 2>/dev/null || { ip link add hostbr type bridge; ip link set hostbr up; }');
    const { network: bridged } = await host.networks.ensure(BridgedNetwork.create({ name: 'lan', bridge: 'hostbr' }), {
      running: true,
    });
    await running.attach(nic('lan', MAC[2]));
    const live = (await running.nics()).at(-1);
    expect(live).toMatchObject({ kind: 'bridge', network: 'lan' });
    for (const change of [
      () => running.change(MAC[2], live?.withLink('down') ?? ''),
      () => running.setLink(MAC[2], 'up'),
    ]) {
      await change();
      expect((await running.nics({ stored: true })).at(-1)).toMatchObject({ kind: 'network', network: 'lan' });
      expect((await running.nics()).at(-1)).toMatchObject({ kind: 'bridge', network: 'lan' });
      expect(await bridged.ports()).toMatchObject([{ owner: { name: 'running' }, mac: { address: MAC[2] } }]);
    }
  });

  it('are in events when they start and stop, and when a device is added', async () => {
    ask('destroy running');
    const seen: string[] = [];
    const change = async () => {
      ask('start --paused running');
      await running.attach(nic('two', MAC[1]), { stored: false });
      ask('resume running; virsh -q -c qemu:///system suspend running; virsh -q -c qemu:///system destroy running');
      ask('undefine stopped');
    };
    let work: Promise<void> | undefined;
    const onListening = () => {
      work = change();
    };
    for await (const { type, guest, device } of all.events({ onListening })) {
      // The stop of before may come now: a daemon sends events to all who listen by then.
      if (seen.length === 0 && type === 'stopped') continue;
      // QEMU says so before it ends, or does not come to it.
      if (type !== 'shutdown') seen.push([guest, type, device].filter((word) => word !== undefined).join(' '));
      if (type === 'undefined') break;
    }
    await work;
    ask(`define ${file(machine('stopped', []))}; virsh -q -c qemu:///system start --paused running`);
    expect(seen).toEqual([
      'running started',
      'running suspended',
      'running device-added net1',
      'running resumed',
      'running suspended',
      'running stopped',
      'stopped undefined',
    ]);
  });

  it.each(Object.entries(TARGET_CASES))('%s', (_, run) => run({ all, ask, file }));

  it('that are stopped change in their stored copy alone', async () => {
    await stopped.attach(nic('two', MAC[1]));
    await stopped.detach(MAC[0]);
    expect((await stopped.nics()).map(({ mac }) => mac)).toEqual([MAC[1]]);
    await expect(stopped.attach(nic('two', MAC[2]), { live: true })).rejects.toMatchObject({ code: 'GUEST_INACTIVE' });
  });
});

describe.each(WAYS)('%s keeps the contract of guests', (_, transport) => {
  beforeAll(() => {
    ask(`define ${file(machine('contract', []))}`);
    return () => {
      ask('undefine contract');
    };
  });
  for (const { name, run } of guestContract(() => transport(), 'contract')) it(name, run);
});

it('guests of another driver are listed, and the error says which driver can change them', async () => {
  await using other = connect(virsh({ uri: 'test:///default' }));
  const [first] = await guests(other).list();
  expect(first?.nics.map(({ network }) => network)).toEqual(['default']);
  await expect(first?.handle.attach(nic('default', MAC[1]))).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    hint: expect.stringContaining('qemu:///system'),
  });
});
