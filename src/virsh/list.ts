import type { CallOptions, NetworkState } from '../client/operations.js';
import { TransportError } from '../errors/index.js';
import { isElement, textOf } from '../xml/node.js';
import { readXml } from '../xml/read.js';
import { linesOf, xmlOf } from './output.js';
import { quote, type VirshProcesses } from './process.js';

/** Commands in one process: more make virsh's own reading of the line slow, and an argument has a limit. */
const BATCH = 250;

/** The lists that tell a network's state; by uuid, since names could hold line breaks. */
const LISTS = [
  'net-list --all --uuid',
  'net-list --uuid',
  'net-list --all --persistent --uuid',
  'net-list --all --autostart --uuid',
  'net-list --all --name',
];

/** All networks with their state in one process, and their definitions in one for each 250. */
export async function listNetworks(
  processes: VirshProcesses,
  xml: boolean,
  options: CallOptions,
): Promise<NetworkState[]> {
  const subject = { operation: 'network.list', changes: false };
  const lists = await processes.batch(LISTS, subject, options);
  const failed = lists.find(({ stderr }) => stderr !== '');
  if (failed !== undefined) throw processes.failure(failed.stderr, subject);
  const [all = [], active = [], persistent = [], autostart = []] = lists.map(({ stdout }) =>
    linesOf(stdout).map((line) => line.trim()),
  );
  const state = { active: new Set(active), persistent: new Set(persistent), autostart: new Set(autostart) };
  const names = namesOf(lists[4]?.stdout ?? '', all.length);
  if (names !== undefined && !xml) return all.map((uuid, i) => stateOf(uuid, names[i] ?? '', state));
  const dumps = await dumpAll(processes, all, options);
  return all.flatMap((uuid) => {
    const text = dumps.get(uuid);
    // A network can go away between the two processes.
    if (text === undefined) return [];
    return [{ ...stateOf(uuid, nameIn(text), state), ...(xml ? { xml: text } : {}) }];
  });
}

type States = Readonly<Record<'active' | 'persistent' | 'autostart', ReadonlySet<string>>>;

const stateOf = (uuid: string, name: string, { active, persistent, autostart }: States): NetworkState => ({
  name,
  uuid,
  active: active.has(uuid),
  persistent: persistent.has(uuid),
  autostart: autostart.has(uuid),
});

/** virsh sorts both lists by name without regard to case, so that they go together unless two names differ in case alone. */
function namesOf(text: string, count: number): readonly string[] | undefined {
  const names = text.split('\n').filter((line) => line !== '');
  const folded = new Set(names.map((name) => name.toLowerCase()));
  return names.length === count && folded.size === count ? names : undefined;
}

async function dumpAll(
  processes: VirshProcesses,
  uuids: readonly string[],
  options: CallOptions,
): Promise<Map<string, string>> {
  const subject = { operation: 'network.list', changes: false };
  const batches = Array.from({ length: Math.ceil(uuids.length / BATCH) }, (_, i) =>
    uuids.slice(i * BATCH, (i + 1) * BATCH),
  );
  const dumps = new Map<string, string>();
  await Promise.all(
    batches.map(async (batch) => {
      const outputs = await processes.batch(
        batch.map((uuid) => `net-dumpxml ${uuid}`),
        subject,
        options,
      );
      outputs.forEach(({ stdout, stderr }, i) => {
        const uuid = batch[i];
        if (uuid !== undefined && stderr === '') dumps.set(uuid, xmlOf(stdout));
      });
    }),
  );
  return dumps;
}

function nameIn(xml: string): string {
  const name = readXml(xml).root.children.find((child) => isElement(child) && child.name === 'name');
  return name !== undefined && isElement(name) ? textOf(name) : '';
}

/** The state of one network, in one process. */
export async function lookUpNetwork(
  processes: VirshProcesses,
  network: string,
  options: CallOptions,
): Promise<NetworkState> {
  const subject = { operation: 'network.lookup', network, changes: false };
  const [dump, ...lists] = await processes.batch(
    [`net-dumpxml --network=${quote(network)}`, ...LISTS.slice(1, 4)],
    subject,
    options,
  );
  if (dump === undefined || dump.stderr !== '') throw processes.failure(dump?.stderr ?? '', subject);
  const xml = xmlOf(dump.stdout);
  const uuid = /<uuid>([0-9a-f-]{36})<\/uuid>/.exec(xml)?.[1];
  if (uuid === undefined)
    throw new TransportError('UNEXPECTED_REPLY', `network.lookup failed: the definition of "${network}" has no uuid`, {
      network,
    });
  const [active, persistent, autostart] = lists.map(
    ({ stdout }) => new Set(linesOf(stdout).map((line) => line.trim())),
  );
  const none: ReadonlySet<string> = new Set();
  return stateOf(uuid, nameIn(xml), {
    active: active ?? none,
    persistent: persistent ?? none,
    autostart: autostart ?? none,
  });
}
