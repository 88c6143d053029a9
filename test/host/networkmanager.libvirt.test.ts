import { describe, expect, it, type TestContext, vi } from 'vitest';
import { observe } from '../../src/host/observe/observe.js';
import { ownersOf } from '../../src/host/observe/owners.js';
import { bridgeDifferences } from '../../src/host/plan/expected.js';
import { applyRendering, removeHostBridge } from '../../src/host/transaction/apply.js';
import { type LabHost, startHost } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { networkManagerBridge, runNetworkManager, startNetworkManager } from '../support/networkmanager.js';
import { EXPECTED, IFCFG } from '../support/renderings.js';

needs('namespaces', 'NetworkManager');

const STATIC = networkManagerBridge('method=manual\naddress1=10.77.0.10/24,10.77.0.1');
const WANTED = { ...EXPECTED, addresses: ['10.77.0.10/24'], gateways: ['10.77.0.1'] };

/** Addresses, routes, profiles and files; what the daemon notes for itself is left out. */
const VIEW = `
ip -o link show | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/ state [A-Z]*//'
ip -o addr show scope global | sed 's/^[0-9]*: //'; ip route | grep -v 'dev lo'
nmcli -t -f NAME,FILENAME,DEVICE connection | grep -v '^lo' | sort
find /etc/NetworkManager /run/NetworkManager/system-connections /var/lib/libvirt-network /run/libvirt-network -type f 2>/dev/null |
  grep -v /lo.nmconnection | sort | xargs -r md5sum
`;

async function newLab(test: TestContext): Promise<LabHost> {
  const lab = await startHost();
  test.onTestFinished(() => lab.end());
  startNetworkManager(lab);
  const connected = () => expect(lab.sh('nmcli -t device; ip route')).toMatch(/eno1:\w+:connected:(?:.*\n)*default/);
  await vi.waitFor(connected, { timeout: 30_000, interval: 200 });
  return lab;
}

describe('with the real NetworkManager', { concurrent: true }, () => {
  it('a bridge is tried below /run, and stored in the end', async (test) => {
    const lab = await newLab(test);
    expect(ownersOf(await observe(lab.runner), 'eno1').map(({ system }) => system)).toEqual(['networkmanager']);
    const during: string[] = [];
    await applyRendering(STATIC, WANTED, {
      runner: lab.runner,
      timeoutMs: 40_000,
      confirm: () => during.push(lab.sh('ls /etc/NetworkManager/system-connections')) > 0,
    });
    expect(during).toEqual(['eno1.nmconnection\n']);
    expect(lab.sh('nmcli -t -f NAME,FILENAME connection')).toContain(
      'br0:/etc/NetworkManager/system-connections/br0.nmconnection',
    );
    expect(lab.sh('ls /run/NetworkManager/system-connections')).not.toContain('br0');
    expect(bridgeDifferences(await observe(lab.runner), WANTED)).toEqual([]);
    expect(lab.reaches('10.77.0.1')).toBe(true);
    // What a restart leaves: files, and a NIC without anything.
    lab.sh('kill -KILL $(ps -C NetworkManager -o pid=)');
    lab.sh('ip link del br0; ip addr flush dev eno1; ip link set eno1 down; rm -rf /run/NetworkManager');
    runNetworkManager(lab);
    const later = async () => expect(bridgeDifferences(await observe(lab.runner), WANTED)).toEqual([]);
    await vi.waitFor(later, { timeout: 40_000, interval: 300 });
    expect(lab.reaches('10.77.0.1')).toBe(true);
  });

  it('a gateway that does not answer leads back, also to a profile that does not come by itself', async (test) => {
    const lab = await newLab(test);
    lab.sh('nmcli connection modify eno1 connection.autoconnect no');
    const before = lab.sh(VIEW);
    const rendering = networkManagerBridge('method=manual\naddress1=10.77.0.10/24,10.77.0.99');
    const expected = { ...WANTED, gateways: ['10.77.0.99'] };
    const error = await caught(applyRendering(rendering, expected, { runner: lab.runner, timeoutMs: 12_000 }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_VERIFY_FAILED', leftovers: [] });
    expect(lab.sh(VIEW)).toBe(before);
    expect(lab.reaches('10.77.0.1')).toBe(true);
  });

  it('no decision leads back as well', async (test) => {
    const lab = await newLab(test);
    const before = lab.sh(VIEW);
    await applyRendering(STATIC, WANTED, { runner: lab.runner, timeoutMs: 15_000, confirm: 'manual' });
    await vi.waitFor(() => expect(lab.sh('ls /run/libvirt-network/results')).not.toBe(''), { timeout: 60_000 });
    await vi.waitFor(() => expect(lab.sh(VIEW)).toBe(before), { timeout: 10_000 });
    expect(lab.reaches('10.77.0.1')).toBe(true);
  });

  it('a bridge that is removed gives the NIC back to its profile', async (test) => {
    const lab = await newLab(test);
    const before = lab.sh(VIEW);
    await applyRendering(STATIC, WANTED, { runner: lab.runner, timeoutMs: 40_000 });
    await removeHostBridge('br0', { runner: lab.runner, timeoutMs: 20_000 });
    // The routes of the bridge stay beside those of the profile until the next restart, with a higher metric.
    const view = () => lab.sh(VIEW).replace(/^.* metric 425 \n/gm, '');
    await vi.waitFor(() => expect(view()).toBe(before), { timeout: 20_000, interval: 300 });
    expect(lab.reaches('10.77.0.1')).toBe(true);
  });

  it('a connection that is moved with ip goes back with the route to its own subnet', async (test) => {
    const lab = await newLab(test);
    const before = lab.sh(VIEW);
    lab.sh('kill -STOP $(ps -C NetworkManager -o pid=)');
    const steps = [['ip', 'addr', 'flush', 'dev', 'eno1', 'scope', 'global'], ['false']];
    const rendering = { ...IFCFG, backend: 'iproute2', files: [], apply: steps } as const;
    const error = await caught(applyRendering(rendering, WANTED, { runner: stopped(lab), timeoutMs: 12_000 }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_APPLY_FAILED', leftovers: [] });
    lab.sh('kill -CONT $(ps -C NetworkManager -o pid=)');
    expect(lab.sh(VIEW)).toBe(before);
  });
});

/** nmcli would wait for a daemon that does not answer. */
const stopped = (lab: LabHost): LabHost['runner'] => ({
  ...lab.runner,
  exec: (request) =>
    lab.runner.exec({ ...request, args: request.args.map((word) => word.replace(/nmcli -t/, 'false')) }),
});
