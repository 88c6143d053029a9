import { releaseNumber } from '../schema/release.js';
import { MIN_RELEASES } from '../transport/min-releases.js';
import type { Capabilities, Operation } from '../transport/operations.js';
import type { Output } from './batch.js';
import type { Processes, Task } from './process.js';
import { hasFailed } from './stderr.js';

/** The command of each operation that some virsh does not have. */
const COMMAND_OF: { readonly [K in Operation]?: string } = {
  'host.interfaces': 'iface-list',
  'interface.dump': 'iface-dumpxml',
  'network.update': 'net-update',
  'network.leases': 'net-dhcp-leases',
  'network.ports': 'net-port-list',
  'port.dump': 'net-port-dumpxml',
  'port.create': 'net-port-create',
  'port.delete': 'net-port-delete',
  'metadata.get': 'net-metadata',
  'metadata.set': 'net-metadata',
  'text.set': 'net-desc',
};

/** Releases and commands of both ends, from one process. */
export async function capabilitiesOf(processes: Processes, task: Task): Promise<Capabilities> {
  const operations = Object.keys(COMMAND_OF) as Operation[]; // the keys are those of the table above
  const commands = [...new Set(Object.values(COMMAND_OF))];
  const [version, ...helps] = await processes.batch(
    ['version --daemon', ...commands.map((command) => `help ${command}`)],
    task,
  );
  const client = releaseIn(version, /^Using library: libvirt (\d+\.\d+\.\d+)$/m);
  const daemon = releaseIn(version, /^Running against daemon: (\d+\.\d+\.\d+)$/m);
  const unknown = new Set(commands.filter((_, i) => helps[i] === undefined || hasFailed(helps[i])));
  const lacks = (operation: Operation): boolean =>
    unknown.has(COMMAND_OF[operation] ?? '') || isOlder(daemon, MIN_RELEASES[operation]);
  return {
    ...(client === undefined ? {} : { client }),
    ...(daemon === undefined ? {} : { daemon }),
    missing: operations.filter(lacks),
  };
}

const releaseIn = (output: Output | undefined, pattern: RegExp): string | undefined =>
  pattern.exec(output?.stdout ?? '')?.[1];

const isOlder = (release: string | undefined, needed: string | undefined): boolean =>
  release !== undefined && needed !== undefined && (releaseNumber(release) ?? 0) < (releaseNumber(needed) ?? 0);
