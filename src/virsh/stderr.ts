import { meaningOf } from '../errors/libvirt.js';

/** Lines that virsh itself prints before libvirt's own words. */
const GENERIC = new RegExp(
  [
    'failed to connect to the hypervisor',
    "failed to get (?:network|network port|interface|domain) '.*'",
    'failed to (?:mark|unmark) network .* as autostarted',
    'failed to get the hypervisor version',
    'Failed to (?:define|create) network (?:port )?from .*',
    'Failed to (?:start|destroy|undefine|update) network .*',
    'Failed to delete network port .*',
    'Failed to list (?:networks|network ports|(?:in)?active interfaces|interfaces)',
    'Failed to get leases info for .*',
    'Failed to set new network (?:title|description)',
    'Failed to (?:attach|detach|update) device from .*',
    'Failed to list domains',
    'Failed to query for interfaces addresses',
    'Failed to get interface stats .*',
    'Failed to register network lifecycle events',
  ]
    .map((words) => `^${words}$`)
    .join('|'),
  's',
);

/** The records of virsh: what follows `error: ` up to the next one. */
const recordsOf = (stderr: string): readonly string[] =>
  stderr
    .split(/^error: /m)
    .map((record) => record.trim())
    .filter((record) => record !== '');

/** Tells whether virsh itself says that a command failed, whatever else begins a line with `error: `. */
export const saysFailure = (stderr: string): boolean =>
  /^error: /m.test(stderr) &&
  recordsOf(stderr).some((record) => GENERIC.test(record) || meaningOf(record).code !== 'LIBVIRT');

/** Tells whether a command of a batch failed, which has no exit status of its own. */
export const hasFailed = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): boolean =>
  saysFailure(stderr) || (stdout.trim() === '' && /^error: /m.test(stderr));

/** Messages of virsh and libvirt. */
export interface Words {
  /** libvirt's own words where there are any, else virsh's; empty when nothing was said. */
  readonly message: string;
  /** True if the daemon was reached before. */
  readonly connected: boolean;
}

/**
 * Reads the error output: a lost connection if there was one, else the last of virsh's records that is not an introduction of its own (earlier ones are warnings), or the introduction alone.
 */
export function wordsOf(stderr: string): Words {
  const records = recordsOf(stderr);
  const own = records.filter((record) => !GENERIC.test(record));
  const lost = own.find((record) => record.startsWith('Disconnected from '));
  return {
    message: lost ?? own.at(-1) ?? records.at(-1) ?? '',
    connected: !records.includes('failed to connect to the hypervisor'),
  };
}
