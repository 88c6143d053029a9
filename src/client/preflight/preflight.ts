import type { CallOptions } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import type { Transport } from '../../transport/operations.js';
import type { DeviceFacts, HostView } from '../state/host-view.js';
import type { ObservedState } from '../state/observed-state.js';
import { readAllStates } from '../state/read-state.js';
import { findConflicts } from './conflicts.js';
import type { Neighbour, Preflight, Surroundings } from './types.js';

/** Collects existing networks, devices and routes from libvirt and a view of the host. */
export async function surroundingsOf(
  transport: Transport,
  view: HostView | undefined,
  options: CallOptions,
): Promise<Surroundings & Pick<Preflight, 'unseen'>> {
  const networks = [...(await readAllStates(transport, options))].flatMap(([name, found]) => neighbour(name, found));
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

function neighbour(name: string, { state, live, stored, unreadable }: ObservedState): Neighbour[] {
  return state === undefined ? [] : [{ name, uuid: state.uuid, live, stored, unreadable }];
}

/** Reads the name and MAC address of each device, if the URI's driver reports devices at all. */
async function devicesOf(transport: Transport, options: CallOptions): Promise<readonly DeviceFacts[] | undefined> {
  try {
    const interfaces = await transport.call('host.interfaces', {}, options);
    return interfaces.map(({ name, mac }) => ({ name, mac, addresses: [] }));
  } catch (error) {
    if (LibvirtError.is(error) && error.code === 'UNSUPPORTED') return undefined;
    throw error;
  }
}

/** Checks a network for conflicts; see `Networks.preflight`. */
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
 * Throws if a network has conflicts.
 *
 * @throws {@link LibvirtError} with the code of the first conflict and all of them in its message
 */
export function assertNoConflicts({ name: network }: BaseNetwork, { conflicts }: Preflight): void {
  const [first] = conflicts;
  if (first === undefined) return;
  const all = conflicts.map(({ message }) => message).join('; ');
  throw new LibvirtError(first.code, `network "${network}" conflicts with: ${all}`, {
    network,
    hint: first.hint,
  });
}
