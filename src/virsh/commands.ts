import type { Copies, Operation, Operations } from '../client/operations.js';

/** Operations that one virsh command carries out, whose output matters only when they read. */
export type SimpleOperation = Exclude<
  Operation,
  | 'host.versions'
  | 'host.interfaces'
  | 'network.list'
  | 'network.lookup'
  | 'network.leases'
  | 'network.ports'
  | 'metadata.get'
>;

/** A virsh command for an operation. */
export interface Command {
  /** The words behind virsh's options; values stand behind `=`, so that none is taken for an option. */
  readonly words: (input: Readonly<Record<string, unknown>>, file: string) => readonly string[];
  /** Whether it changes something. */
  readonly changes: boolean;
  /** The property that is handed over as a file. */
  readonly file?: string;
  /** First libvirt release that has it. */
  readonly since?: string;
}

const value = (name: string, input: unknown): string => `--${name}=${String(input)}`;
const flag = (name: string, wanted: unknown): string[] => (wanted === true ? [`--${name}`] : []);
const network = (input: Readonly<Record<string, unknown>>): string => value('network', input['network']);
const copies = (input: Readonly<Record<string, unknown>> & Partial<Copies>): string[] => [
  ...flag('live', input['live']),
  ...flag('config', input['config']),
];

/** One row an operation. */
export const COMMANDS: Readonly<Record<SimpleOperation, Command>> = {
  'interface.dump': { changes: false, words: (input) => ['iface-dumpxml', value('interface', input['name'])] },
  'network.dump': {
    changes: false,
    words: (input) => ['net-dumpxml', network(input), ...flag('inactive', input['inactive'])],
  },
  'network.define': {
    changes: true,
    file: 'xml',
    words: (input, file) => ['net-define', value('file', file), ...flag('validate', input['validate'])],
  },
  'network.create': {
    changes: true,
    file: 'xml',
    words: (input, file) => ['net-create', value('file', file), ...flag('validate', input['validate'])],
  },
  'network.start': { changes: true, words: (input) => ['net-start', network(input)] },
  'network.destroy': { changes: true, words: (input) => ['net-destroy', network(input)] },
  'network.undefine': { changes: true, words: (input) => ['net-undefine', network(input)] },
  'network.autostart': {
    changes: true,
    words: (input) => ['net-autostart', network(input), ...flag('disable', input['enabled'] === false)],
  },
  'network.update': {
    changes: true,
    file: 'xml',
    words: (input, file) => [
      'net-update',
      network(input),
      value('command', input['command']),
      value('section', input['section']),
      // virsh takes text that does not begin with < for the name of a file.
      value('xml', file),
      ...(input['parentIndex'] === undefined ? [] : [value('parent-index', input['parentIndex'])]),
      ...copies(input),
    ],
  },
  'port.dump': { changes: false, words: (input) => ['net-port-dumpxml', network(input), value('port', input['port'])] },
  'port.create': {
    changes: true,
    file: 'xml',
    words: (input, file) => ['net-port-create', network(input), value('file', file)],
  },
  'port.delete': { changes: true, words: (input) => ['net-port-delete', network(input), value('port', input['port'])] },
  'metadata.set': {
    changes: true,
    since: '9.7.0',
    words: (input) => [
      'net-metadata',
      network(input),
      value('uri', input['uri']),
      ...(input['xml'] === undefined ? ['--remove'] : [value('key', input['key']), value('set', input['xml'])]),
      ...copies(input),
    ],
  },
  'text.set': {
    changes: true,
    since: '9.7.0',
    words: (input) => [
      'net-desc',
      network(input),
      ...flag('title', input['kind'] === 'title'),
      value('new-desc', input['text']),
      ...copies(input),
    ],
  },
};

/** What an operation's input may not hold, since neither libvirt nor an argument of a program can. */
export function badText(input: Operations[Operation]['input']): string | undefined {
  for (const [key, text] of Object.entries(input)) {
    if (typeof text !== 'string' || key === 'xml') continue;
    if (text.includes('\0')) return `${key} has a NUL character`;
    if (text === '' && key !== 'text') return `${key} is empty`;
  }
  return undefined;
}
