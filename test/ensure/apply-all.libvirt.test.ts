import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApplyProgress, applyAll, connect, type Host, NatNetwork } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';

needs('daemon 9.0', 'daemon 11.3');

describe('three real daemons', () => {
  let daemons: Daemon[] = [];
  let hosts: Host[] = [];
  beforeAll(() => {
    daemons = [startDaemon('9.0'), startDaemon('11.3'), startDaemon('9.0')];
    hosts = daemons.map(({ uri, virsh: path }) => connect(virsh({ uri, path })));
  });
  afterAll(async () => {
    for (const host of hosts) await host.close();
    for (const daemon of daemons) daemon.stop();
  });

  it('become as wanted by one call, also when one dies midway; the rest is done by the next', {
    timeout: 300_000,
  }, async () => {
    const networks = Array.from({ length: 6 }, (_, i) =>
      NatNetwork.create(`three${i}`)
        .bridge(`br-three${i}`)
        .subnet(`10.91.${i}.1/24`, (subnet) => subnet.dhcp(`10.91.${i}.100`, `10.91.${i}.199`)),
    );
    const targets = hosts.map((host) => ({ host, networks, running: true, autostart: true }));
    const [first, , third] = hosts;
    let isDead = false;
    const onProgress = ({ host, status }: ApplyProgress) => {
      // The second daemon dies as soon as the first of its networks is done.
      if (isDead || host !== hosts[1]?.label || status !== 'changed') return;
      isDead = true;
      daemons[1]?.killLibvirt();
    };
    const report = await applyAll(targets, { perHost: 2, onProgress });
    expect(report.ok).toBe(false);
    const of = (host: Host | undefined) => report.results.filter((result) => result.host === host?.label);
    for (const host of [first, third])
      expect(of(host).map(({ status }) => status)).toEqual(networks.map(() => 'changed'));
    const there = (i: number) =>
      daemons[i]
        ?.ask('net-list', '--name')
        .split('\n')
        .filter((name) => name !== '');
    expect(there(0)).toHaveLength(6);
    daemons[1]?.startLibvirt();
    // What was reported as changed is there, whatever came of the others is not claimed.
    const claimed = of(hosts[1])
      .filter(({ status }) => status === 'changed')
      .map(({ network }) => network);
    expect(claimed.length).toBeGreaterThan(0);
    expect(of(hosts[1]).some(({ status }) => status === 'skipped')).toBe(true);
    for (const name of claimed) expect(there(1)).toContain(name);
    for (const { status, error } of of(hosts[1]))
      if (status !== 'changed') expect(error?.message).toContain(hosts[1]?.label);
    expect((await applyAll(targets)).ok).toBe(true);
    for (const i of [0, 1, 2]) expect(there(i)).toEqual(networks.map(({ name }) => name));
    expect((await applyAll(targets)).results.every(({ status }) => status === 'unchanged')).toBe(true);
  });
});
