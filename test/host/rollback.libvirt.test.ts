import { describe, expect, it, type TestContext, vi } from 'vitest';
import { HostBridgeError, TransportError } from '../../src/errors/index.js';
import type { ExpectedBridge } from '../../src/host/plan/expected.js';
import type { Runner } from '../../src/host/runner/runner.js';
import { type ApplyRenderingOptions, applyRendering, removeHostBridge } from '../../src/host/transaction/apply.js';
import { pending } from '../../src/host/transaction/pending.js';
import type { Outcome } from '../../src/host/transaction/run-transaction.js';
import type { Rendering } from '../../src/host-bridge/render/rendering.js';
import type { ExecRequest } from '../../src/process/exec.js';
import { type LabHost, startHost } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { killedProgram } from '../support/killed-program.js';
import { needs } from '../support/needs.js';
import { EXPECTED, IFCFG, IPROUTE2 } from '../support/renderings.js';

needs('namespaces');

/** A host and what it was like at first. */
async function newLab(test: TestContext): Promise<{ readonly lab: LabHost; readonly untouched: () => Promise<void> }> {
  const lab = await startHost();
  test.onTestFinished(() => lab.end());
  const before = lab.snapshot();
  const untouched = async () => {
    await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: 30_000 });
    expect(lab.snapshot()).toBe(before);
    expect(lab.reaches()).toBe(true);
  };
  return { lab, untouched };
}

const apply = (lab: LabHost, rendering: Rendering, expected: ExpectedBridge, options: ApplyRenderingOptions = {}) =>
  applyRendering(rendering, expected, { runner: lab.runner, timeoutMs: 15_000, ...options });

/** A runner that does something before each request. */
const meddling = (runner: Runner, meddle: (request: ExecRequest) => void): Runner => ({
  ...runner,
  exec: async (request) => {
    meddle(request);
    return runner.exec(request);
  },
});
const scriptOf = ({ input, args }: ExecRequest): string => input ?? args[1] ?? '';
const begins = (request: ExecRequest): boolean => scriptOf(request).includes('given_up');
const decides = (request: ExecRequest): boolean => scriptOf(request).includes('ln -s "$3" decision');

/** Applies the bridge in a program of its own that is killed at a step, and says by what it was ended. */
const killedAt = (step: string, gateway: string, { prefix }: LabHost): Promise<string | null> =>
  killedProgram('apply-process', step, gateway, ...prefix);

const withGateway = (gateway: string): Rendering => ({
  ...IPROUTE2,
  apply: IPROUTE2.apply.map((command) => command.map((word) => (word === '10.77.0.1' ? gateway : word))),
});

describe('everything is as it was', { concurrent: true }, () => {
  it('after a gateway that does not answer', async (test) => {
    const { lab, untouched } = await newLab(test);
    const expected = { ...EXPECTED, gateways: ['10.77.0.99'] };
    const error = await caught(apply(lab, withGateway('10.77.0.99'), expected));
    expect(error).toBeInstanceOf(HostBridgeError);
    expect(error).toMatchObject({
      code: 'HOST_BRIDGE_VERIFY_FAILED',
      leftovers: [],
    });
    expect(String(error)).toContain('10.77.0.99 does not answer over br0; everything is as it was');
    await untouched();
  });

  it('after a gateway that is in no subnet', async (test) => {
    const { lab, untouched } = await newLab(test);
    const expected = { ...EXPECTED, gateways: ['10.66.0.1'] };
    const error = await caught(apply(lab, withGateway('10.66.0.1'), expected));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_APPLY_FAILED', leftovers: [] });
    expect(String(error)).toMatch(/'10\.66\.0\.1'.*status 2.*Nexthop has invalid gateway/);
    await untouched();
  });

  it('after a port that is not there, which is refused before anything is done', async (test) => {
    const { lab, untouched } = await newLab(test);
    const error = await caught(apply(lab, IPROUTE2, { ...EXPECTED, ports: ['eno9'] }));
    expect(error).toMatchObject({ code: 'VALIDATION', issues: [{ code: 'HOST_PORT_MISSING', path: 'ports[0]' }] });
    await untouched();
  });

  it('after a port that vanishes in the last moment', async (test) => {
    const { lab } = await newLab(test);
    lab.sh('ip link add eno2 type veth peer name other');
    const before = lab.snapshot();
    const runner = meddling(lab.runner, (request) => {
      if (begins(request)) lab.sh('ip link del eno2');
    });
    const rendering = {
      ...IPROUTE2,
      apply: [...IPROUTE2.apply, ['ip', 'link', 'set', 'dev', 'eno2', 'master', 'br0']],
    };
    const error = await caught(apply(lab, rendering, { ...EXPECTED, ports: ['eno1', 'eno2'] }, { runner }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_APPLY_FAILED', message: expect.stringContaining('eno2') });
    lab.sh('ip link add eno2 type veth peer name other');
    const stable = (text: string) => text.replaceAll(/link\/ether \S+/g, '');
    expect(stable(lab.snapshot())).toBe(stable(before));
    expect(lab.reaches()).toBe(true);
  });

  for (const [i, command] of IPROUTE2.apply.entries()) {
    it(`after a failure in place of: ${command.join(' ')}`, async (test) => {
      const { lab, untouched } = await newLab(test);
      const steps = IPROUTE2.apply.map((step, j) => (i === j ? ['sh', '-c', 'echo "no such luck" >&2; exit 3'] : step));
      const error = await caught(apply(lab, { ...IPROUTE2, apply: steps }, EXPECTED));
      expect(error).toMatchObject({ code: 'HOST_BRIDGE_APPLY_FAILED', leftovers: [] });
      expect(String(error)).toMatch(/status 3\) failed: no such luck/);
      await untouched();
    });
  }

  it('after a command that never ends, which is ended', async (test) => {
    const { lab, untouched } = await newLab(test);
    const rendering = { ...IPROUTE2, apply: [...IPROUTE2.apply.slice(0, 5), ['sleep', '1001']] };
    const error = await caught(apply(lab, rendering, EXPECTED, { timeoutMs: 2000 }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_ROLLED_BACK', leftovers: [] });
    await untouched();
  });

  it('when there is no room for the state of the change', async (test) => {
    const { lab, untouched } = await newLab(test);
    const runner = meddling(lab.runner, (request) => {
      if (begins(request)) lab.sh('dd if=/dev/zero of=/run/full bs=64k 2>/dev/null || :');
    });
    const error = await caught(apply(lab, IPROUTE2, EXPECTED, { runner }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_NOT_BEGUN' });
    lab.sh('rm /run/full');
    await untouched();
  });

  for (const [what, folder] of [
    ['the files', '/etc/sysconfig/network-scripts'],
    ['the record', '/var/lib'],
  ] as const) {
    it(`when there is no room for ${what} in the end`, async (test) => {
      const { lab } = await newLab(test);
      lab.sh(`mkdir -p ${folder} && mount -t tmpfs -o size=64k small ${folder}`);
      if (what === 'the record') lab.sh('mkdir -p /etc/sysconfig/network-scripts');
      const before = lab.snapshot();
      const confirm = () => {
        lab.sh(`dd if=/dev/zero of=${folder}/full bs=4k 2>/dev/null || :`);
        return true;
      };
      const error = await caught(apply(lab, IFCFG, EXPECTED, { confirm }));
      expect(error).toMatchObject({ code: 'HOST_BRIDGE_PERSIST_FAILED', leftovers: [] });
      expect(String(error)).toMatch(/No space left/);
      lab.sh(`rm ${folder}/full`);
      await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: 30_000 });
      expect(lab.snapshot()).toBe(before);
      expect(lab.reaches()).toBe(true);
    });
  }

  it('when the caller says no', async (test) => {
    const { lab, untouched } = await newLab(test);
    const error = await caught(apply(lab, IPROUTE2, EXPECTED, { confirm: () => false }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_ROLLED_BACK', message: expect.stringContaining('not confirmed') });
    await untouched();
  });

  it('when the caller gives up at any step, with its own reason', async (test) => {
    for (const step of ['begun', 'applied', 'verified']) {
      const { lab, untouched } = await newLab(test);
      const abort = new AbortController();
      const reason = new Error('enough');
      const onProgress = ({ phase }: { readonly phase: string }) => {
        if (phase === step) abort.abort(reason);
      };
      const confirm = () => {
        abort.signal.throwIfAborted();
        return true;
      };
      const call = apply(lab, IPROUTE2, EXPECTED, { signal: abort.signal, onProgress, confirm });
      expect(await caught(call), step).toBe(reason);
      await untouched();
    }
  });

  for (const step of ['planned', 'beginning', 'begun', 'applied', 'verified']) {
    for (const gateway of ['10.77.0.1', '10.77.0.99']) {
      if (step === 'verified' && gateway === '10.77.0.99') continue;
      it(`when the caller is killed at the step "${step}", with the gateway ${gateway}`, async (test) => {
        const { lab } = await newLab(test);
        const before = lab.snapshot();
        expect(await killedAt(step, gateway, lab)).toBe('SIGKILL');
        await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: 60_000, interval: 200 });
        // As it is a minute later: until then nobody knows whether a folder without a process is still being filled.
        if (step === 'beginning')
          lab.sh('for new in /run/libvirt-network/new-*; do [ ! -d $new ] || touch -d @0 $new; done');
        const changes = await pending({ runner: lab.runner });
        const ended = changes.map(({ state }) => state);
        // In the middle of the beginning there may be a change already, or none yet.
        if (step !== 'beginning') expect(ended).toEqual(step === 'planned' ? [] : ['rolled-back']);
        expect(ended.filter((state) => state !== 'rolled-back')).toEqual([]);
        expect(lab.snapshot()).toBe(before);
        expect(lab.reaches()).toBe(true);
        expect(await pending({ runner: lab.runner })).toEqual([]);
      });
    }
  }

  for (const step of ['begun', 'applied', 'verified']) {
    it(`when the connection is cut at the step "${step}" for longer than the time`, async (test) => {
      const { lab, untouched } = await newLab(test);
      let cut = false;
      const runner: Runner = {
        ...lab.runner,
        exec: async (request) => {
          // Back again when the host has helped itself.
          if (cut && lab.sh('ls /run/libvirt-network/results') !== '') cut = false;
          if (cut) throw new TransportError('SSH_FAILED', 'cannot reach lab by ssh: No route to host');
          return lab.runner.exec(request);
        },
      };
      const onProgress = ({ phase }: { readonly phase: string }) => {
        if (phase === step) cut = true;
      };
      const error = await caught(apply(lab, IPROUTE2, EXPECTED, { runner, onProgress, timeoutMs: 2000 }));
      expect(error).toMatchObject({ leftovers: [], code: 'HOST_BRIDGE_ROLLED_BACK' });
      await untouched();
    });
  }

  it('when the connection is lost while the change begins, before or after the host has heard of it', async (test) => {
    for (const isHeard of [false, true]) {
      const { lab, untouched } = await newLab(test);
      const exec = async (request: ExecRequest) => {
        if (!begins(request)) return lab.runner.exec(request);
        if (isHeard) await lab.runner.exec(request);
        throw new TransportError('SSH_FAILED', 'cannot reach lab by ssh: Connection reset');
      };
      const runner = { ...lab.runner, exec };
      const error = await caught(apply(lab, IPROUTE2, EXPECTED, { runner, timeoutMs: 600_000 }));
      expect(error).toMatchObject({ code: 'SSH_FAILED' });
      await untouched();
    }
  });

  it('when its process on the host is killed in the middle', async (test) => {
    const { lab, untouched } = await newLab(test);
    const rendering = {
      ...IPROUTE2,
      apply: [...IPROUTE2.apply.slice(0, 5), ['sleep', '1001'], ['touch', '/etc/late']],
    };
    const kill = () => lab.sh('cd /run/libvirt-network/tx-*; read -r pid since <agent; kill -KILL $pid');
    const onProgress = ({ phase }: { readonly phase: string }) => phase === 'begun' && kill();
    const error = await caught(apply(lab, rendering, EXPECTED, { onProgress, timeoutMs: 30_000 }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_ROLLED_BACK', leftovers: [] });
    await untouched();
  });

  it('when its process on the host is killed, as soon as somebody decides', async (test) => {
    const { lab, untouched } = await newLab(test);
    const outcome = await apply(lab, IPROUTE2, EXPECTED, { confirm: 'manual' });
    expect(outcome.state).toBe('trial');
    lab.sh('cd /run/libvirt-network/tx-*; read -r pid since <agent; kill -KILL $pid');
    const [change] = await pending({ runner: lab.runner });
    expect(change).toMatchObject({ state: 'orphaned', bridge: 'br0' });
    expect(await change?.rollback()).toBe('rolled-back');
    await untouched();
  });
});

describe('a decision', { concurrent: true }, () => {
  const onTrial = async (lab: LabHost, options: ApplyRenderingOptions = {}) => {
    const outcome: Outcome = await apply(lab, IPROUTE2, EXPECTED, { confirm: 'manual', ...options });
    if (outcome.state !== 'trial') throw new Error('there is no trial');
    return outcome.trial;
  };

  it('that comes too late is reported, and changes nothing', async (test) => {
    const { lab, untouched } = await newLab(test);
    const trial = await onTrial(lab, { timeoutMs: 5000 });
    await vi.waitFor(() => expect(lab.sh('ip link')).not.toContain('br0'), { timeout: 20_000, interval: 200 });
    expect(await caught(trial.commit())).toMatchObject({ code: 'HOST_BRIDGE_ROLLED_BACK', leftovers: [] });
    await untouched();
  });

  it('that comes much too late, when all is forgotten, is reported as well', async (test) => {
    const { lab, untouched } = await newLab(test);
    const trial = await onTrial(lab, { timeoutMs: 5000 });
    await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: 60_000, interval: 200 });
    await pending({ runner: lab.runner });
    expect(await caught(trial.commit())).toMatchObject({ code: 'HOST_BRIDGE_UNDECIDED', leftovers: [] });
    await untouched();
  });

  it('against the change takes it back at once', async (test) => {
    const { lab, untouched } = await newLab(test);
    const trial = await onTrial(lab);
    await trial.rollback();
    await untouched();
  });

  it('is made once: of two the first counts', async (test) => {
    const { lab, untouched } = await newLab(test);
    let decided = 0;
    const exec = async (request: ExecRequest) => {
      const result = await lab.runner.exec(request);
      if (decides(request)) decided++;
      return result;
    };
    const trial = await onTrial(lab, { runner: { ...lab.runner, exec } });
    const agent = (signal: string) =>
      lab.sh(`cd /run/libvirt-network/tx-*; read -r pid since <agent; kill -${signal} $pid`);
    // Both decisions are there before the host looks.
    agent('STOP');
    const first = caught(trial.rollback());
    await vi.waitFor(() => expect(decided).toBe(1), { timeout: 10_000 });
    const second = caught(trial.commit());
    await vi.waitFor(() => expect(decided).toBe(2), { timeout: 10_000 });
    agent('CONT');
    expect(await first).toBe(undefined);
    expect(await second).toMatchObject({ code: 'HOST_BRIDGE_ROLLED_BACK', leftovers: [] });
    await untouched();
  });

  it('needs no room on the disk of the caller', async (test) => {
    const { lab } = await newLab(test);
    expect(await killedAt('no room', '10.77.0.1', lab)).toBe(null);
    expect(lab.sh('ip -o link show master br0')).toContain('eno1');
    expect(await pending({ runner: lab.runner })).toEqual([]);
  });

  it('that reaches the host counts although the caller is killed before the answer', async (test) => {
    const { lab } = await newLab(test);
    expect(await killedAt('deciding', '10.77.0.1', lab)).toBe('SIGKILL');
    await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: 60_000, interval: 200 });
    const [change] = await pending({ runner: lab.runner });
    expect(change?.state).toBe('committed');
    expect(lab.sh('ip -o link show master br0')).toContain('eno1');
    expect(lab.reaches()).toBe(true);
  });

  it('can be made after a restart of the caller', async (test) => {
    const { lab } = await newLab(test);
    await onTrial(lab);
    const [change] = await pending({ runner: lab.runner });
    expect(change).toMatchObject({ state: 'trial', bridge: 'br0', action: 'apply' });
    expect(await change?.commit()).toBe('committed');
    expect(lab.sh('ip -o link show master br0')).toContain('eno1');
    expect(await pending({ runner: lab.runner })).toEqual([]);
  });

  it('that nobody can hear of is left to the host', async (test) => {
    const { lab, untouched } = await newLab(test);
    let cut = false;
    const runner: Runner = {
      ...lab.runner,
      exec: async (request) => {
        if (decides(request)) cut = true;
        if (cut) throw new TransportError('SSH_FAILED', 'cannot reach lab by ssh: No route to host');
        return lab.runner.exec(request);
      },
    };
    const error = await caught(apply(lab, IPROUTE2, EXPECTED, { runner, timeoutMs: 3000 }));
    expect(error).toMatchObject({ code: 'HOST_BRIDGE_UNDECIDED' });
    expect((await pending({ runner: lab.runner })).map(({ state }) => state)).toEqual(['rolled-back']);
    await untouched();
  });

  it('is waited for: a second change is refused meanwhile', async (test) => {
    const { lab, untouched } = await newLab(test);
    const trial = await onTrial(lab, { timeoutMs: 30_000 });
    const other = { ...EXPECTED, name: 'br1', ports: [], addresses: [], gateways: [] };
    const rendering = { ...IPROUTE2, apply: [['ip', 'link', 'add', 'name', 'br1', 'type', 'bridge']] };
    expect(await caught(apply(lab, rendering, other))).toMatchObject({ code: 'HOST_BRIDGE_PENDING' });
    await trial.rollback();
    await untouched();
  });
});

it('a bridge of NetworkManager is removed although the daemon flushes the port between its address and its route', async (test) => {
  const { lab } = await newLab(test);
  await apply(lab, IPROUTE2, EXPECTED);
  // The record as it is after a change by NetworkManager, and what that daemon does once.
  lab.sh(`
    sed -i 's/"backend": "iproute2"/"backend": "networkmanager"/' /var/lib/libvirt-network/br0.json
    real=$(command -v ip)
    mount -t tmpfs over /usr/local/sbin
    cat >/usr/local/sbin/ip <<EOF
#!/bin/sh
case "\\$*" in *'route replace default'*) [ -e /run/flushed ] || { : >/run/flushed; $real addr flush dev eno1 scope global; } ;; esac
exec $real "\\$@"
EOF
    chmod +x /usr/local/sbin/ip
  `);
  const outcome = await removeHostBridge('br0', { runner: lab.runner });
  expect(outcome.state).toBe('committed');
  expect(lab.sh('ls /run/flushed')).toBe('/run/flushed\n');
  expect(lab.reaches()).toBe(true);
});
