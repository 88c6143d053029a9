import { withOutcome } from '../transport/libvirt-error.js';
import type { Operations } from '../transport/operations.js';
import type { Processes, Task } from './process.js';

type Input = Operations['text.set']['input'];

/**
 * Sets title or description. virsh takes one copy at a time, so both copies are two processes, the stored one first:
 * virsh would go on to the running one even after a refusal.
 */
export async function setText(processes: Processes, input: Input, task: Task): Promise<undefined> {
  const { live, config } = input;
  const set = (...copies: string[]) => processes.command([...words(input), ...copies], task);
  if (!live || !config) {
    await set(...(live ? ['--live'] : []), ...(config ? ['--config'] : []));
    return;
  }
  await set('--config');
  await set('--live').catch((error: unknown) => {
    throw withOutcome(error, 'the stored definition was changed');
  });
}

const words = ({ network, kind, text }: Input): string[] => [
  'net-desc',
  `--network=${network}`,
  ...(kind === 'title' ? ['--title'] : []),
  `--new-desc=${text}`,
];
