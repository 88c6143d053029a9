import { matchesFilter } from '../transport/matches-filter.js';
import type { ListInput, NetworkState } from '../transport/operations.js';
import { askEach, type EachCommand } from './ask-each.js';
import type { Output } from './batch.js';
import { withDefinitions } from './definitions.js';
import { linesOf, uuidsOf } from './output.js';
import type { Processes, Task } from './process.js';
import { hasFailed } from './stderr.js';

const NAME: EachCommand = { command: 'net-name', gone: 'NETWORK_NOT_FOUND' };
const DUMP: EachCommand = { command: 'net-dumpxml', gone: 'NETWORK_NOT_FOUND' };

/** Networks with their state in one process, and their definitions in one more for each 250. */
export async function listNetworks(processes: Processes, input: ListInput, task: Task): Promise<NetworkState[]> {
  const lists = await askForLists(processes, task);
  const chosen = statesOf(lists).filter((state) => matchesFilter(state, input));
  const named = await withNames(processes, chosen, namesOf(lists), task);
  if (input.xml !== true) return named;
  return withDefinitions(processes, DUMP, { states: named, bothCopies: input.inactive === true }, task);
}

/** A network whose name is still to be found. */
type Nameless = Omit<NetworkState, 'name'>;

interface Lists {
  readonly all: readonly string[];
  readonly active: readonly string[];
  readonly persistent: readonly string[];
  readonly autostart: readonly string[];
  readonly names: readonly string[];
  readonly allAgain: readonly string[];
}

/** By uuid, since names may hold anything; the names stand between two lists that they can be held against. */
const LISTS: Readonly<Record<keyof Lists, string>> = {
  all: 'net-list --all --uuid',
  names: 'net-list --all --name',
  allAgain: 'net-list --all --uuid',
  active: 'net-list --uuid',
  persistent: 'net-list --all --persistent --uuid',
  autostart: 'net-list --all --autostart --uuid',
};

async function askForLists(processes: Processes, task: Task): Promise<Lists> {
  const outputs = await processes.batch(Object.values(LISTS), task);
  const read = ({ stdout, stderr }: Output, key: string | undefined): readonly string[] => {
    if (hasFailed({ stdout, stderr })) throw processes.failure(task.subject, stderr);
    return key === 'names' ? linesOf(stdout) : uuidsOf(stdout, task.subject);
  };
  const keys = Object.keys(LISTS);
  const [all = [], names = [], allAgain = [], active = [], persistent = [], autostart = []] = outputs.map((output, i) =>
    read(output, keys[i]),
  );
  return { all, names, allAgain, active, persistent, autostart };
}

function statesOf(lists: Lists): Nameless[] {
  const active = new Set(lists.active);
  const persistent = new Set(lists.persistent);
  const autostart = new Set(lists.autostart);
  return lists.all.map((uuid) => ({
    uuid,
    active: active.has(uuid),
    persistent: persistent.has(uuid),
    autostart: autostart.has(uuid),
  }));
}

/**
 * The names of the uuids, as far as they are certain. virsh sorts both lists by name without regard to case, so
 * they go together, unless a network came or went, or a name has a line break. Names that differ in case alone may
 * stand in any order.
 */
function namesOf({ all, allAgain, names }: Lists): ReadonlyMap<string, string> {
  const isSame = names.length === all.length && all.every((uuid, i) => uuid === allAgain[i]);
  if (!isSame) return new Map();
  const times = new Map<string, number>();
  for (const name of names) times.set(folded(name), (times.get(folded(name)) ?? 0) + 1);
  const pairs = all.map((uuid, i) => [uuid, names[i] ?? ''] as const);
  return new Map(pairs.filter(([, name]) => times.get(folded(name)) === 1));
}

/** As virsh compares in the C locale: ASCII letters without their case. */
const folded = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

async function withNames(
  processes: Processes,
  states: readonly Nameless[],
  known: ReadonlyMap<string, string>,
  task: Task,
): Promise<NetworkState[]> {
  const unknown = states.flatMap(({ uuid }) => (known.has(uuid) ? [] : [uuid]));
  const asked = await askEach(processes, NAME, unknown, task);
  return states.flatMap((state) => {
    const name = known.get(state.uuid) ?? asked.get(state.uuid)?.replace(/\n+$/, '');
    return name === undefined ? [] : [{ name, ...state }];
  });
}
