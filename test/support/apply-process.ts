import { localRunner } from '../../src/host/runner/runner.js';
import { applyRendering } from '../../src/host/transaction/apply.js';
import type { ExecRequest } from '../../src/process/exec.js';
import { EXPECTED, IPROUTE2 } from './renderings.js';

/**
 * A program that applies a bridge and is killed at a step of it. Its arguments: the step, the gateway that the bridge is
 * said to have, and the words in front of programs on the host.
 */
const [step = '', gateway = '', ...prefix] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const scriptOf = ({ input, args }: ExecRequest): string => input ?? args[1] ?? '';
const runner = localRunner({ prefix });

/** Waits until there is something of the change on the host. */
async function isBegun(): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  const args = ['-c', 'until [ -d /run/libvirt-network ]; do :; done'];
  await runner.exec({ file: 'sh', args, env: {}, signal });
}

// A full disk on this side.
if (step === 'no room') process.env['TMPDIR'] = '/nowhere';

await applyRendering(
  IPROUTE2,
  { ...EXPECTED, gateways: [gateway] },
  {
    runner: {
      ...runner,
      exec: async (request) => {
        // In the middle of it, wherever that is.
        if (step === 'beginning' && scriptOf(request).includes('given_up')) void isBegun().then(die);
        const result = await runner.exec(request);
        // The host has its orders, and nobody hears the answer.
        if (step === 'deciding' && scriptOf(request).includes('ln -s "$3" decision')) die();
        return result;
      },
    },
    timeoutMs: 3000,
    onProgress: ({ phase }) => {
      if (phase === step) die();
    },
  },
);
