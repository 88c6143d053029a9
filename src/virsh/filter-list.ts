import type { BindingState, FilterOperations, FilterState } from '../transport/filter-operations.js';
import { type Subject, unexpected } from '../transport/libvirt-error.js';
import { askEach } from './ask-each.js';
import { documentOf, isUuid } from './output.js';
import type { Processes, Task } from './process.js';
import { readTable } from './table.js';

/** Filters in one process, and their definitions in one more for each 250. What went away in the meantime is left out. */
export async function listFilters(
  processes: Processes,
  { xml = false }: FilterOperations['filter.list']['input'],
  task: Task,
): Promise<readonly FilterState[]> {
  const rows = tableOf(await processes.command(['nwfilter-list'], task, { headings: true }), FILTERS, task.subject);
  const states = rows.map(([uuid = '', name = '']) => ({ uuid: uuid.trim(), name }));
  if (!states.every(({ uuid }) => isUuid(uuid))) throw unexpected(task.subject, UNREADABLE);
  const uuids = states.filter(({ name }) => xml || isEscaped(name)).map(({ uuid }) => uuid);
  const documents = await askEach(processes, { command: 'nwfilter-dumpxml', gone: 'FILTER_NOT_FOUND' }, uuids, task);
  return states.flatMap((state) => {
    const text = documents.get(state.uuid);
    if (text === undefined) return xml || isEscaped(state.name) ? [] : [state];
    const document = documentOf(text, task.subject);
    const named = isEscaped(state.name) ? { ...state, name: nameIn(document) } : state;
    return [xml ? { ...named, xml: document } : named];
  });
}

/** Bindings in one process, and their definitions in one more for each 250. */
export async function listBindings(
  processes: Processes,
  { xml = false }: FilterOperations['binding.list']['input'],
  task: Task,
): Promise<readonly BindingState[]> {
  const text = await processes.command(['nwfilter-binding-list'], task, { headings: true });
  const states = tableOf(text, BINDINGS, task.subject).map(([device = '', filter = '']) => ({ device, filter }));
  if (!xml) return states;
  const words = new Map(states.map(({ device }) => [quoted(device), device]));
  const command = 'nwfilter-binding-dumpxml';
  const documents = await askEach(processes, { command, gone: 'NOT_FOUND' }, [...words.keys()], task);
  return states.flatMap((state) => {
    const document = documents.get(quoted(state.device));
    return document === undefined ? [] : [{ ...state, xml: documentOf(document, task.subject) }];
  });
}

const FILTERS = ['UUID', 'Name'];
const BINDINGS = ['Port Dev', 'Filter'];
const UNREADABLE = 'virsh printed a table of filters that cannot be read';

/** The rows of a table, the blank in front of the first column aside. */
function tableOf(text: string, headings: readonly string[], subject: Subject): readonly (readonly string[])[] {
  const rows = readTable(text, headings);
  if (rows === undefined) throw unexpected(subject, UNREADABLE);
  return rows;
}

/** virsh writes what is not printable ASCII in numbers, in tables alone. */
const isEscaped = (name: string): boolean => /\\x[\da-f]{2}/.test(name);

const nameIn = (document: string): string => /^<filter name='([^']*)'/.exec(document)?.[1] ?? '';

/** Names a device in a line of commands that virsh reads. */
const quoted = (word: string): string => `--binding='${word.replaceAll("'", String.raw`'\''`)}'`;
