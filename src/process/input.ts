import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A document could not be written to a temporary file, mostly because the disk is full. */
export class InputFailure extends Error {
  /** Folder for temporary files. */
  readonly folder = tmpdir();
}

/**
 * Opens a file with a text for reading, to be handed to a program as its standard input. The file is readable by
 * its owner alone, lies in a folder of its own, and is deleted before this returns: no file remains, whatever happens to the program or to us.
 *
 * @returns the descriptor, which the caller closes
 * @throws {@link InputFailure}
 */
export function openInput(text: string): number {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
    try {
      return writeAndForget(join(folder, 'document.xml'), text);
    } finally {
      rmdirSync(folder);
    }
  } catch (error) {
    throw new InputFailure(errnoOf(error) ?? String(error), { cause: error });
  }
}

function writeAndForget(path: string, text: string): number {
  writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
  try {
    writeFileSync(path, text);
    return openSync(path, 'r');
  } finally {
    unlinkSync(path);
  }
}

/** Gives the descriptor back. */
export const closeInput = (descriptor: number): void => closeSync(descriptor);

/** The name that the system has for an error, such as `ENOENT`. */
export const errnoOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
