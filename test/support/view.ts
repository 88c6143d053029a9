import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { localView } from '../../src/host/index.js';
import type { HostView } from '../../src/index.js';

const run = promisify(execFile);

/** A host as `localView` sees it, by words that stand before commands that shall run there: those of a sandbox. */
export const viewThrough = ([tool, ...words]: readonly [string, ...string[]]): HostView =>
  localView({ run: async (file, args) => (await run(tool, [...words, file, ...args], { maxBuffer: 1 << 26 })).stdout });
