import { connect, IsolatedNetwork, LibvirtError } from 'libvirt-network';
import { mockTransport } from 'libvirt-network/testing';
import { describe, expect, it } from 'vitest';

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
