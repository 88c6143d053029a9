import { type CallOptions, deadline } from '../../async/deadline.js';
import { LibvirtError, ValidationError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import { NEWEST_RELEASE, type ReleaseOption } from '../../schema/release.js';
import type { Transport } from '../../transport/operations.js';
import { ensurePresentGoal, type LookOptions, observe, planGoal } from '../ensure/ensure.js';
import type { Connection } from '../network-ref.js';
import { assertStartable, startIssuesOf } from '../plan/start-issues.js';
import type { DeviceFacts, HostView } from '../state/host-view.js';
import type { Guest, ObservedState } from '../state/observed-state.js';
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
  if (view !== undefined) {
    const facts = await view.look(options);
    const isKnown = facts.devices.some(({ autoconfigured }) => autoconfigured !== undefined);
    return { networks, ...facts, unseen: [...unreadable, ...(isKnown ? [] : ['routes from router advertisements'])] };
  }
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

/** Options of `Networks.preflight`. */
export interface PreflightOptions extends CallOptions, ReleaseOption {
  /** View of the host that libvirt runs on. Default: not known. */
  readonly view?: HostView | undefined;
}

/** Checks a network for conflicts; see `Networks.preflight`. */
export async function preflight(
  connection: Connection,
  desired: BaseNetwork,
  { view, libvirt, ...call }: PreflightOptions,
): Promise<Preflight> {
  const { transport, version } = connection;
  const remaining = deadline(call);
  const release = libvirt ?? (await version.release(remaining)) ?? NEWEST_RELEASE;
  const { unseen, ...around } = await surroundingsOf(transport, view, remaining());
  const isThere = around.networks.some(({ name }) => name === desired.name);
  return {
    conflicts: findConflicts(desired, { ...around, libvirt: release }),
    issues: startIssuesOf(desired, release),
    guests: isThere ? await guestsWithout(connection, desired, { view, libvirt: release, remaining }) : [],
    unseen,
  };
}

/** Guests that would miss what the network has now. */
async function guestsWithout(
  connection: Connection,
  desired: BaseNetwork,
  { libvirt, ...look }: LookOptions & { readonly libvirt: string },
): Promise<readonly Guest[]> {
  const goal = ensurePresentGoal(desired, { libvirt, restart: 'always' });
  const current = await observe(connection, desired.name, { libvirt }, look.remaining);
  const planned = await planGoal(connection, goal, current, look).catch(ifRefused);
  return planned?.plan.steps.flatMap((step) => ('guests' in step ? (step.guests ?? []) : [])) ?? [];
}

/** What cannot be planned at all is among the conflicts or issues. */
function ifRefused(error: unknown): undefined {
  if (error instanceof ValidationError) return undefined;
  if (LibvirtError.is(error) && (error.code === 'NETWORK_EXISTS' || error.code === 'UNREADABLE')) return undefined;
  throw error;
}

/**
 * Throws if a network has conflicts, or cannot start on any host.
 *
 * @throws {@link ValidationError} with what it cannot start for; {@link LibvirtError} with the code of the first conflict and all of them in its message
 */
export function assertNoConflicts(
  { name: network }: BaseNetwork,
  { conflicts, issues }: Pick<Preflight, 'conflicts' | 'issues'>,
): void {
  assertStartable(network, issues);
  const [first] = conflicts;
  if (first === undefined) return;
  const all = conflicts.map(({ message }) => message).join('; ');
  throw new LibvirtError(first.code, `network "${network}" conflicts with: ${all}`, {
    network,
    hint: first.hint,
  });
}
