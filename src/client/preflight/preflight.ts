import type { CallOptions } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import type { Transport } from '../../transport/operations.js';
import type { HostDevice, HostView } from '../state/host-view.js';
import type { Situation } from '../state/observed-state.js';
import { readSituations } from '../state/read-state.js';
import { findConflicts } from './conflicts.js';
import type { Neighbour, Preflight, Surroundings } from './types.js';

/** What libvirt and a view of the host tell of what a network would stand beside. */
export async function surroundingsOf(
  transport: Transport,
  view: HostView | undefined,
  options: CallOptions,
): Promise<Surroundings & Pick<Preflight, 'unseen'>> {
  const networks = [...(await readSituations(transport, options))].flatMap(([name, found]) => neighbour(name, found));
  const unreadable = networks
    .filter(({ live, stored }) => (live ?? stored) === undefined)
    .map(({ name }) => `network "${name}"`);
  if (view !== undefined) return { networks, ...(await view.look(options)), unseen: unreadable };
  const devices = await devicesOf(transport, options);
  const dark = ['addresses and routes of the host', 'accept_ra of its devices'];
  return devices === undefined
    ? { networks, unseen: [...unreadable, 'devices of the host', ...dark] }
    : { networks, devices, unseen: [...unreadable, ...dark] };
}

function neighbour(name: string, { state, live, stored, unreadable }: Situation): Neighbour[] {
  return state === undefined ? [] : [{ name, uuid: state.uuid, live, stored, unreadable }];
}

/** Name and MAC address of each device, where the URI's driver tells of devices at all. */
async function devicesOf(transport: Transport, options: CallOptions): Promise<readonly HostDevice[] | undefined> {
  try {
    const interfaces = await transport.call('host.interfaces', {}, options);
    return interfaces.map(({ name, mac }) => ({ name, mac, addresses: [] }));
  } catch (error) {
    if (LibvirtError.is(error) && error.code === 'UNSUPPORTED') return undefined;
    throw error;
  }
}

/** Looks at what is in the way of a network; see `Networks.preflight`. */
export async function preflight(
  transport: Transport,
  desired: BaseNetwork,
  view: HostView | undefined,
  options: CallOptions,
): Promise<Preflight> {
  const { unseen, ...around } = await surroundingsOf(transport, view, options);
  return { conflicts: findConflicts(desired, around), unseen };
}

/**
 * Refuses a network that something is in the way of.
 *
 * @throws {@link LibvirtError} with the code of the first conflict and all of them in its message
 */
export function assertNoConflicts({ name: network }: BaseNetwork, { conflicts }: Preflight): void {
  const [first] = conflicts;
  if (first === undefined) return;
  const all = conflicts.map(({ message }) => message).join('; ');
  throw new LibvirtError(first.code, `something is in the way of network "${network}": ${all}`, {
    network,
    hint: first.hint,
  });
}
