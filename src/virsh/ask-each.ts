import type { ErrorCode } from '../errors/index.js';
import { inGroups } from './batch.js';
import type { Processes, Task } from './process.js';
import { hasFailed } from './stderr.js';

/** A command that is asked of many, and the code that says that one of them is gone. */
export interface EachCommand {
  /** Its words, without the uuid that follows them. */
  readonly command: string;
  readonly gone: ErrorCode;
}

/** Runs a command for each uuid; what went away in the meantime is left out. */
export async function askEach(
  processes: Processes,
  { command, gone }: EachCommand,
  uuids: readonly string[],
  task: Task,
): Promise<ReadonlyMap<string, string>> {
  const answers = await settle(inGroups(uuids), async (group) => {
    const outputs = await processes.batch(
      group.map((uuid) => `${command} ${uuid}`),
      task,
    );
    return group.flatMap((uuid, i) => {
      const { stdout = '', stderr = '' } = outputs[i] ?? {};
      if (!hasFailed({ stdout, stderr })) return [[uuid, stdout] as const];
      const error = processes.failure(task.subject, stderr);
      if (error.code === gone) return [];
      throw error;
    });
  });
  return new Map(answers.flat());
}

/** As Promise.all, but nothing is left running when one fails. */
async function settle<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const results = await Promise.allSettled(items.map(work));
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
