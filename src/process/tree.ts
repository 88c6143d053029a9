import { readdirSync, readFileSync } from 'node:fs';

/**
 * A process with everything that it has started, such as the ssh of a virsh. Children are known where `/proc`
 * tells them (Linux); elsewhere it is the process alone.
 */
export function treeOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(treeOf)];
}

function childrenOf(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const lists = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8'));
    return lists.flatMap((list) => list.split(' ').filter((text) => text !== '')).map(Number);
  } catch {
    return []; // gone in the meantime, or no /proc
  }
}

/** Sends a signal to each; those that are gone or are not ours to end are passed over. */
export function signalAll(pids: readonly number[], signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // ESRCH: it has ended. EPERM: it belongs to another user, as with sudo.
    }
  }
}
