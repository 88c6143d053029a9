import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.js';

/** Folders whose files no program needs to run. */
const UNREAD = ['bug', 'doc', 'i18n', 'info', 'lintian', 'locale', 'man', 'perl', 'perl5', 'zoneinfo'].map(
  (name) => `--exclude=./usr/share/${name}`,
);

/** Makes an empty root folder, laid out as Debian releases are today. */
export async function makeRoot(root: string): Promise<void> {
  for (const name of ['bin', 'lib', 'lib64', 'sbin']) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name));
  }
}

/** Unpacks packages below a root folder. No package script runs. */
export async function unpack(files: readonly string[], root: string): Promise<void> {
  // Links to folders (bin -> usr/bin) stay links.
  const script = 'dpkg-deb --fsys-tarfile "$1" | (shift; tar -x --keep-directory-symlink -C "$@")';
  for (const file of files) await run('bash', ['-euo', 'pipefail', '-c', script, '-', file, root, ...UNREAD]);
}
