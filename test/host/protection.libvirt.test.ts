import { describe, expect, it, type TestContext, vi } from 'vitest';
import { observe } from '../../src/host/observe/observe.js';
import { sshRunner } from '../../src/host/runner/ssh.js';
import { applyRendering } from '../../src/host/transaction/apply.js';
import type { ExecRequest } from '../../src/process/exec.js';
import { localExec } from '../../src/process/local.js';
import { type LabHost, startHost } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { EXPECTED, IPROUTE2 } from '../support/renderings.js';

needs('namespaces');

async function newLab(test: TestContext): Promise<LabHost> {
  const lab = await startHost();
  test.onTestFinished(() => lab.end());
  return lab;
}

/** A host whose first process is systemd, as far as a change can see. What is called is noted. */
const withSystemd = (lab: LabHost, status: number): string =>
  lab.sh(`
    mkdir -p /run/systemd/system
    mount -t tmpfs over /usr/local/sbin
    printf '#!/bin/sh\\necho "$*" >/run/called\\n[ ${status} = 0 ] || exit ${status}\\nwhile [ "\${1#--}" != "$1" ]; do shift; done\\nsetsid "$@" &\\n' \
      >/usr/local/sbin/systemd-run
    chmod +x /usr/local/sbin/systemd-run
  `);

describe('what guards a change', { concurrent: true }, () => {
  it('is a unit of systemd where that runs, which the end of a login does not end', async (test) => {
    const lab = await newLab(test);
    withSystemd(lab, 0);
    const agents: string[] = [];
    const confirm = () => agents.push(...lab.processes().filter((line) => line.includes('agent.sh'))) > 0;
    const { plan } = await applyRendering(IPROUTE2, EXPECTED, { runner: lab.runner, confirm });
    expect(agents).toHaveLength(1);
    expect(lab.sh('cat /run/called')).toMatch(
      /^--quiet --collect --unit=libvirt-network-[0-9a-f]{12} sh \/run\/libvirt-network\/tx-[0-9a-f]{12}\/agent\.sh /,
    );
    expect(lab.sh('cat /run/called').trim()).toMatch(new RegExp(` ${plan.timeoutMs / 1000}$`));
  });

  it('is a process of its own where systemd refuses', async (test) => {
    const lab = await newLab(test);
    withSystemd(lab, 1);
    expect((await applyRendering(IPROUTE2, EXPECTED, { runner: lab.runner })).state).toBe('committed');
    expect(lab.reaches()).toBe(true);
  });

  it('survives that everything it was started with is killed', async (test) => {
    const lab = await newLab(test);
    const before = lab.snapshot();
    const outcome = await applyRendering(IPROUTE2, EXPECTED, {
      runner: lab.runner,
      confirm: 'manual',
      timeoutMs: 3000,
    });
    expect(outcome.state).toBe('trial');
    const sessions = lab
      .sh('ps -e -o sid=,args=')
      .split('\n')
      .filter((line) => line.includes('agent.sh'));
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).toMatch(/^ *(\d+) sh .*agent\.sh/);
    // Signals that a lost terminal sends.
    lab.sh(
      'cd /run/libvirt-network/tx-*; read -r pid since <agent; for s in HUP INT QUIT PIPE; do kill -$s $pid; done',
    );
    await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: 60_000, interval: 200 });
    expect(lab.snapshot().replace(/\/run\/libvirt-network.*\n/g, '')).toBe(before);
  });

  it('takes the change back at once when the host shuts down', async (test) => {
    const lab = await newLab(test);
    const before = lab.snapshot();
    await applyRendering(IPROUTE2, EXPECTED, { runner: lab.runner, confirm: 'manual' });
    lab.sh('cd /run/libvirt-network/tx-*; read -r pid since <agent; kill -TERM $pid');
    await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: 60_000, interval: 200 });
    expect(lab.sh('readlink /run/libvirt-network/results/*')).toBe('interrupted\n');
    expect(lab.snapshot().replace(/\/run\/libvirt-network.*\n/g, '')).toBe(before);
  });

  it('is missing without setsid, and then nothing is begun', async (test) => {
    const lab = await newLab(test);
    const before = lab.snapshot();
    lab.sh('mount --bind /dev/null /usr/bin/setsid');
    const error = await caught(applyRendering(IPROUTE2, EXPECTED, { runner: lab.runner }));
    expect(error).toMatchObject({ issues: [{ code: 'HOST_UNPROTECTED' }] });
    expect(lab.snapshot()).toBe(before);
  });

  it('works over ssh, each step with a connection of its own', async (test) => {
    const lab = await newLab(test);
    let connections = 0;
    const [file = '', ...prefix] = lab.prefix;
    const exec = (request: ExecRequest) => {
      connections++;
      return localExec({ ...request, file, args: [...prefix, 'sh', '-c', request.args.at(-1) ?? ''] });
    };
    const runner = sshRunner('box', { exec });
    const outcome = await applyRendering(IPROUTE2, EXPECTED, { runner });
    expect(outcome).toMatchObject({ state: 'committed', plan: { host: 'box' } });
    expect(connections).toBeGreaterThan(5);
    expect(lab.reaches()).toBe(true);
    expect((await observe(runner)).devices.find(({ name }) => name === 'eno1')?.master).toBe('br0');
    const wrong = { ...EXPECTED, name: 'br1', gateways: ['10.77.0.99'] };
    expect(await caught(applyRendering(IPROUTE2, wrong, { runner }))).toMatchObject({ code: 'VALIDATION' });
  });
});
