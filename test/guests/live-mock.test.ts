import { connect, IsolatedNetwork, LibvirtError } from 'libvirt-network';
import { filters, guests } from 'libvirt-network/guests';
import { mockTransport } from 'libvirt-network/testing';
import { describe, expect, it } from 'vitest';
import { caught } from '../support/caught.js';

const UUID = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1aff';
const onNetwork = (network: string, more = ''): string =>
  `<interface type='network'><source network='${network}'/>${more}</interface>`;

async function mockWith() {
  const network = (name: string, third: number) => IsolatedNetwork.create(name).subnet(`10.7.${third}.1/24`);
  const mock = mockTransport({ networks: [network('lab', 1), network('off', 2)] });
  const host = connect(mock);
  await (await host.networks.get('lab')).start();
  mock.addGuest({ name: 'web', uuid: UUID, nics: [onNetwork('lab')] });
  return { mock, host };
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (error) {
    return LibvirtError.is(error) ? error.code : String(error);
  }
}

const codeOfCall = async (call: Promise<unknown>): Promise<string> => {
  const error = await caught(call);
  return LibvirtError.is(error) ? error.code : String(error);
};

describe('a guest that the mock refuses', () => {
  const wrong: readonly (readonly [why: string, options: unknown, code: string])[] = [
    ['a name that is empty', { name: '' }, 'INVALID_ARGUMENT'],
    ['a name that is not text', { name: 5 }, 'INVALID_ARGUMENT'],
    ['no name', {}, 'INVALID_ARGUMENT'],
    ['a name that another has', { name: 'web' }, 'INVALID_ARGUMENT'],
    ['a uuid that another has', { name: 'b', uuid: UUID.toUpperCase() }, 'INVALID_ARGUMENT'],
    ['text that is not a uuid', { name: 'b', uuid: 'b' }, 'INVALID_ARGUMENT'],
    ['NICs that are not a list', { name: 'b', nics: 'x' }, 'INVALID_ARGUMENT'],
    ['a NIC that is not one', { name: 'b', nics: [5] }, 'INVALID_ARGUMENT'],
    ['an element that is not a NIC', { name: 'b', nics: ['<network/>'] }, 'INVALID_ARGUMENT'],
    ['text that is not XML', { name: 'b', nics: ['x'] }, 'XML_SYNTAX'],
    ['a state that is not a boolean', { name: 'b', active: 'no' }, 'INVALID_ARGUMENT'],
    ['neither running nor stored', { name: 'b', active: false, persistent: false }, 'INVALID_ARGUMENT'],
    ['a network that is not there', { name: 'b', nics: [onNetwork('lab'), onNetwork('gone')] }, 'NETWORK_NOT_FOUND'],
    ['a network that does not run', { name: 'b', nics: [onNetwork('lab'), onNetwork('off')] }, 'NETWORK_INACTIVE'],
  ];
  for (const [why, options, code] of wrong)
    it(`leaves nothing in it: ${why}`, async () => {
      const { mock } = await mockWith();
      const before = mock.snapshot();
      expect(codeOf(() => Reflect.apply(mock.addGuest, mock, [options]))).toBe(code);
      expect(mock.snapshot()).toEqual(before);
    });

  it('can be put in when its mistake is gone', async () => {
    const { mock, host } = await mockWith();
    const add = () => mock.addGuest({ name: 'b', nics: [onNetwork('off')] });
    expect(codeOf(add)).toBe('NETWORK_INACTIVE');
    await (await host.networks.get('off')).start();
    expect(codeOf(add)).toBe('done');
  });
});

describe('what a running guest cannot change of a NIC', () => {
  it('is refused by the mock as by libvirt, and both copies stay', async () => {
    const mac = '52:54:00:00:00:01';
    const card = (more: string) => onNetwork('lab', `<mac address='${mac}'/><model type='virtio'/>${more}`);
    const { mock, host } = await mockWith();
    mock.addGuest({ name: 'b', nics: [card("<mtu size='1400'/>")] });
    const guest = await guests(host).get('b');
    for (const more of ['', "<mtu size='1500'/>", "<mtu size='1400'/><driver queues='2'/>"])
      expect(await codeOfCall(guest.change(mac, card(more))), more).toBe('UPDATE_REFUSED');
    for (const stored of [false, true])
      expect((await guest.nics({ stored }))[0]?.document).toMatchObject({ mtu: { size: 1400 } });
    await guest.setLink(mac, 'down');
    await guest.change(mac, card("<mtu size='1500'/>"), { live: false });
  });
});

describe('what the mock refuses of a running guest, in the words of a daemon', () => {
  const NIC = '52:54:00:00:00:01';
  const nic = (more: string, mac = NIC): string =>
    `<interface type='network'><mac address='${mac}'/><source network='lab'/><model type='virtio'/>${more}</interface>`;
  const slot = (n: number): string => `<address type='pci' domain='0' bus='0' slot='${n}' function='0'/>`;
  const LIVE = { live: true, config: false };

  async function wordsOf(operation: 'guest.attach' | 'guest.update', xml: string, has: string, libvirt?: string) {
    const mock = mockTransport({ networks: [IsolatedNetwork.create('lab')], ...(libvirt && { libvirt }) });
    await mock.call('network.start', { network: 'lab' });
    mock.addGuest({ name: 'web', nics: [nic(has)] });
    const error = await caught(mock.call(operation, { guest: 'web', xml, ...LIVE }));
    return LibvirtError.is(error) ? (error as LibvirtError & { libvirtMessage?: string }).libvirtMessage : 'done';
  }

  const twin = '52:54:00:00:00:02';
  it.each([
    ['a boot order', nic("<boot order='1'/>", twin), '', 'per-device boot elements cannot be used together with'],
    ['an alias twice', nic("<alias name='ua-a'/>", twin), "<alias name='ua-a'/>", 'non unique alias detected: ua-a'],
    ['a place on the bus twice', nic(slot(5), twin), slot(5), 'Attempted double use of PCI Address 0000:00:05.0'],
    ['no ROM bar', nic("<rom bar='off'/>", twin), '', "Hot-plugged device without ROM bar can't have an option ROM"],
    [
      'a script',
      nic("<script path='/bin/true'/>", twin),
      '',
      'scripts are not supported on interfaces of type network',
    ],
    ['a filter that is missing', nic("<filterref filter='gone'/>", twin), '', "referenced filter 'gone' is missing"],
    ['a device twice', nic("<target dev='t'/>", twin), "<target dev='t'/>", 'The t interface already exists'],
  ])('%s of a NIC that is attached', async (_, xml, has, words) => {
    expect(await wordsOf('guest.attach', xml, has)).toContain(words);
  });

  it.each([
    ["<rom bar='on'/>", 'cannot modify network device rom bar setting'],
    ["<rom file='/a'/>", 'cannot modify network rom file'],
    ["<rom enabled='no'/>", 'cannot modify network device rom enabled setting'],
    ["<mtu size='1400'/>", 'cannot modify MTU'],
    ["<driver queues='2'/>", 'cannot modify virtio network device driver attributes'],
    ["<target dev='t'/>", 'cannot modify network device tap name'],
    ["<acpi index='3'/>", "changing device 'acpi index' is not allowed"],
    [slot(9), "no device found at address '0000:00:09.0'"],
    ["<filterref filter='gone'/>", "failed to add new filter rules to 'vnet0'"],
  ])('a change to %s', async (part, words) => {
    expect(await wordsOf('guest.update', nic(part), '')).toContain(words);
  });

  it('a change of the only NIC without a MAC address', async () => {
    const xml = nic('').replace(/<mac .*?\/>/, '');
    expect(await wordsOf('guest.update', xml, '')).toContain(`cannot change network interface mac address from ${NIC}`);
  });

  it('a network that does not run, before a script', async () => {
    const { mock } = await mockWith();
    const xml = onNetwork('off', "<script path='/bin/true'/>");
    expect(await codeOfCall(mock.call('guest.attach', { guest: 'web', xml, ...LIVE }))).toBe('NETWORK_INACTIVE');
  });

  it('another port group, where the release looks at it', async () => {
    const xml = nic('').replace("network='lab'", "network='lab' portgroup='p'");
    expect(await wordsOf('guest.update', xml, '', '9.0.0')).toBe('done');
    expect(await wordsOf('guest.update', xml, '', '11.3.0')).toContain('portgroup attribute');
  });

  it('nothing that the stored definition may have', async () => {
    const { mock } = await mockWith();
    for (const part of ["<rom bar='off'/>", "<script path='/bin/true'/>", "<filterref filter='gone'/>"])
      await mock.call('guest.attach', { guest: 'web', xml: onNetwork('lab', part), live: false, config: true });
  });
});

describe('the filters of a running guest in the mock', () => {
  it('are in force on its devices, and cannot be undefined as long as it has them', async () => {
    const { mock, host } = await mockWith();
    const web = await guests(host).get('web');
    const { mac = '' } = await web.attach(
      onNetwork('lab', "<filterref filter='clean-traffic'><parameter name='IP' value='10.7.1.9'/></filterref>"),
    );
    const [binding] = await filters(host).bindings();
    expect(binding).toMatchObject({ device: 'vnet1', filter: 'clean-traffic' });
    expect((await mock.call('binding.dump', { binding: 'vnet1' })).replaceAll(/\s*\n\s*/g, '')).toContain(
      `<filterref filter='clean-traffic'><parameter name='IP' value='10.7.1.9'/><parameter name='MAC' value='${mac}'/></filterref>`,
    );
    for (const name of ['clean-traffic', 'no-mac-spoofing'])
      expect(await codeOfCall(filters(host).undefine(name))).toBe('FILTER_IN_USE');
    await web.detach(mac);
    expect(await filters(host).bindings()).toEqual([]);
    await filters(host).undefine('clean-traffic');
    expect(await codeOfCall(web.attach(onNetwork('lab', "<filterref filter='clean-traffic'/>")))).toBe('LIBVIRT');
  });
});
