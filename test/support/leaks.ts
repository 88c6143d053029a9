import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** What a program holds that must be given back. */
export interface Holdings {
  /** Processes that it has started, and theirs, as `pid command line`; also those whose parents are gone. */
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

/**
 * What this process holds now.
 *
 * @param temporary - the folder for temporary files, which everything that is started has in its environment
 */
export async function holdings(temporary: string): Promise<Holdings> {
  // What has ended gives its handles back in the turns of the loop that follow.
  for (let i = 0; i < 5; i++) await setImmediate();
  return {
    processes: startedWith(temporary),
    files: readdirSync(temporary, { recursive: true }).map(String),
    descriptors: readdirSync('/proc/self/fd').length,
    handles: counted(process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate')),
    listeners: Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)])),
  };
}

/** The processes of this machine, but for this one, that have a text in their environment; none where there is no `/proc`. */
export function startedWith(text: string): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => partOf(pid, 'environ').includes(text)).map((pid) => `${pid} ${partOf(pid, 'cmdline')}`);
}

function partOf(pid: string, part: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${part}`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return ''; // gone in the meantime, or another user's
  }
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

function counted(kinds: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of [...kinds].sort()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
