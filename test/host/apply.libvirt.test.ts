import { describe, expect, it, type TestContext, vi } from 'vitest';
import { observe } from '../../src/host/observe/observe.js';
import { bridgeDifferences, type ExpectedBridge } from '../../src/host/plan/expected.js';
import type { Runner } from '../../src/host/runner/runner.js';
import { type ApplyRenderingOptions, applyRendering, removeHostBridge } from '../../src/host/transaction/apply.js';
import type { Rendering } from '../../src/host-bridge/render/rendering.js';
import { type LabHost, startHost } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { installIfupdown } from '../support/ifupdown.js';
import { needs } from '../support/needs.js';
import { EXPECTED, IFCFG, IFUPDOWN, IPROUTE2 } from '../support/renderings.js';

needs('namespaces', 'ifupdown');

async function newLab(test: TestContext): Promise<LabHost> {
  const lab = await startHost();
  test.onTestFinished(() => lab.end());
  return lab;
}

const apply = (lab: LabHost, rendering: Rendering, expected: ExpectedBridge, options: ApplyRenderingOptions = {}) =>
  applyRendering(rendering, expected, { runner: lab.runner, timeoutMs: 10_000, ...options });

/** A guest on the bridge: a namespace with one end of a cable. */
const ADD_GUEST = `
ip netns add guest
ip link add tap0 type veth peer name eth0 netns guest
ip link set tap0 master br0 up
ip -n guest link set lo up; ip -n guest link set eth0 up
`;

const DHCP_SERVER = `
ip netns exec lan dnsmasq --port=0 --bind-interfaces --interface=lan --no-hosts --conf-file=/dev/null --no-ping \
  --dhcp-range=10.77.0.100,10.77.0.150,1h --dhcp-option=3,10.77.0.1 \
  --dhcp-leasefile=/run/leases --pid-file=/run/dnsmasq.pid --user=root
`;

/** Asks for an address and takes it. */
const lease = (device: string): string => `
printf '#!/bin/sh\n[ "$1" = bound ] || exit 0\nip addr add $ip/$mask dev $interface valid_lft $lease preferred_lft $lease\n[ -z "$router" ] || ip route add default via $router dev $interface proto dhcp metric 100\n' >/run/take
chmod +x /run/take
busybox udhcpc -i ${device} -n -q -f -t 10 -T 1 -s /run/take
`;

describe('a bridge on a host', { concurrent: true }, () => {
  it('comes up with ports, addresses and routes, and leaves nothing else', async (test) => {
    const lab = await newLab(test);
    const before = lab.sh('find /run');
    const phases: string[] = [];
    const outcome = await apply(lab, IPROUTE2, EXPECTED, { onProgress: ({ phase }) => phases.push(phase) });
    expect(outcome.state).toBe('committed');
    expect(phases).toEqual(['planned', 'begun', 'applied', 'verified', 'committed']);
    expect(lab.reaches()).toBe(true);
    expect(bridgeDifferences(await observe(lab.runner), EXPECTED)).toEqual([]);
    expect(lab.sh('find /run')).toBe(before);
    await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: 10_000 });
  });

  it('gives a guest an address from the LAN, and the LAN reaches it', async (test) => {
    const lab = await newLab(test);
    lab.sh(DHCP_SERVER);
    await apply(lab, IPROUTE2, EXPECTED);
    lab.sh(ADD_GUEST);
    lab.sh(`ip netns exec guest sh -c '${lease('eth0').replaceAll("'", `'\\''`)}'`);
    const address = /inet (10\.77\.0\.1\d\d)/.exec(lab.sh('ip -n guest addr show dev eth0'))?.[1] ?? '';
    expect(lab.sh(`ip netns exec lan busybox ping -c 1 -W 2 ${address}`)).toContain('1 packets received');
    expect(lab.sh('ip netns exec guest busybox ping -c 1 -W 2 10.77.0.1')).toContain('1 packets received');
  });

  for (const [what, rendering] of [
    ['commands of its own', IPROUTE2],
    ['a connection that is moved', IFCFG],
  ] as const) {
    it(`keeps a TCP connection over the port alive, with ${what}`, async (test) => {
      const lab = await newLab(test);
      lab.sh(`
        (sleep 1000 | ip netns exec lan busybox nc -l -p 5000 >/run/got 2>/dev/null &) >/dev/null 2>&1
        until ip netns exec lan ss -ltn | grep -q 5000; do sleep 0.05; done
        ((i=0; while :; do echo $i; i=$((i + 1)); sleep 0.02; done) | busybox nc 10.77.0.1 5000 >/dev/null 2>&1 &) >/dev/null 2>&1
      `);
      const count = (): number => Number(lab.sh('wc -l </run/got'));
      await vi.waitFor(() => expect(count()).toBeGreaterThan(5), { timeout: 10_000 });
      await apply(lab, rendering, EXPECTED);
      const seen = count();
      await vi.waitFor(() => expect(count()).toBeGreaterThan(seen + 5), { timeout: 20_000 });
      const lines = lab.sh('head -n -1 /run/got').trim().split('\n');
      expect(lines.every((line, i) => line === String(i))).toBe(true);
    });
  }

  it('knows how it ended although the host forgets it while the state is read', async (test) => {
    const lab = await newLab(test);
    const runner: Runner = {
      ...lab.runner,
      // The host is slow: after the first line the folder of the change has been there and gone.
      exec: ({ args: [option = '', script = '', ...rest], ...request }) => {
        const slow = script.replace('if cd "$tx"', 'while [ -L "$tx/decision" ]; do sleep 0.1; done\nif cd "$tx"');
        return lab.runner.exec({ ...request, args: [option, slow, ...rest] });
      },
    };
    expect(await apply(lab, IPROUTE2, EXPECTED, { runner })).toMatchObject({ state: 'committed' });
    await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: 10_000 });
  });

  it('keeps a leased address, its default route and what is left of its time', async (test) => {
    const lab = await newLab(test);
    lab.sh(DHCP_SERVER);
    lab.sh(`ip addr flush dev eno1 scope global; ip -6 route flush dev eno1 proto static; ${lease('eno1')}`);
    const address = /inet (10\.77\.0\.1\d\d\/24)/.exec(lab.sh('ip addr show dev eno1'))?.[1] ?? '';
    const expected = { ...EXPECTED, addresses: [], gateways: [], dynamic: ['ipv4'] } as const;
    const outcome = await apply(lab, IFCFG, expected);
    expect(outcome.warnings.map(({ code }) => code)).toContain('HOST_LEASE');
    const now = lab.sh('ip addr show dev br0; ip route');
    expect(now).toContain(address);
    expect(now).toMatch(/valid_lft 3\d\d\dsec/);
    expect(now).toMatch(/default via 10\.77\.0\.1 dev br0 proto dhcp.* metric 100/);
    expect(lab.reaches('10.77.0.1')).toBe(true);
  });

  it('leaves no better route over the port, which would lead nowhere', async (test) => {
    for (const rendering of [IFCFG, IPROUTE2]) {
      const lab = await newLab(test);
      lab.sh('ip -6 route replace default via 2001:db8:77::1 dev eno1 metric 5 proto ra expires 1800');
      await apply(lab, rendering, EXPECTED);
      expect(lab.sh('ip -6 route show default')).not.toContain('eno1');
      expect(lab.reaches()).toBe(true);
    }
  });

  it('with STP waits until it forwards', async (test) => {
    const lab = await newLab(test);
    const apply2 = IPROUTE2.apply.map((command) =>
      command.map((word, i) =>
        command[i - 1] === 'stp_state' ? '1' : command[i - 1] === 'forward_delay' ? '200' : word,
      ),
    );
    const expected = { ...EXPECTED, stp: true, forwardDelay: 2 };
    const outcome = await apply(lab, { ...IPROUTE2, apply: apply2 }, expected, { timeoutMs: 20_000 });
    expect(outcome.warnings).toContainEqual(expect.objectContaining({ code: 'HOST_STP_DELAY' }));
    expect(lab.reaches()).toBe(true);
  });

  it('is only planned on a dry run, with steps, files and warnings', async (test) => {
    const lab = await newLab(test);
    const before = lab.snapshot();
    const { state, plan } = await apply(lab, IFCFG, EXPECTED, { dryRun: true });
    expect(state).toBe('planned');
    expect(plan.steps[0]).toEqual('ip link add name br0 type bridge stp_state 0 forward_delay 0'.split(' '));
    expect(plan.files.map(({ path }) => path)).toEqual([
      '/etc/sysconfig/network-scripts/ifcfg-br0',
      '/etc/sysconfig/network-scripts/ifcfg-eno1',
      '/var/lib/libvirt-network/br0.json',
    ]);
    expect(plan.inverse.map((command) => command.join(' '))).toContain(
      'ip addr replace 10.77.0.11/24 dev eno1 label eno1',
    );
    expect(lab.snapshot()).toBe(before);
  });

  it('is refused when the host is not what it was when the plan was shown', async (test) => {
    const lab = await newLab(test);
    const { plan } = await apply(lab, IPROUTE2, EXPECTED, { dryRun: true });
    lab.sh('ip addr add 10.77.0.12/24 dev eno1');
    expect(await caught(apply(lab, IPROUTE2, EXPECTED, { plan }))).toMatchObject({ code: 'HOST_BRIDGE_STALE_PLAN' });
    expect((await apply(lab, IPROUTE2, EXPECTED)).state).toBe('committed');
  });

  it('can be applied again, and changed', async (test) => {
    const lab = await newLab(test);
    await apply(lab, IPROUTE2, EXPECTED);
    const steps = ['ip addr add 10.77.0.20/24 dev br0'.split(' ')];
    const expected = { ...EXPECTED, addresses: [...EXPECTED.addresses, '10.77.0.20/24'] };
    await apply(lab, { ...IPROUTE2, apply: steps }, expected);
    const before = lab.sh('ip addr show dev br0 scope global; ip route; ip -6 route; ip -o link show master br0');
    const wrong = {
      ...IPROUTE2,
      apply: [...steps.map((step) => [...step.slice(0, 3), '10.77.0.21/24', 'dev', 'br0']), ['false']],
    };
    expect(await caught(apply(lab, { ...wrong, revert: [] }, expected))).toMatchObject({ leftovers: [] });
    expect(lab.sh('ip addr show dev br0 scope global; ip route; ip -6 route; ip -o link show master br0')).toBe(before);
  });

  it('may be larger than an argument', async (test) => {
    const lab = await newLab(test);
    const content = `${'# a line of a long file\n'.repeat(20_000)}`;
    const files = [{ path: '/etc/long', mode: 0o644, owner: 'root:root', content }];
    await apply(lab, { ...IPROUTE2, files }, EXPECTED);
    expect(lab.sh('wc -c </etc/long').trim()).toBe(String(content.length));
  });

  it('does not run what hostile values say', async (test) => {
    const lab = await newLab(test);
    const nasty = `/etc/network/a b'$(touch owned);\`touch owned\`"\\`;
    const content = `$(touch /run/owned)\n'"\`touch /run/owned\`\n\\x\n\tEOF\n%s%n`;
    const rendering: Rendering = {
      ...IPROUTE2,
      files: [{ path: nasty, mode: 0o640, owner: 'root:root', content }],
      apply: [...IPROUTE2.apply, ['true', `';touch /run/owned;'`, '$(touch /run/owned)', '\n touch /run/owned\n']],
    };
    await apply(lab, rendering, EXPECTED);
    const outside = ['/etc/network/x$(touch /run/owned)', "/etc/network/y'"];
    for (const path of outside) {
      const other = {
        ...rendering,
        files: [{ path, mode: 0o600, owner: `root:$(touch /run/owned)`, content }],
        apply: [],
      };
      expect(await caught(apply(lab, other, EXPECTED))).toMatchObject({ code: 'HOST_BRIDGE_APPLY_FAILED' });
    }
    expect(lab.sh('ls /run; ls /etc/network').split('\n')).not.toContain('owned');
    expect(lab.sh(`cd /etc/network; stat -c %a *; cat *; printf .`)).toBe(`640\n${content}.`);
  });
});

describe('files that are there already', { concurrent: true }, () => {
  it('and are somebody else’s are never replaced, and with force are kept', async (test) => {
    const lab = await newLab(test);
    lab.sh(
      'mkdir -p /etc/sysconfig/network-scripts; echo mine >/etc/sysconfig/network-scripts/ifcfg-br0; chmod 640 /etc/sysconfig/network-scripts/ifcfg-br0',
    );
    const before = lab.snapshot();
    const error = await caught(apply(lab, IFCFG, EXPECTED));
    expect(error).toMatchObject({ code: 'VALIDATION', issues: [{ code: 'HOST_FILE_EXISTS', path: 'files[0]' }] });
    expect(lab.snapshot()).toBe(before);
    const { plan } = await apply(lab, IFCFG, EXPECTED, { force: true });
    const backup = plan.files[0]?.backup ?? '';
    expect(plan.files[0]).toMatchObject({ before: 'mine\n', after: IFCFG.files[0]?.content });
    expect(lab.sh(`cat ${backup}; stat -c %a ${backup} /etc/sysconfig/network-scripts/ifcfg-br0`)).toBe(
      'mine\n640\n644\n',
    );
    await removeHostBridge('br0', { runner: lab.runner });
    expect(
      lab.sh('cat /etc/sysconfig/network-scripts/ifcfg-br0; stat -c %a /etc/sysconfig/network-scripts/ifcfg-br0'),
    ).toBe('mine\n640\n');
    expect(lab.sh('find /var/lib/libvirt-network 2>/dev/null || :')).toBe('');
  });

  it('and are ours are replaced, unless somebody has changed them', async (test) => {
    const lab = await newLab(test);
    await apply(lab, IFCFG, EXPECTED);
    const [file, port] = IFCFG.files;
    if (file === undefined || port === undefined) throw new Error('there is no file');
    const newer = { ...IFCFG, files: [{ ...file, content: `${file.content}# newer\n` }, port] };
    const moved = { ...EXPECTED, addresses: ['10.77.0.30/24', '2001:db8:77::10/64'] };
    await apply(lab, newer, moved);
    expect(lab.sh('ip -4 addr show dev br0')).not.toContain('10.77.0.10');
    expect(lab.sh('tail -n 1 /etc/sysconfig/network-scripts/ifcfg-br0')).toBe('# newer\n');
    lab.sh('echo "# by hand" >>/etc/sysconfig/network-scripts/ifcfg-br0');
    expect(await caught(apply(lab, IFCFG, EXPECTED))).toMatchObject({ issues: [{ code: 'HOST_FILE_EXISTS' }] });
    const removal = removeHostBridge('br0', { runner: lab.runner });
    expect(await caught(removal)).toMatchObject({ issues: [{ code: 'HOST_FILE_CHANGED' }] });
  });
});

describe('removing a bridge', { concurrent: true }, () => {
  it('gives the port its addresses and routes back, and takes the files away', async (test) => {
    const lab = await newLab(test);
    lab.sh('ip addr del 10.77.0.11/24 dev eno1; ip route flush table 77; ip route del 10.99.0.0/16');
    const view =
      'ip addr show dev eno1 scope global | sed 1d; ip route show default | sed "s/ metric.*//"; ip -6 route show default';
    const before = lab.sh(view).replace(/ (?:proto static|pref medium|metric 1024)| +$/gm, '');
    await apply(lab, IFCFG, EXPECTED);
    expect(lab.reaches()).toBe(true);
    const outcome = await removeHostBridge('br0', { runner: lab.runner });
    expect(outcome.state).toBe('committed');
    expect(lab.sh(view).replace(/ (?:proto static|pref medium|metric 1024)| +$/gm, '')).toBe(before);
    expect(lab.sh('ip link')).not.toContain('br0');
    expect(lab.sh('find /etc/sysconfig /var/lib /run/libvirt-network -type f 2>/dev/null || :')).toBe('');
    expect(lab.reaches()).toBe(true);
  });

  it('is refused while guests are attached, and for bridges of others', async (test) => {
    const lab = await newLab(test);
    await apply(lab, IPROUTE2, EXPECTED);
    lab.sh(ADD_GUEST);
    lab.sh('ip link add docker0 type bridge');
    const before = lab.snapshot();
    const error = await caught(removeHostBridge('br0', { runner: lab.runner }));
    expect(error).toMatchObject({ code: 'VALIDATION', issues: [{ code: 'HOST_BRIDGE_GUESTS' }] });
    expect(String(error)).toContain('tap0');
    const other = await caught(removeHostBridge('docker0', { runner: lab.runner }));
    expect(other).toMatchObject({ issues: [{ code: 'HOST_BRIDGE_FOREIGN' }] });
    const none = await caught(removeHostBridge('br7', { runner: lab.runner }));
    expect(none).toMatchObject({ issues: [{ code: 'HOST_BRIDGE_MISSING' }] });
    expect(await caught(removeHostBridge('../x', { runner: lab.runner }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(lab.snapshot()).toBe(before);
  });

  it('is taken back when the gateway does not answer over the port', async (test) => {
    const lab = await newLab(test);
    await apply(lab, IPROUTE2, EXPECTED);
    const view = 'ip -o link show master br0; ip addr show br0 scope global | sed 1d; ip route; ip -6 route';
    const before = lab.sh(view);
    const exec: typeof lab.runner.exec = async (request) => {
      // The gateway goes away in the moment in which the change begins.
      if (request.args[1]?.includes('given_up') === true) lab.sh('ip -n lan addr flush dev lan');
      return lab.runner.exec(request);
    };
    const runner = { ...lab.runner, exec };
    const error = await caught(removeHostBridge('br0', { runner, timeoutMs: 20_000 }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_VERIFY_FAILED', leftovers: [] });
    expect(String(error)).toContain('10.77.0.1 does not answer over eno1; 2001:db8:77::1 does not answer over eno1');
    expect(lab.sh(view)).toBe(before);
  });

  it('is taken back like any change', async (test) => {
    const lab = await newLab(test);
    await apply(lab, IPROUTE2, EXPECTED);
    await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: 10_000 });
    const before = lab.snapshot();
    const error = await caught(removeHostBridge('br0', { runner: lab.runner, confirm: () => false }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_ROLLED_BACK', leftovers: [] });
    expect(lab.snapshot()).toBe(before);
    expect(lab.reaches()).toBe(true);
  });
});

describe('with the real ifupdown', { concurrent: true }, () => {
  const nic = {
    path: '/etc/network/interfaces.d/eno1',
    mode: 0o644,
    owner: 'root:root',
    content: '# its bridge has it\n',
  };
  const rendering = { ...IFUPDOWN, files: [...IFUPDOWN.files, nic] };

  it('what was tried is what comes up after a restart', async (test) => {
    const lab = await newLab(test);
    installIfupdown(lab);
    await apply(lab, rendering, EXPECTED, { force: true });
    expect(bridgeDifferences(await observe(lab.runner), EXPECTED)).toEqual([]);
    // What a restart leaves: files, and a NIC without anything.
    lab.sh('ip link del br0; ip addr flush dev eno1; ip link set eno1 down; rm -rf /run/network; mkdir /run/network');
    lab.sh('ifup -a >/run/ifup.log 2>&1');
    expect(bridgeDifferences(await observe(lab.runner), EXPECTED)).toEqual([]);
    expect(lab.reaches()).toBe(true);
    lab.sh(ADD_GUEST);
    lab.sh('ip -n guest addr add 10.77.0.50/24 dev eth0');
    expect(lab.sh('ip netns exec lan busybox ping -c 1 -W 2 10.77.0.50')).toContain('1 packets received');
  });

  it('a restart in the middle is a way back', async (test) => {
    const lab = await newLab(test);
    installIfupdown(lab);
    const files = lab.sh('find /etc/network /var/lib -type f | xargs md5sum');
    const outcome = await apply(lab, rendering, EXPECTED, { force: true, confirm: 'manual', timeoutMs: 60_000 });
    expect(outcome.state).toBe('trial');
    // A restart ends all processes and empties /run.
    lab.sh('cd /run/libvirt-network/tx-* && read -r pid since <agent; kill -KILL $pid');
    lab.sh('rm -rf /run/libvirt-network; ip link del br0; ip addr flush dev eno1; ip link set eno1 down');
    expect(lab.sh('find /etc/network /var/lib -type f | xargs md5sum')).toBe(files);
    lab.sh('ifup -a >/run/ifup.log 2>&1');
    expect(lab.sh('ip -o addr show dev eno1')).toContain('10.77.0.10/24');
    expect(lab.reaches()).toBe(true);
  });
});
