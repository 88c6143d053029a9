import { CALL_OPTIONS } from '../../async/deadline.js';
import type { CallOptions, Host } from '../../client/index.js';
import type { AnyNetwork } from '../../model/network.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { runScript } from '../../process/run-script.js';
import { compact } from '../../schema/values.js';
import { localRunner, type Runner } from '../runner/runner.js';
import { DEFAULT_PATHS, type StatePaths } from '../transaction/host-change.js';
import { type FoundBridge, findBridges, type LibvirtNetwork } from './bridges.js';
import { type Observation, observe } from './observe.js';
import { type HostManager, managerOf } from './owners.js';

/** Options of {@link discover}. */
export interface DiscoverOptions extends CallOptions {
  /** The way to the host. Default: this machine. */
  readonly runner?: Runner | undefined;
  /** The host's libvirt, whose networks show which bridges are its own. Default: libvirt is not asked, and its bridges look like others. */
  readonly libvirt?: Host | undefined;
  /** Where the host keeps records. Default: as for changes. */
  readonly paths?: Partial<StatePaths> | undefined;
}

const OPTIONS: OptionNames<DiscoverOptions> = { ...CALL_OPTIONS, runner: true, libvirt: true, paths: true };

/** The network of a host, as far as bridges are concerned. */
export interface HostNetwork {
  /** Who manages the devices that lead to the outside. */
  readonly manager: HostManager;
  readonly bridges: readonly FoundBridge[];
  /** The networks of libvirt, where it was asked. */
  readonly networks: readonly LibvirtNetwork[];
  /** Everything that was read. */
  readonly observation: Observation;
}

/**
 * Looks at the network of a host, and changes nothing: who manages it, and which bridges there are.
 *
 * @param options - the way to the host, and its libvirt
 * @throws `TransportError` when the host or its libvirt cannot be asked
 *
 * @example
 * ```ts
 * const { manager, bridges } = await discover({ libvirt: host });
 * ```
 */
export async function discover(options: DiscoverOptions = {}): Promise<HostNetwork> {
  const known = optionsOf(options, OPTIONS, 'discover');
  const { runner = localRunner(), libvirt, signal, timeoutMs } = known;
  const limits = { signal, timeoutMs };
  const [observation, ours, networks] = await Promise.all([
    observe(runner, limits),
    recordedBridges(runner, { ...DEFAULT_PATHS, ...known.paths }, limits),
    libvirt === undefined ? [] : libvirtNetworks(libvirt, limits),
  ]);
  return {
    manager: managerOf(observation),
    bridges: findBridges(observation, { networks, ours }),
    networks,
    observation,
  };
}

const LIST_RECORDS = 'cd "$1" 2>/dev/null && for f in *.json; do [ ! -f "$f" ] || basename "$f" .json; done; :';

async function recordedBridges(
  runner: Runner,
  { records }: StatePaths,
  options: CallOptions,
): Promise<readonly string[]> {
  const names = await runScript(runner, {
    what: 'read the records',
    script: LIST_RECORDS,
    args: [records],
    ...options,
  });
  return names.split('\n').filter((name) => name !== '');
}

async function libvirtNetworks(libvirt: Host, options: CallOptions): Promise<readonly LibvirtNetwork[]> {
  const listed = await libvirt.networks.readAll(options);
  return listed.flatMap(({ network, state }) => (network === undefined ? [] : [libvirtNetwork(network, state.active)]));
}

function libvirtNetwork({ document }: AnyNetwork, active: boolean): LibvirtNetwork {
  const { name, forward, bridge } = document;
  const devices = [forward?.dev, ...(forward?.interfaces ?? []).map(({ dev }) => dev)];
  return compact({
    name,
    active,
    devices: [...new Set(devices.flatMap((device) => device ?? []))],
    mode: forward === undefined ? undefined : (forward.mode ?? 'nat'),
    bridge: bridge?.name,
  });
}
