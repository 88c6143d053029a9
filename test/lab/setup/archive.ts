import { accessSync } from 'node:fs';
import { LabError } from '../lab-error.js';
import { run } from './run.js';

/** The keys that sign the Debian archive. */
export const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Finds the Debian archive: the one of the machine's own apt sources, or the one that the variable
 * LIBVIRT_NETWORK_ARCHIVE names, for machines that are not Debian.
 *
 * @returns its address
 */
export async function debianArchive(): Promise<string> {
  requireKeyring();
  const given = process.env['LIBVIRT_NETWORK_ARCHIVE'];
  if (given !== undefined) return given;
  const printed = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const found = printed.split('\n').find((uri) => /\/debian\/*$/.test(uri));
  if (found === undefined)
    throw new LabError(
      'the apt sources of this machine name no Debian archive: set LIBVIRT_NETWORK_ARCHIVE to its address',
    );
  return found;
}

function requireKeyring(): void {
  try {
    accessSync(KEYRING);
  } catch {
    throw new LabError(`the keys of the Debian archive are missing: apt-get install debian-archive-keyring`);
  }
}
