import { after } from '../client/failure.js';
import type { Operations } from '../client/operations.js';
import { quote } from '../process/argument.js';
import type { Processes, Task } from './process.js';

type Input = Operations['text.set']['input'];

/**
 * Sets title or description. virsh takes one copy at a time, so both copies are two commands in one process, the
 * stored one first: when the second fails, the running network is as it was.
 */
export async function setText(processes: Processes, input: Input, task: Task): Promise<undefined> {
  const { live, config } = input;
  if (!live || !config) {
    const copies = [...(live ? ['--live'] : []), ...(config ? ['--config'] : [])];
    await processes.command([...words(input, (text) => text), ...copies], task);
    return;
  }
  const commands = ['--config', '--live'].map((copy) => [...words(input, quote), copy].join(' '));
  const [first, second] = await processes.batch(commands, task);
  if (first === undefined || first.stderr !== '') throw processes.failure(task.subject, first?.stderr ?? '');
  if (second === undefined || second.stderr !== '')
    throw after(processes.failure(task.subject, second?.stderr ?? ''), 'the stored definition was changed');
}

const words = ({ network, kind, text }: Input, quoted: (text: string) => string): string[] => [
  'net-desc',
  `--network=${quoted(network)}`,
  ...(kind === 'title' ? ['--title'] : []),
  `--new-desc=${quoted(text)}`,
];
