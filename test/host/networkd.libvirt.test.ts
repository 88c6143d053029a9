import { describe, expect, it, type TestContext, vi } from 'vitest';
import { observe } from '../../src/host/observe/observe.js';
import { ownersOf } from '../../src/host/observe/owners.js';
import { bridgeDifferences } from '../../src/host/plan/expected.js';
import { applyRendering, removeHostBridge } from '../../src/host/transaction/apply.js';
import { type LabHost, startHost } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { networkdBridge, runNetworkd, startNetworkd } from '../support/networkd.js';
import { EXPECTED, IFUPDOWN } from '../support/renderings.js';

needs('namespaces', 'systemd-networkd');

const STATIC = networkdBridge(['Address=10.77.0.10/24', 'Gateway=10.77.0.1']);
const WANTED = { ...EXPECTED, addresses: ['10.77.0.10/24'], gateways: ['10.77.0.1'] };

/** Addresses, routes and files; what the daemon notes for itself is left out. */
const VIEW = `
ip -o link show | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/ state [A-Z]*//'
ip -o addr show scope global | sed 's/^[0-9]*: //'; ip route
find /etc/systemd/network /run/systemd/network /var/lib /run/libvirt-network -type f 2>/dev/null | sort | xargs -r md5sum
`;

async function newLab(test: TestContext): Promise<LabHost> {
  const lab = await startHost();
  test.onTestFinished(() => lab.end());
  startNetworkd(lab);
  await vi.waitFor(() => expect(lab.sh('networkctl list; ip route')).toMatch(/eno1 .* configured\n(?:.*\n)*default/), {
    timeout: 20_000,
  });
  return lab;
}

describe('with the real systemd-networkd', { concurrent: true }, () => {
  it('a bridge is tried below /run, and stored in the end', async (test) => {
    const lab = await newLab(test);
    expect(ownersOf(await observe(lab.runner), 'eno1').map(({ system }) => system)).toEqual(['networkd']);
    const during: string[] = [];
    await applyRendering(STATIC, WANTED, {
      runner: lab.runner,
      timeoutMs: 20_000,
      confirm: () => during.push(lab.sh('ls /run/systemd/network /etc/systemd/network')) > 0,
    });
    expect(during.join()).toBe(
      '/etc/systemd/network:\n20-eno1.network\n\n/run/systemd/network:\n05-br0-port-eno1.network\n05-br0.netdev\n05-br0.network\n',
    );
    expect(lab.sh('ls /run/systemd/network; ls /etc/systemd/network')).toBe(
      '05-br0-port-eno1.network\n05-br0.netdev\n05-br0.network\n20-eno1.network\n',
    );
    expect(bridgeDifferences(await observe(lab.runner), WANTED)).toEqual([]);
    expect(lab.reaches('10.77.0.1')).toBe(true);
    // What a restart leaves: files, and a NIC without anything.
    lab.sh('kill $(ps -C systemd-network -o pid=)');
    lab.sh('ip link del br0; ip addr flush dev eno1; ip link set eno1 down');
    runNetworkd(lab);
    const later = async () => expect(bridgeDifferences(await observe(lab.runner), WANTED)).toEqual([]);
    await vi.waitFor(later, { timeout: 20_000, interval: 300 });
    expect(lab.reaches('10.77.0.1')).toBe(true);
  });

  it('a bridge gets its address from the LAN', async (test) => {
    const lab = await newLab(test);
    lab.sh(`ip netns exec lan dnsmasq --port=0 --bind-interfaces --interface=lan --no-hosts --conf-file=/dev/null --no-ping \
      --dhcp-range=10.77.0.100,10.77.0.150,1h --dhcp-leasefile=/run/leases --pid-file=/run/dnsmasq.pid --user=root`);
    const expected = { ...WANTED, addresses: [], gateways: ['10.77.0.1'], dynamic: ['ipv4'] } as const;
    const rendering = networkdBridge(['DHCP=ipv4', '[DHCPv4]', 'ClientIdentifier=mac']);
    const outcome = await applyRendering(rendering, expected, { runner: lab.runner, timeoutMs: 30_000 });
    expect(outcome.state).toBe('committed');
    expect(lab.sh('ip -o -4 addr show dev br0')).toMatch(/10\.77\.0\.1\d\d\/24/);
  });

  it('a gateway that does not answer leads back to what was there', async (test) => {
    const lab = await newLab(test);
    const before = lab.sh(VIEW);
    const rendering = networkdBridge(['Address=10.77.0.10/24', 'Gateway=10.77.0.99']);
    const expected = { ...WANTED, gateways: ['10.77.0.99'] };
    const error = await caught(applyRendering(rendering, expected, { runner: lab.runner, timeoutMs: 12_000 }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_VERIFY_FAILED', leftovers: [] });
    expect(lab.sh(VIEW)).toBe(before);
    expect(lab.reaches('10.77.0.1')).toBe(true);
  });

  it('no decision leads back as well, with addresses that somebody has added by hand', async (test) => {
    const lab = await newLab(test);
    lab.sh('ip addr add 10.77.0.12/24 dev eno1');
    const before = lab.sh(VIEW);
    await applyRendering(STATIC, WANTED, { runner: lab.runner, timeoutMs: 5000, confirm: 'manual' });
    await vi.waitFor(() => expect(lab.sh('ls /run/libvirt-network/results')).not.toBe(''), { timeout: 30_000 });
    await vi.waitFor(() => expect(lab.sh(VIEW)).toBe(before), { timeout: 10_000 });
    expect(lab.reaches('10.77.0.1')).toBe(true);
  });

  it('a bridge that is removed gives the NIC back to its file', async (test) => {
    const lab = await newLab(test);
    lab.sh('networkctl reload');
    const before = lab.sh(VIEW);
    await applyRendering(STATIC, WANTED, { runner: lab.runner, timeoutMs: 20_000 });
    await removeHostBridge('br0', { runner: lab.runner, timeoutMs: 20_000 });
    await vi.waitFor(() => expect(lab.sh(VIEW)).toBe(before), { timeout: 20_000, interval: 300 });
    expect(lab.reaches('10.77.0.1')).toBe(true);
  });

  it('files of another system are refused', async (test) => {
    const lab = await newLab(test);
    lab.sh('mount -t tmpfs over /usr/local/sbin; ln -s /bin/true /usr/local/sbin/ifup');
    const error = await caught(applyRendering(IFUPDOWN, EXPECTED, { runner: lab.runner }));
    expect(error).toMatchObject({ issues: [{ code: 'HOST_BACKEND_OTHER', hint: 'use networkd' }] });
  });
});
