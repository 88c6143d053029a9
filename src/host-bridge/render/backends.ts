import { expectWord } from '../arguments.js';
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
import type { BackendName, NetworkSystem } from './rendering.js';
import { wicked } from './wicked.js';

/** Every backend, in the order of the capability matrix. A new one is a file beside this one and a line here. */
const BY_NAME: { readonly [N in BackendName]: Backend<N> } = {
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
};

/** Every backend, in the order of the capability matrix. */
export const BACKENDS: readonly Backend[] = Object.values(BY_NAME);

/**
 * Finds a backend.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for other text, which plain JavaScript may pass
 */
export function backendNamed(name: BackendName): Backend {
  expectWord(name, Object.keys(BY_NAME), (shown) => `there is no host network system '${shown}'`);
  return BY_NAME[name];
}

/** The backends that may change devices of a system, the usual one first. */
export const backendsFor = (system: NetworkSystem): readonly BackendName[] =>
  BACKENDS.filter(({ ownedBy }) => ownedBy.includes(system))
    .sort((a, b) => a.ownedBy.indexOf(system) - b.ownedBy.indexOf(system))
    .map(({ name }) => name);

/** Whether a backend may change devices of a system. */
export const mayChange = ({ ownedBy }: Backend, system: NetworkSystem): boolean =>
  ownedBy.length === 0 || ownedBy.includes(system);
