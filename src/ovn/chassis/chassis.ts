import type { CallOptions } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { kindOfValue } from '../../options/kind-of-value.js';
import { readable } from '../../options/options.js';
import type { Runner } from '../../process/runner.js';
import { isRecord } from '../../schema/values.js';
import { Ovsdb } from '../ovsdb.js';
import { factsInDatabase } from './by-database.js';
import { factsOnHost } from './by-runner.js';
import { commandsFor } from './commands.js';
import type { ChassisFacts } from './facts.js';
import { type ChassisLack, deviceWith, lacksOf, nameOfChassis } from './lacks.js';
import { type ChassisOptions, type WantedChassis, wantedChassis } from './options.js';

/** What a host lacks for OVN. {@link renderChassis} prints it. */
export interface ChassisReport {
  /** Names the host. */
  readonly host: string;
  /** True if it lacks nothing. */
  readonly ok: boolean;
  /** Name of the chassis that the host is or becomes, for `outside.chassis`; absent where it has none. */
  readonly chassis?: string | undefined;
  readonly lacks: readonly ChassisLack[];
  /** Commands for the host, in order, each as a list of words, to be run as root. They supply whatever the host lacks, apart from lacks that have a hint. They touch no device, service or bridge of the host but `br-int`. */
  readonly commands: readonly (readonly string[])[];
  /** Largest MTU of guests that fits into the underlay of this host; absent where the device is not known. */
  readonly largestMtu?: number | undefined;
  /** What could not be looked at, each a noun phrase. */
  readonly unseen: readonly string[];
}

/**
 * Finds what a host lacks to be one of OVN's: Open vSwitch, its settings for OVN, `br-int`, the controller and its connection, and an
 * underlay that has room for the headers of tunnels; and plans the commands. Changes nothing.
 *
 * @param host - a runner, such as `localRunner()` or `sshRunner('kvm2')` of `libvirt-network/host`; or Open vSwitch's own database, where
 *   devices and the controller cannot be seen
 * @param options - what the host should be
 * @throws `LibvirtError` code `INVALID_ARGUMENT`; `TransportError` where the host or the database cannot be asked; the signal's own reason
 *
 * @example
 * ```ts
 * const report = await chassis(sshRunner('kvm2'), { southbound: 'tcp:10.0.0.1:6642', ip: '10.0.0.2', bridges: { lan: 'br-ex' } });
 * console.log(renderChassis(report));
 * ```
 */
export async function chassis(host: Runner | Ovsdb, options: ChassisOptions): Promise<ChassisReport> {
  const wanted = wantedChassis(options);
  const facts = await factsOf(host, { signal: wanted.signal, timeoutMs: wanted.timeoutMs });
  const lacks = lacksOf(facts, wanted);
  return {
    host: facts.host,
    ok: lacks.length === 0,
    chassis: nameOfChassis(facts, wanted),
    lacks,
    commands: commandsFor(lacks, facts, wanted),
    largestMtu: largestMtu(facts, wanted),
    unseen: facts.devices === undefined ? ['the devices of the host', 'ovn-controller'] : [],
  };
}

function factsOf(host: Runner | Ovsdb, options: CallOptions): Promise<ChassisFacts> {
  if (host instanceof Ovsdb) return factsInDatabase(host, options);
  if (readable('chassis', () => isRecord(host) && typeof host['exec'] === 'function'))
    return factsOnHost(host, options);
  throw new LibvirtError('INVALID_ARGUMENT', `chassis needs a runner or a database, not ${kindOfValue(host)}`, {
    hint: "pass localRunner(), sshRunner('kvm2'), or Open vSwitch's own database of ovsdb()",
  });
}

function largestMtu({ devices = [] }: ChassisFacts, { ip, overhead }: WantedChassis): number | undefined {
  const device = deviceWith(devices, ip);
  return device === undefined ? undefined : device.mtu - overhead;
}
