import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders that must go when the process does, whatever ends it in an orderly way. */
const pending = new Set<string>();
let watching = false;

function removeAll(): void {
  for (const folder of pending) rmSync(folder, { recursive: true, force: true });
}

/**
 * Hands a text over as a file that nobody else can read, in a folder of its own, and takes both away when
 * the work is done, however it ends.
 */
export async function withFile<T>(content: string, work: (path: string) => Promise<T>): Promise<T> {
  if (!watching) process.once('exit', removeAll);
  watching = true;
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  pending.add(folder);
  try {
    const path = join(folder, 'document.xml');
    await writeFile(path, content, { mode: 0o600, flag: 'wx' });
    return await work(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    pending.delete(folder);
  }
}
