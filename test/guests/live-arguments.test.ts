import { connect, IsolatedNetwork, LibvirtError, OperationError, ValidationError } from 'libvirt-network';
import { guests, readTopology } from 'libvirt-network/guests';
import { type MockTransport, mockTransport } from 'libvirt-network/testing';
import { describe, expect, it } from 'vitest';
import { caught } from '../support/caught.js';

const MAC = '52:54:00:00:00:01';
const NEW = '52:54:00:00:00:02';
const onLab = (mac: string, more = ''): string =>
  `<interface type='network'><mac address='${mac}'/><source network='lab'/><model type='virtio'/>${more}</interface>`;

async function withGuest(options: Partial<Parameters<MockTransport['addGuest']>[0]> = {}) {
  const mock = mockTransport({ networks: [IsolatedNetwork.create('lab').subnet('10.7.1.1/24')] });
  const host = connect(mock);
  await (await host.networks.get('lab')).start();
  mock.addGuest({ name: 'web', nics: [onLab(MAC)], ...options });
  return { mock, host, guest: await guests(host).get('web') };
}

const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const error = await caught(call);
  return error instanceof ValidationError ? 'VALIDATION' : LibvirtError.is(error) ? error.code : String(error);
};

const isChange = ({ operation }: { readonly operation: string }): boolean => /attach|update|detach/.test(operation);

/** Texts that libvirt refuses: its parser, and what it looks at afterwards. */
const REFUSED = [
  "<interface type='user'><mtu size='x'/></interface>",
  "<interface type='user'><link state='sideways'/></interface>",
  "<interface type='network'/>",
  "<interface type='bridge'><source bridge='br0'/><bandwidth><inbound peak='5'/></bandwidth></interface>",
  "<interface type='user'><bandwidth><inbound average='1' floor='1'/></bandwidth></interface>",
  "<interface type='user'><model type='e1000'/><rom enabled='no' bar='on'/></interface>",
];

describe('a definition that libvirt would refuse', () => {
  for (const text of REFUSED)
    it(`is refused before anything is sent: ${text}`, async () => {
      const { mock, guest } = await withGuest();
      expect(await codeOf(guest.attach(text))).toBe('VALIDATION');
      expect(await codeOf(guest.change(MAC, text))).toBe('VALIDATION');
      expect(await codeOf(guest.change(MAC, () => text))).toBe('VALIDATION');
      expect(mock.calls.filter(isChange)).toEqual([]);
    });

  it('is not taken for words of a newer libvirt, which are sent', async () => {
    const { mock, guest } = await withGuest();
    await guest.attach(onLab(NEW, "<newer word='1'/>"));
    await guest.change(NEW, onLab(NEW, "<newer word='2'/>"));
    expect(mock.calls.filter(isChange).map(({ input }) => /<newer[^>]*>/.exec(String(input['xml']))?.[0])).toEqual([
      "<newer word='1'/>",
      "<newer word='2'/>",
      "<newer word='2'/>",
    ]);
  });

  it('does not keep the link of a NIC from being changed that libvirt has taken', async () => {
    const { guest } = await withGuest({ nics: [onLab(MAC, "<mtu size='x'/>")] });
    await guest.setLink(MAC, 'down', { live: false });
    expect(await guest.info()).toMatchObject({ active: true });
  });
});

describe('a NIC that libvirt prints in words that cannot be read', () => {
  it('is given as it was sent: the attach is done', async () => {
    const { mock, guest } = await withGuest({ nics: [] });
    const call = mock.call.bind(mock);
    mock.call = async (operation, input, options) => {
      const answer = await call(operation, input, options);
      return JSON.parse(JSON.stringify(answer ?? null).replaceAll("size='1400'", "size='many'")) ?? undefined;
    };
    expect((await guest.attach(onLab(NEW, "<mtu size='1400'/>"))).document).toMatchObject({
      mac: { address: NEW },
      mtu: { size: 1400 },
    });
  });
});

describe('limits that libvirt would refuse, or that are misspelt', () => {
  const wrong: readonly unknown[] = [
    { inbund: { average: 1 } },
    { inbound: { averge: 1, average: 2 } },
    { inbound: {} },
    { inbound: { average: Number.NaN } },
    { inbound: { average: -1 } },
    { inbound: { average: 1.5 } },
    { inbound: { peak: 5 } },
    { inbound: 5 },
    [],
    { outbound: { average: 1, floor: 2 } },
  ];
  it('are refused before anything is sent, and the limits stay', async () => {
    const { mock, guest } = await withGuest();
    await guest.setBandwidth(MAC, { inbound: { average: 1000, floor: 10 } });
    const sent = mock.calls.filter(isChange).length;
    for (const limits of wrong)
      expect(await codeOf(Reflect.apply(guest.setBandwidth, guest, [MAC, limits])), JSON.stringify(limits)).toBe(
        'VALIDATION',
      );
    for (const limits of [5, undefined, null, 'none'])
      expect(await codeOf(Reflect.apply(guest.setBandwidth, guest, [MAC, limits])), String(limits)).toBe(
        'INVALID_ARGUMENT',
      );
    expect(mock.calls.filter(isChange)).toHaveLength(sent);
    expect(await guest.bandwidth(MAC)).toEqual({ inbound: { average: 1000, floor: 10 } });
  });
});

describe('a NIC that cannot be read', () => {
  const broken = onLab(NEW, "<mtu size='x'/>");

  it('is named with its guest', async () => {
    const { guest } = await withGuest({ nics: [onLab(MAC), broken] });
    const error = await caught(guest.nics());
    expect(error).toBeInstanceOf(ValidationError);
    expect(String(error)).toContain(`the NIC ${NEW} of guest "web"`);
  });

  it('does not hide the other NICs of its guest', async () => {
    const { host } = await withGuest({ nics: [broken, onLab(MAC)] });
    const [listed] = await guests(host).list();
    expect([listed?.nics, listed?.storedNics].map((nics) => nics?.map(({ mac }) => mac))).toEqual([[MAC], [MAC]]);
    expect(listed?.error?.message).toContain(`the NIC ${NEW} of guest "web"`);
    const { guests: seen } = await readTopology(host, { backend: 'nftables' });
    expect(seen).toMatchObject([{ name: 'web', network: 'lab', mac: MAC }]);
  });
});

describe('options of a wrong type', () => {
  const web = async () => (await withGuest()).guest;
  const call = async (method: string, ...given: readonly unknown[]) => {
    const guest = await web();
    return codeOf(Reflect.apply(Reflect.get(guest, method), guest, given));
  };
  const wrong: readonly (readonly [method: string, ...given: readonly unknown[]])[] = [
    ...[Number.NaN, Number.POSITIVE_INFINITY, null, -1, '5'].map(
      (releaseMs) => ['detach', MAC, { releaseMs }] as const,
    ),
    ['attach', onLab(NEW), { live: 'no' }],
    ['change', MAC, onLab(MAC), { stored: 0 }],
    ['setLink', MAC, 'down', { live: null }],
    ['setBandwidth', MAC, {}, { live: 'no' }],
    ['nics', { stored: 'yes' }],
    ['bandwidth', MAC, { stored: 'yes' }],
    ['addresses', { source: 'dns' }],
    ['waitForAddress', { mac: 'zz' }],
    ['waitForAddress', { mac: null }],
    ['waitForAddress', { family: 'ipv5' }],
    ['waitForAddress', {}, { everyMs: Number.NaN }],
  ];
  it('are refused by each call on a guest', async () => {
    for (const [method, ...given] of wrong)
      expect(await call(method, ...given), `${method} ${JSON.stringify(given)}`).toBe('INVALID_ARGUMENT');
  });

  it('are refused by the list', async () => {
    const all = guests((await withGuest()).host);
    for (const filter of [{ active: 'yes' }, { network: 5 }, { network: '' }])
      expect(await codeOf(Reflect.apply(all.list, all, [filter]))).toBe('INVALID_ARGUMENT');
  });

  it('are not taken for a MAC address that no NIC has', async () => {
    expect(await call('waitForAddress', { mac: NEW })).toBe('NIC_NOT_FOUND');
  });
});

describe('a NIC that one copy has', () => {
  it('is attached to the other, and to none that has it', async () => {
    const { guest } = await withGuest();
    await guest.attach(onLab(NEW), { live: false });
    expect(await codeOf(guest.attach(onLab(NEW)))).toBe('MAC_IN_USE');
    expect(await codeOf(guest.attach(onLab(NEW), { live: false }))).toBe('MAC_IN_USE');
    expect((await guest.attach(onLab(NEW), { stored: false })).mac).toBe(NEW);
    await guest.detach(NEW, { live: false });
    await guest.attach(onLab(NEW), { live: false });
    const copies = [await guest.nics(), await guest.nics({ stored: true })];
    expect(copies.map((nics) => nics.map(({ mac }) => mac))).toEqual([
      [MAC, NEW],
      [MAC, NEW],
    ]);
  });
});

describe('a MAC address in another spelling', () => {
  it('means the same NIC', async () => {
    const lettered = '52:54:00:ab:cd:0e';
    const { guest } = await withGuest({ nics: [onLab(lettered)] });
    for (const mac of [lettered.toUpperCase(), '52:54:0:ab:cd:e']) {
      await guest.setLink(mac, 'down');
      expect((await guest.nics())[0]?.document.link?.state).toBe('down');
      await guest.change(mac, onLab(mac));
      expect((await guest.nics())[0]?.document.link).toBeUndefined();
      expect(await codeOf(guest.attach(onLab(mac)))).toBe('MAC_IN_USE');
    }
    await guest.detach(lettered.toUpperCase(), { live: false });
    expect(await guest.nics({ stored: true })).toEqual([]);
  });
});

describe('a change that libvirt refuses', () => {
  const refusal = (why: string) => new OperationError('LIBVIRT', why, { hint: 'look', libvirtNumber: 1 });

  it('says what the running guest has, and keeps why that could not be undone', async () => {
    const { mock, guest } = await withGuest();
    mock.once('guest.update', { delayMs: 0 });
    mock.once('guest.update', { error: refusal('no room on the disk') });
    mock.once('guest.update', { error: refusal('the guest is busy') });
    const error = await caught(guest.setLink(MAC, 'down'));
    expect(error).toMatchObject({
      message: 'no room on the disk; the running guest has the change, and could not be given its NIC back',
      libvirtMessage: 'no room on the disk',
      libvirtNumber: 1,
      hint: 'look',
      cause: { message: 'the guest is busy' },
    });
  });

  it('has a hint that is about NICs too', async () => {
    const { guest } = await withGuest({ nics: [`<interface type='user'><mac address='${MAC}'/></interface>`] });
    const error = await caught(guest.change(MAC, onLab(MAC), { stored: false }));
    expect(LibvirtError.is(error) && [error.code, error.hint]).toEqual([
      'UPDATE_REFUSED',
      expect.stringContaining('the NIC'),
    ]);
  });
});
