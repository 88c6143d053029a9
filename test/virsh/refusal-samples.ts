import { readFileSync } from 'node:fs';
import type { ErrorCode } from '../../src/index.js';

/** What virsh printed when libvirt refused something. */
export interface Sample {
  readonly code: ErrorCode;
  /** The release that printed it, or that the words were read in its source. */
  readonly libvirt: string;
  /** Nothing here can provoke it. */
  readonly byHand?: true;
  readonly what: string;
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr: string;
}

export const file = new URL('refusals.json', import.meta.url);
export const samples: readonly Sample[] = JSON.parse(readFileSync(file, 'utf8'));
