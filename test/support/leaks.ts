import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** What a program holds that must be given back. */
export interface Holdings {
  /** Processes that it has started, and theirs, as `pid command line`. */
  readonly processes: readonly string[];
  /** Files and folders in the folder for temporary ones. */
  readonly files: readonly string[];
  /** Open descriptors. */
  readonly descriptors: number;
  /** What keeps the event loop alive, by kind. */
  readonly handles: Readonly<Record<string, number>>;
  /** Listeners on the process, by event. */
  readonly listeners: Readonly<Record<string, number>>;
}

/** What this process holds now. */
export async function holdings(temporary: string): Promise<Holdings> {
  // What has ended gives its handles back in the turns of the loop that follow.
  for (let i = 0; i < 5; i++) await setImmediate();
  return {
    processes: childrenOf(process.pid),
    files: readdirSync(temporary, { recursive: true }).map(String),
    descriptors: readdirSync('/proc/self/fd').length,
    handles: counted(process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate')),
    listeners: Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)])),
  };
}

/** Which numbers have grown, and by how much. The runner's own timers come and go, so that fewer are as good. */
export const beyond = (
  now: Readonly<Record<string, number>>,
  then: Readonly<Record<string, number>>,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(now).flatMap(([kind, count]) => {
      const more = count - (then[kind] ?? 0);
      return more > 0 ? [[kind, more]] : [];
    }),
  );

/** The processes below a process. */
export function childrenOf(pid: number): string[] {
  const pids = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return pids.flatMap((child) => [`${child} ${commandOf(child)}`, ...childrenOf(child)]);
}

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();

function counted(kinds: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of [...kinds].sort()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
