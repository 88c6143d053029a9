import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { localView } from '../../src/host/index.js';
import type { HostView } from '../../src/index.js';
import type { Sandbox } from './sandbox.js';

const run = promisify(execFile);

/** The host of a sandbox as `localView` sees it. */
export const viewOf = ({ enter: [tool, ...words] }: Sandbox): HostView =>
  localView({ run: async (file, args) => (await run(tool, [...words, file, ...args], { maxBuffer: 1 << 26 })).stdout });
