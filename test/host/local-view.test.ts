import { afterEach, describe, expect, it, vi } from 'vitest';
import { localView, recordingRunner, sshRunner } from '../../src/host/index.js';
import { FACT_PROBES } from '../../src/host/observe/observe.js';

afterEach(() => vi.unstubAllEnvs());

type Answers = { readonly [P in (typeof FACT_PROBES)[number]]?: string };

/** A host that prints this when it is asked; what is not named fails there. */
const printing = (answers: Answers) =>
  recordingRunner(({ args }) => {
    const mark = /echo "([0-9a-f]{18}) links/.exec(args[1] ?? '')?.[1];
    const parts = FACT_PROBES.map((name) => `${answers[name] ?? ''}${mark} ${name} ${Number(!(name in answers))}\n`);
    return { exitCode: 0, stdout: parts.join(''), stderr: '' };
  });

describe('a view of a host', () => {
  it('has its devices with kind, bridge, text and addresses, and whether they listen to routers', async () => {
    const links = [
      { ifname: 'eth0', link_type: 'ether', address: '52:54:00:00:00:01', mtu: 1500, flags: ['UP'] },
      {
        ifname: 'vnet.1',
        ifalias: 'web',
        master: 'virbr0',
        linkinfo: { info_kind: 'tun', info_data: { type: 'tap' } },
      },
    ];
    const addresses = [{ ifname: 'eth0', addr_info: [{ family: 'inet', local: '192.0.2.7', prefixlen: 24 }, {}] }];
    const acceptRa = '/proc/sys/net/ipv6/conf/eth0/accept_ra:1\n/proc/sys/net/ipv6/conf/vnet.1/accept_ra:0\n';
    const runner = printing({ links: JSON.stringify(links), addresses: JSON.stringify(addresses), acceptRa });
    expect((await localView({ runner }).look()).devices).toEqual([
      {
        name: 'eth0',
        kind: 'physical',
        mac: '52:54:00:00:00:01',
        mtu: 1500,
        up: true,
        carrier: false,
        wireless: false,
        addresses: [
          { family: 'ipv4', address: '192.0.2.7', prefix: 24, scope: 'global', dynamic: false, noPrefixRoute: false },
        ],
        acceptRa: 1,
      },
      expect.objectContaining({
        name: 'vnet.1',
        kind: 'tap',
        master: 'virbr0',
        alias: 'web',
        addresses: [],
        acceptRa: 0,
      }),
    ]);
  });

  it('has its routes of both families', async () => {
    const routes4 = [{ dst: 'default', gateway: '192.0.2.1', dev: 'eth0', protocol: 'dhcp' }];
    const routes6 = [{ type: 'unreachable', dst: 'fd00::1' }];
    const runner = printing({
      links: '[]',
      addresses: '[]',
      routes4: JSON.stringify(routes4),
      routes6: JSON.stringify(routes6),
    });
    expect((await localView({ runner }).look()).routes).toMatchObject([
      { family: 'ipv4', to: 'default', type: 'unicast', device: 'eth0', protocol: 'dhcp' },
      { family: 'ipv6', to: 'fd00::1', type: 'unreachable' },
    ]);
  });

  it('reads nothing at all, as old releases of iproute2 print it, as an empty list', async () => {
    const runner = printing({ links: '', addresses: '', routes4: '', routes6: '' });
    expect(await localView({ runner }).look()).toEqual({ devices: [], routes: [] });
  });

  it('puts a device into a bridge, and up, and gives it a text', async () => {
    const runner = recordingRunner();
    await localView({ runner }).attach?.('vnet0', 'virbr0');
    await localView({ runner }).setAlias?.('vnet0', 'web server');
    expect(runner.requests.map(({ args }) => args.slice(1).join(' ').split('\n').at(-1))).toEqual([
      'ip link set dev "$1" master "$2" && ip link set dev "$1" up sh vnet0 virbr0',
      'ip link set dev "$1" alias "$2" sh vnet0 web server',
    ]);
  });

  it('of another machine goes through ssh', async () => {
    const ssh = recordingRunner();
    const view = localView({ runner: sshRunner('kvm1', { exec: ssh.exec }) });
    await view.attach?.('vnet0', 'virbr0');
    expect(ssh.requests).toMatchObject([{ file: 'ssh', input: expect.stringContaining("'vnet0' 'virbr0'") }]);
    const unreachable = sshRunner('kvm1', { exec: async () => ({ exitCode: 255, stdout: '', stderr: 'no route' }) });
    await expect(localView({ runner: unreachable }).look()).rejects.toMatchObject({ code: 'SSH_FAILED' });
  });

  it('of this machine has at least its loopback device', async () => {
    const { devices } = await localView().look();
    expect(devices.find(({ name }) => name === 'lo')?.addresses).toContainEqual(
      expect.objectContaining({ address: '127.0.0.1', prefix: 8 }),
    );
  });

  it('says what is missing, what failed and what makes no sense', async () => {
    await expect(localView({ runner: printing({ links: 'no JSON', addresses: '[]' }) }).look()).rejects.toMatchObject({
      code: 'UNEXPECTED_REPLY',
    });
    await expect(localView().attach?.('nowhere0', 'nowhere1')).rejects.toMatchObject({
      code: 'UNEXPECTED_REPLY',
      message: expect.stringContaining('nowhere'),
      mayHaveChanged: true,
    });
    await expect(localView({ runner: printing({}) }).look()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
    vi.stubEnv('PATH', '/nonexistent');
    await expect(localView().look()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  });

  it('ends with the caller’s reason', async () => {
    await expect(localView().look({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
