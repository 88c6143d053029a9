import type { Backend } from '../backend.js';
import { ifcfg } from './ifcfg.js';
import { ifupdown } from './ifupdown.js';
import { iproute2 } from './iproute2.js';
import { libvirt } from './libvirt.js';
import { netplan } from './netplan.js';
import { networkd } from './networkd.js';
import { networkmanager } from './networkmanager.js';
import { nmcli } from './nmcli.js';
import { nmstate } from './nmstate.js';
import { wicked } from './wicked.js';

/** Every system that a bridge can be written for, in the order of the capability matrix. */
export const BACKENDS: readonly Backend[] = [
  ifcfg,
  networkmanager,
  nmcli,
  netplan,
  networkd,
  ifupdown,
  iproute2,
  libvirt,
  nmstate,
  wicked,
];
