import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { localView, type Run } from '../../src/host/index.js';

afterEach(() => vi.unstubAllEnvs());

/** A host that prints what `ip` and `grep` print there, in the order in which they are asked. */
const printing =
  (...outputs: readonly string[]): Run =>
  async () =>
    outputs.join('\n--\n');

describe('a view of a host', () => {
  it('has its devices with kind, bridge, text and addresses, and whether they listen to routers', async () => {
    const links = [
      { ifname: 'eth0', address: '52:54:00:00:00:01', addr_info: [{ local: '192.0.2.7', prefixlen: 24 }] },
      { ifname: 'vnet.1', ifalias: 'web', master: 'virbr0', linkinfo: { info_kind: 'tun' }, addr_info: [{}] },
    ];
    const acceptRa = '/proc/sys/net/ipv6/conf/eth0/accept_ra:1\n/proc/sys/net/ipv6/conf/vnet.1/accept_ra:0\n';
    const run = printing(JSON.stringify(links), '[]', '[]', acceptRa);
    expect((await localView({ run }).look()).devices).toEqual([
      {
        name: 'eth0',
        mac: '52:54:00:00:00:01',
        addresses: [{ address: '192.0.2.7', prefix: 24 }],
        acceptRa: 1,
      },
      { name: 'vnet.1', kind: 'tun', master: 'virbr0', alias: 'web', addresses: [], acceptRa: 0 },
    ]);
  });

  it('has its routes of both families, with a prefix each, and none that refuse', async () => {
    const routes4 = [
      { dst: 'default', gateway: '192.0.2.1', dev: 'eth0', protocol: 'dhcp' },
      { dst: '10.0.0.7', dev: 'tun0' },
      { type: 'local', dst: '192.0.2.7', dev: 'eth0' },
      { type: 'blackhole', dst: '10.9.0.0/16' },
    ];
    const routes6 = [{ dst: 'default', dev: 'wg0', protocol: 'ra' }, { dst: 'fd00::1' }];
    // Old releases of iproute2 print nothing at all for an empty list.
    const run = printing('', JSON.stringify(routes4), JSON.stringify(routes6), '');
    expect((await localView({ run }).look()).routes).toEqual([
      { to: '0.0.0.0/0', dev: 'eth0', protocol: 'dhcp' },
      { to: '10.0.0.7/32', dev: 'tun0' },
      { to: '::/0', dev: 'wg0', protocol: 'ra' },
      { to: 'fd00::1/128' },
    ]);
  });

  it('puts a device into a bridge, and up, and gives it a text', async () => {
    const asked: string[] = [];
    const run: Run = async (file, args) => {
      asked.push([file, ...args].join(' '));
      return '';
    };
    await localView({ run }).attach?.('vnet0', 'virbr0');
    await localView({ run }).setAlias?.('vnet0', 'web server');
    expect(asked).toEqual([
      'ip link set dev vnet0 master virbr0',
      'ip link set dev vnet0 up',
      'ip link set dev vnet0 alias web server',
    ]);
  });

  it('of this machine has at least its loopback device', async () => {
    const { devices } = await localView().look();
    expect(devices.find(({ name }) => name === 'lo')?.addresses).toContainEqual({ address: '127.0.0.1', prefix: 8 });
  });

  it('says what is missing, what failed and what makes no sense', async () => {
    await expect(localView({ run: printing('no JSON') }).look()).rejects.toMatchObject({
      code: 'UNEXPECTED_REPLY',
    });
    await expect(localView().attach?.('nowhere0', 'nowhere1')).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      message: expect.stringContaining('nowhere'),
    });
    vi.stubEnv('PATH', '/nonexistent');
    await expect(localView().look()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
    const shell = mkdtempSync(join(tmpdir(), 'libvirt-network-shell-'));
    symlinkSync('/bin/sh', join(shell, 'sh'));
    vi.stubEnv('PATH', shell);
    await expect(localView().look()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
    rmSync(shell, { recursive: true });
  });

  it('ends with the caller’s reason', async () => {
    await expect(localView().look({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
