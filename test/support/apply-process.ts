import { applyRendering } from '../../src/host/apply.js';
import { localRunner } from '../../src/host/runner.js';
import { EXPECTED, IPROUTE2 } from './renderings.js';

/**
 * A program that applies a bridge and is killed at a step of it. Its arguments: the step, the gateway that the bridge is
 * said to have, and the words in front of programs on the host.
 */
const [step = '', gateway = '', ...prefix] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const runner = localRunner({ prefix });

await applyRendering(
  IPROUTE2,
  { ...EXPECTED, gateways: [gateway] },
  {
    runner: {
      ...runner,
      exec: async (request) => {
        // In the middle of it, wherever that is.
        if (step === 'beginning' && request.input?.includes('agent.sh') === true) setTimeout(die, 30);
        const result = await runner.exec(request);
        // The host has its orders, and nobody hears the answer.
        if (step === 'deciding' && request.input?.includes('ln -s "$3" decision') === true) die();
        return result;
      },
    },
    timeoutMs: 3000,
    onProgress: ({ phase }) => {
      if (phase === step) die();
    },
  },
);
