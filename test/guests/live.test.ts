import { BridgedNetwork, connect, IsolatedNetwork, LibvirtError, type Transport } from 'libvirt-network';
import { guests } from 'libvirt-network/guests';
import { guestContract, type MockTransport, mockTransport } from 'libvirt-network/testing';
import { describe, expect, it, vi } from 'vitest';
import { caught } from '../support/caught.js';

const MAC = ['52:54:00:00:00:01', '52:54:00:00:00:02'] as const;
const nic = (network: string, mac: string, more = ''): string =>
  `<interface type='network'><mac address='${mac}'/><source network='${network}'/><model type='virtio'/>${more}</interface>`;

async function withGuest(options: Partial<Parameters<MockTransport['addGuest']>[0]> = {}) {
  const network = (name: string, third: number) => IsolatedNetwork.create(name).subnet(`10.7.${third}.1/24`);
  const mock = mockTransport({ networks: [network('one', 1), network('two', 2)] });
  const host = connect(mock);
  for (const name of ['one', 'two']) await (await host.networks.get(name)).start();
  mock.addGuest({ name: 'web', nics: [nic('one', MAC[0])], ...options });
  return { mock, host, guest: await guests(host).get('web') };
}

const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const error = await caught(call);
  return LibvirtError.is(error) ? error.code : String(error);
};

describe('the NICs of a guest', () => {
  it('are attached to both copies, with a port of the network', async () => {
    const { host, guest } = await withGuest();
    const made = await guest.attach("<interface type='network'><source network='two'/></interface>");
    expect(made.mac).toMatch(/^52:54:00:/);
    expect((await guest.nics({ stored: true })).at(-1)?.mac).toBe(made.mac);
    const ports = await (await host.networks.get('two')).ports();
    expect(ports).toMatchObject([{ owner: { name: 'web' }, mac: { address: made.mac } }]);
  });

  it('are stored on their network, also where the running guest shows the bridge that it has', async () => {
    const { mock, host, guest } = await withGuest();
    await (await host.networks.define(BridgedNetwork.create({ name: 'lan', bridge: 'br0' }))).start();
    await guest.attach(nic('lan', MAC[1]));
    const live = (await guest.nics()).at(-1);
    expect(live).toMatchObject({ kind: 'bridge', network: 'lan' });
    await guest.change(MAC[1], live?.withLink('down') ?? '');
    await guest.setLink(MAC[1], 'up');
    expect((await guest.nics()).at(-1)).toMatchObject({ kind: 'bridge', network: 'lan' });
    expect((await guest.nics({ stored: true })).at(-1)).toMatchObject({ kind: 'network', network: 'lan' });
    expect(await (await host.networks.get('lan')).ports()).toHaveLength(1);
    const sent = mock.calls.filter(({ operation }) => operation === 'guest.update');
    expect(sent.map(({ input }) => /type='(\w+)'/.exec(String(input['xml']))?.[1])).toEqual(sent.map(() => 'network'));
  });

  it('go by a MAC address that one of them has', async () => {
    const { guest } = await withGuest({ nics: [nic('one', MAC[0]), nic('two', MAC[0])] });
    for (const call of [
      () => guest.detach(MAC[0]),
      () => guest.setLink(MAC[0], 'down'),
      () => guest.statistics(MAC[0]),
    ])
      expect(await codeOf(call())).toBe('NIC_AMBIGUOUS');
    expect(await codeOf(guest.detach(MAC[1]))).toBe('NIC_NOT_FOUND');
    expect(await codeOf(guest.attach(nic('one', MAC[0])))).toBe('MAC_IN_USE');
    expect(await guest.nics()).toHaveLength(2);
  });

  it('stay in both copies when the guest does not let one go', async () => {
    const { guest } = await withGuest({ holdsNics: true });
    expect(await codeOf(guest.detach(MAC[0], { releaseMs: 1 }))).toBe('GUEST_HOLDS_NIC');
    expect(await guest.nics()).toHaveLength(1);
    expect(await guest.nics({ stored: true })).toHaveLength(1);
  });

  it('are gone when an event reports it, before the next look', async () => {
    const { mock, guest } = await withGuest();
    let letGo: (() => Promise<unknown>) | undefined;
    const slow: Transport = {
      label: mock.label,
      hasCheapEvents: true,
      call: async (operation, input, options) => {
        if (operation === 'guest.detach' && 'live' in input && input.live === true) {
          letGo = () => mock.call(operation, input);
          return undefined as never;
        }
        const answer = await mock.call(operation, input, options);
        if (operation === 'guest.lookup') await letGo?.();
        letGo = undefined;
        return answer;
      },
      events: (options) => mock.events(options),
      guestEvents: (options) => mock.guestEvents(options),
      close: () => mock.close(),
    };
    // No look comes by itself then.
    vi.useFakeTimers();
    try {
      await (await guests(connect(slow)).get('web')).detach(MAC[0]);
    } finally {
      vi.useRealTimers();
    }
    expect(await guest.nics()).toEqual([]);
  });

  it('are given back to the running guest when the stored definition cannot be changed', async () => {
    const { mock, guest } = await withGuest();
    mock.once('guest.update', { delayMs: 0 });
    mock.once('guest.update', { error: new LibvirtError('LIBVIRT', 'no room on the disk') });
    expect(await codeOf(guest.setLink(MAC[0], 'down'))).toBe('LIBVIRT');
    expect((await guest.nics())[0]?.document.link?.state).not.toBe('down');
    expect((await guest.nics({ stored: true }))[0]?.document.link?.state).not.toBe('down');
  });

  it('keep the model that a new definition does not name, and never change their MAC address', async () => {
    const { guest } = await withGuest();
    const plain = `<interface type='network'><mac address='${MAC[0]}'/><source network='two'/></interface>`;
    await guest.change(MAC[0], plain);
    expect((await guest.nics())[0]).toMatchObject({ network: 'two', document: { model: { type: 'virtio' } } });
    expect(await codeOf(guest.change(MAC[0], nic('one', MAC[1])))).toBe('INVALID_ARGUMENT');
  });

  it('have a link that changes while the guest runs, also where nothing else of the type can', async () => {
    const { mock, guest } = await withGuest({
      nics: [`<interface type='user'><mac address='${MAC[0]}'/></interface>`],
    });
    await guest.setLink(MAC[0], 'down');
    expect((await guest.nics())[0]?.document.link).toEqual({ state: 'down' });
    const plain = `<interface type='user'><mac address='${MAC[0]}'/></interface>`;
    await mock.call('guest.update', { guest: guest.uuid, xml: plain, live: true, config: false });
    expect((await guest.nics())[0]?.document).toMatchObject({ model: { type: 'rtl8139' } });
    expect(await codeOf(guest.change(MAC[0], nic('one', MAC[0]), { stored: false }))).toBe('UPDATE_REFUSED');
  });

  it('have limits that are set and taken away', async () => {
    const { guest } = await withGuest();
    await guest.setBandwidth(MAC[0], { inbound: { average: 1000, peak: 2000 } });
    expect(await guest.bandwidth(MAC[0])).toEqual({ inbound: { average: 1000, peak: 2000 } });
    expect(await guest.bandwidth(MAC[0], { stored: true })).toEqual({ inbound: { average: 1000, peak: 2000 } });
    await guest.setBandwidth(MAC[0], {});
    expect(await guest.bandwidth(MAC[0])).toEqual({});
  });

  it('have addresses that are waited for', async () => {
    const { mock, guest } = await withGuest();
    const waiting = guest.waitForAddress({ mac: MAC[0].toUpperCase() }, { everyMs: 1 });
    mock.addLease('one', { mac: MAC[0], family: 'ipv4', address: '10.7.1.9', prefix: 24 });
    expect(await waiting).toMatchObject({ address: '10.7.1.9', mac: MAC[0] });
    expect(await codeOf(guest.waitForAddress({ family: 'ipv6' }, { timeoutMs: 5 }))).toBe('TIMEOUT');
    expect(await codeOf(guest.addresses({ source: 'agent' }))).toBe('AGENT_MISSING');
  });
});

describe('the guests of a host', () => {
  it('are found by the network or the bridge that a NIC refers to, stopped ones too', async () => {
    const { mock, host } = await withGuest();
    const bridge = (await (await host.networks.get('two')).read()).document.bridge?.name;
    mock.addGuest({ name: 'off', active: false, nics: [nic('two', MAC[1])] });
    mock.addGuest({
      name: 'bridged',
      active: false,
      nics: [`<interface type='bridge'><source bridge='${bridge}'/></interface>`],
    });
    const names = async (filter: { readonly network?: string; readonly active?: boolean }) =>
      (await guests(host).list(filter)).map(({ state }) => state.name);
    expect(await names({})).toEqual(['bridged', 'off', 'web']);
    expect(await names({ network: 'two' })).toEqual(['bridged', 'off']);
    expect(await names({ network: 'gone' })).toEqual([]);
    expect(await names({ active: true })).toEqual(['web']);
  });

  it('are in events when they start and change, with a gap for what a lost connection hid', async () => {
    const { mock, host, guest } = await withGuest();
    const seen: string[] = [];
    const change = async () => {
      await guest.attach(nic('two', MAC[1]));
      mock.once('guest.lookup', { disconnect: true });
      await caught(guest.info());
      mock.reconnect();
      await guest.detach(MAC[1], { stored: false });
      mock.addGuest({ name: 'other' });
    };
    let work: Promise<void> | undefined;
    const onListening = () => {
      work ??= change();
    };
    for await (const { type, guest: name, device } of guests(host).events({ reconnect: true, onListening })) {
      seen.push([name, type, device].join(' ').trim());
      if (type === 'started') break;
    }
    await work;
    const told = ['web device-added net1', 'web defined', 'gap', 'web device-removed net1'];
    expect(seen).toEqual([...told, 'other defined', 'other started']);
  });

  it('are not in events of a transport that does not report them', async () => {
    const { mock } = await withGuest();
    const silent: Transport = {
      label: 'silent',
      call: (operation, input, options) => mock.call(operation, input, options),
      events: (options) => mock.events(options),
      close: () => mock.close(),
    };
    expect(await caught((async () => guests(connect(silent)).events())())).toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('that are not there, or lack the copy, are refused before anything is sent', async () => {
    const { mock, host, guest } = await withGuest({ active: false });
    expect(await codeOf(guests(host).get('nosuch'))).toBe('GUEST_NOT_FOUND');
    expect(await codeOf(guest.attach(nic('one', MAC[1]), { live: true }))).toBe('GUEST_INACTIVE');
    expect(await codeOf(guest.attach(nic('one', MAC[1]), { stored: false }))).toBe('INVALID_ARGUMENT');
    expect(await codeOf(guest.attach('<network/>'))).toBe('INVALID_ARGUMENT');
    expect(await codeOf(guest.detach('nonsense'))).toBe('INVALID_ARGUMENT');
    expect(mock.calls.filter(({ operation }) => /attach|detach/.test(operation))).toEqual([]);
  });
});

describe('the mock keeps the contract of guests', () => {
  const make = () => {
    const mock = mockTransport();
    mock.addGuest({ name: 'contract', active: false });
    return mock;
  };
  for (const { name, run } of guestContract(make, 'contract')) it(name, run);
});
