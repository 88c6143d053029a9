import { connect, IsolatedNetwork, LibvirtError } from 'libvirt-network';
import { guests } from 'libvirt-network/guests';
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
