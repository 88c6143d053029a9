import { LibvirtError } from '../errors/index.js';
import type { GuestListInput, GuestOperations, GuestRunState, GuestState } from '../transport/guest-operations.js';
import { libvirtFailure } from '../transport/libvirt-failure.js';
import type { EachCommand } from './ask-each.js';
import type { Output } from './batch.js';
import { withDefinitions } from './definitions.js';
import { type GuestName, guestNamesOf, guestStateOf } from './guest-output.js';
import { documentOf, isUuid, uuidsOf } from './output.js';
import type { Processes, Task } from './process.js';
import { hasFailed } from './stderr.js';

const LISTS = [
  'list --all --uuid --name',
  'list --uuid',
  'list --all --persistent --uuid',
  'list --all --state-running --uuid',
  'list --all --state-paused --uuid',
] as const;

const DUMP: EachCommand = { command: 'dumpxml', gone: 'GUEST_NOT_FOUND' };

/** Guests with their state in one process, and their definitions in one more for each 250. */
export async function listGuests(processes: Processes, input: GuestListInput, task: Task): Promise<GuestState[]> {
  const states = (await statesOf(processes, task)).filter(
    ({ active }) => input.active === undefined || input.active === active,
  );
  if (input.xml !== true) return states;
  return withDefinitions(processes, DUMP, { states, bothCopies: input.inactive === true }, task);
}

async function statesOf(processes: Processes, task: Task): Promise<GuestState[]> {
  const [named, ...sets] = (await processes.batch(LISTS, task)).map((output) => printed(processes, output, task));
  const [active, persistent, running, paused] = sets.map((text) => new Set(uuidsOf(text, task.subject)));
  const stateOf = (uuid: string): GuestRunState => {
    if (running?.has(uuid) === true) return 'running';
    if (paused?.has(uuid) === true) return 'paused';
    return active?.has(uuid) === true ? 'other' : 'stopped';
  };
  return guestNamesOf(named ?? '', task.subject).map(({ name, uuid }) => ({
    name,
    uuid,
    state: stateOf(uuid),
    active: active?.has(uuid) === true,
    persistent: persistent?.has(uuid) === true,
  }));
}

/** Returns what a command of a batch printed. */
function printed(processes: Processes, { stdout, stderr }: Output, task: Task): string {
  if (hasFailed({ stdout, stderr })) throw processes.failure(task.subject, stderr);
  return stdout;
}

type LookUp = GuestOperations['guest.lookup']['input'];

/**
 * Looks a guest up. virsh takes a name of digits for the number of a running guest, so that names are looked up in the list
 * and everything else goes by the uuid.
 */
export async function lookUpGuest(processes: Processes, input: LookUp, task: Task): Promise<GuestState> {
  if (isUuid(input.guest)) {
    const found = await readGuest(processes, input.guest, input, task).catch(ifGone);
    if (found !== undefined) return found;
  }
  const names = await namesOf(processes, task);
  const named = names.find(({ name }) => name === input.guest);
  if (named === undefined)
    throw libvirtFailure(`Domain not found: no domain with matching name '${input.guest}'`, task.subject);
  return readGuest(processes, named.uuid, input, task);
}

async function namesOf(processes: Processes, task: Task): Promise<readonly GuestName[]> {
  return guestNamesOf(await processes.command(['list', '--all', '--uuid', '--name'], task), task.subject);
}

function ifGone(error: unknown): undefined {
  if (LibvirtError.is(error) && error.code === 'GUEST_NOT_FOUND') return undefined;
  throw error;
}

/** The state and, where they are asked for, both definitions, all read by one process. */
async function readGuest(processes: Processes, uuid: string, { xml }: LookUp, task: Task): Promise<GuestState> {
  const commands = xml === true ? ['dominfo', 'dumpxml', 'dumpxml --inactive'] : ['dominfo'];
  const outputs = await processes.batch(
    commands.map((command) => `${command} ${uuid}`),
    task,
  );
  const [info = '', live, stored] = outputs.map((output) => printed(processes, output, task));
  const state = guestStateOf(info, task.subject);
  if (live === undefined || stored === undefined) return state;
  return {
    ...state,
    xml: documentOf(live, task.subject),
    ...(state.active && state.persistent ? { inactiveXml: documentOf(stored, task.subject) } : {}),
  };
}
