import { afterEach, describe, expect, it, vi } from 'vitest';
import { localView, type Run } from '../../src/host/index.js';

afterEach(() => vi.unstubAllEnvs());

/** A host whose programs print what iproute2 prints. */
const printing =
  (outputs: Readonly<Record<string, string>>): Run =>
  async (file, args) =>
    outputs[[file, ...args.filter((arg) => !arg.startsWith('-'))].join(' ')] ?? '';

describe('a view of a host', () => {
  it('has its devices with kind, bridge and addresses, and whether they listen to routers', async () => {
    const run: Run = async (file, args) => {
      if (file === 'sh')
        return '/proc/sys/net/ipv6/conf/eth0/accept_ra:1\n/proc/sys/net/ipv6/conf/vnet.1/accept_ra:0\n';
      if (!args.includes('address')) return '[]';
      return JSON.stringify([
        { ifname: 'eth0', address: '52:54:00:00:00:01', addr_info: [{ local: '192.0.2.7', prefixlen: 24 }] },
        { ifname: 'vnet.1', master: 'virbr0', linkinfo: { info_kind: 'tun' }, addr_info: [{}] },
      ]);
    };
    expect((await localView({ run }).look()).devices).toEqual([
      {
        name: 'eth0',
        mac: '52:54:00:00:00:01',
        addresses: [{ address: '192.0.2.7', prefix: 24 }],
        acceptRa: 1,
      },
      { name: 'vnet.1', kind: 'tun', master: 'virbr0', addresses: [], acceptRa: 0 },
    ]);
  });

  it('has its routes of both families, with a prefix each, and none that refuse', async () => {
    const run: Run = async (_, args) => {
      if (args.includes('-4'))
        return JSON.stringify([
          { dst: 'default', gateway: '192.0.2.1', dev: 'eth0', protocol: 'dhcp' },
          { dst: '10.0.0.7', dev: 'tun0' },
          { type: 'local', dst: '192.0.2.7', dev: 'eth0' },
          { type: 'blackhole', dst: '10.9.0.0/16' },
        ]);
      return args.includes('-6')
        ? JSON.stringify([{ dst: 'default', dev: 'wg0', protocol: 'ra' }, { dst: 'fd00::1' }])
        : '';
    };
    expect((await localView({ run }).look()).routes).toEqual([
      { to: '0.0.0.0/0', dev: 'eth0', protocol: 'dhcp' },
      { to: '10.0.0.7/32', dev: 'tun0' },
      { to: '::/0', dev: 'wg0', protocol: 'ra' },
      { to: 'fd00::1/128' },
    ]);
  });

  it('puts a device into a bridge, and up', async () => {
    const asked: string[] = [];
    const run: Run = async (file, args) => {
      asked.push([file, ...args].join(' '));
      return '';
    };
    await localView({ run }).attach?.('vnet0', 'virbr0');
    expect(asked).toEqual(['ip link set dev vnet0 master virbr0', 'ip link set dev vnet0 up']);
  });

  it('of this machine has at least its loopback device', async () => {
    const { devices } = await localView().look();
    expect(devices.find(({ name }) => name === 'lo')?.addresses).toContainEqual({ address: '127.0.0.1', prefix: 8 });
  });

  it('says what is missing, what failed and what makes no sense', async () => {
    await expect(localView({ run: printing({ 'ip address show': 'no JSON' }) }).look()).rejects.toMatchObject({
      code: 'UNEXPECTED_REPLY',
    });
    await expect(localView().attach?.('nowhere0', 'nowhere1')).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      message: expect.stringContaining('nowhere'),
    });
    vi.stubEnv('PATH', '/nonexistent');
    await expect(localView().look()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  });

  it('ends with the caller’s reason', async () => {
    await expect(localView().look({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
