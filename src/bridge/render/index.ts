import type { Backend } from '../backend.js';
import { netplan } from './netplan.js';
import { networkd } from './networkd.js';

/** Every system that a bridge can be written for, in the order of the capability matrix. */
export const BACKENDS: readonly Backend[] = [netplan, networkd];
