import { execFile } from 'node:child_process';
import type { Orders } from './ensure-process.js';
import { programOf } from './program.js';

/** Runs a program that ensures a network and is killed in the middle of it; the signal that ended it. */
export const killedProgram = (orders: Orders): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(process.execPath, [programOf('ensure-process'), JSON.stringify(orders)]).on('exit', (_, signal) =>
      resolve(signal),
    );
  });
