import { describe, expect, it } from 'vitest';
import {
  connect,
  IsolatedNetwork,
  LibvirtError,
  NatNetwork,
  Network,
  type NetworkDocument,
  RoutedNetwork,
} from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { assertApart } from '../support/assert-apart.js';

const cidrs = ({ ips = [] }: NetworkDocument): string[] => ips.map(({ address, prefix }) => `${address}/${prefix}`);
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (LibvirtError.is(error) ? error.code : String(error)),
  );

describe('networks.auto', () => {
  it('takes the first subnet that no network has, stopped ones included, and a bridge of its own', async () => {
    const mock = mockTransport({ networks: [IsolatedNetwork.create('old').subnet('10.1.0.1/22')] });
    const { networks } = connect(mock);
    const { network, changed } = await networks.auto(NatNetwork, 'a', { pool: '10.1.0.0/16', running: true });
    const { document } = await network.read();
    expect([changed, cidrs(document), document.bridge?.name]).toEqual([true, ['10.1.4.1/24'], 'virbr-0a010400']);
    expect(document.ips?.[0]?.dhcp?.ranges).toEqual([{ start: '10.1.4.2', end: '10.1.4.254' }]);
    const second = await networks.auto(RoutedNetwork, 'b', { pool: '10.1.0.0/16', prefix: 28, dhcp: false });
    expect(cidrs((await second.network.read()).document)).toEqual(['10.1.5.1/28']);
  });

  it('keeps the subnets of a network that is there, and does nothing a second time', async () => {
    const { networks } = connect(mockTransport());
    const first = await networks.auto(NatNetwork, 'a', { ipv6: true, running: true });
    const before = (await first.network.read()).document;
    expect((await networks.auto(NatNetwork, 'a', { ipv6: true, running: true })).changed).toBe(false);
    const { changed, network } = await networks.auto(NatNetwork, 'a', {
      pool: '10.77.0.0/16',
      build: (one) => one.dnsTxt({ name: 'note', value: 'x' }),
    });
    expect([changed, (await network.read()).document.ips]).toEqual([true, before.ips]);
  });

  it('gives IPv6 subnets of a pool, or random ones for local use', async () => {
    const { networks } = connect(mockTransport());
    const of = async (name: string, ipv6: true | string) =>
      cidrs((await (await networks.auto(NatNetwork, name, { ipv6 })).network.read()).document)[1];
    expect([await of('a', 'fd00:5::/56'), await of('b', 'fd00:5::/56')]).toEqual(['fd00:5::1/64', 'fd00:5:0:1::1/64']);
    const random = [await of('c', true), await of('d', true)];
    for (const cidr of random) expect(cidr).toMatch(/^fd[0-9a-f]{2}:.*::1\/64$/);
    expect(random[0]).not.toBe(random[1]);
  });

  it('leaves out what the host has, and what the daemon finds to be taken', async () => {
    const mock = mockTransport();
    const { networks } = connect(mock);
    const eth0 = { name: 'eth0', addresses: [{ address: '10.2.0.9', prefix: 23 }] };
    const route = { family: 'ipv4', to: '10.2.3.0/24', device: 'eth0' } as const;
    const view = { look: async () => ({ devices: [eth0], routes: [route] }) };
    const taken = new LibvirtError('SUBNET_IN_USE', 'Network is already in use by interface eth9');
    mock.once('network.start', { error: taken });
    const { network } = await networks.auto(NatNetwork, 'a', { pool: '10.2.0.0/16', view, running: true });
    expect(cidrs((await network.read()).document)).toEqual(['10.2.4.1/24']);
    expect(await networks.states()).toHaveLength(1);
  });

  it('says when nothing is free, and what is not a pool, and leaves nothing', async () => {
    const { networks } = connect(mockTransport());
    for (const name of ['a', 'b']) await networks.auto(NatNetwork, name, { pool: '10.3.0.0/23' });
    expect(await code(networks.auto(NatNetwork, 'c', { pool: '10.3.0.0/23' }))).toBe('POOL_EXHAUSTED');
    for (const options of [
      { pool: '10.3.0.0/28' },
      { pool: 'fd00::/48' },
      { prefix: 31 },
      { ipv6: '10.0.0.0/8' },
      { pool: 'x' },
    ])
      expect(await code(networks.auto(NatNetwork, 'c', options)), JSON.stringify(options)).toBe('INVALID_ARGUMENT');
    expect((await networks.states()).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('gives twenty callers of one program twenty networks', async () => {
    const mock = mockTransport();
    const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
    await Promise.all(names.map((name, i) => connect(mock).networks.auto(NatNetwork, name, { prefix: 24 + (i % 4) })));
    assertApart((await mock.call('network.list', { xml: true })).map(({ xml = '' }) => Network.parse(xml).document));
  });
});
