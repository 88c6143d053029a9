import type { Subject } from '../transport/libvirt-error.js';
import type { Operation, Operations } from '../transport/operations.js';
import type { Processes, Task } from './process.js';
import type { Words } from './words.js';

/** How virsh carries out these operations. */
export type Handlers<Of extends Operation> = {
  readonly [K in Of]: (input: Operations[K]['input'], task: Task) => Promise<Operations[K]['output']>;
};

/** The answer of a command that only changes something. */
export const nothing = (): undefined => undefined;

/** Pairs a command with the reader of its output, with headings where it prints a table. */
export const reading =
  (processes: Processes) =>
  <Input, Answer>(
    command: (input: Input) => Words,
    parse: (text: string, subject: Subject) => Answer,
    headings = false,
  ) =>
  async (input: Input, task: Task): Promise<Answer> => {
    const { words, document } = command(input);
    const text = await processes.command(words, task, {
      headings,
      ...(document === undefined ? {} : { input: document }),
    });
    return parse(text, task.subject);
  };
