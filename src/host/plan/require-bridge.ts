import { CALL_OPTIONS } from '../../async/deadline.js';
import type { CallOptions } from '../../client/index.js';
import { HostBridgeError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { HostDevice } from '../../host-facts/devices.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { findDevice, observe } from '../observe/observe.js';
import { localRunner, type Runner } from '../runner/runner.js';

/** Options of {@link requireBridge}. */
export interface RequireOptions extends CallOptions {
  /** The way to the host. Default: this machine. */
  readonly runner?: Runner | undefined;
}

const OPTIONS: OptionNames<RequireOptions> = { ...CALL_OPTIONS, runner: true };

/**
 * Makes sure that a bridge is there before a network or a guest is put on it: libvirt defines and starts a network on a
 * bridge that does not exist, and only its guests then fail.
 *
 * @param bridge - name of a Linux or Open vSwitch bridge, such as `network.document.bridge.name`
 * @param options - the way to the host
 * @throws `HostBridgeError` code `HOST_BRIDGE_MISSING`
 */
export async function requireBridge(bridge: string, options: RequireOptions = {}): Promise<void> {
  const { runner = localRunner(), signal, timeoutMs } = optionsOf(options, OPTIONS, 'requireBridge');
  const host = await observe(runner, { signal, timeoutMs });
  const device = findDevice(host, bridge);
  if (device?.bridge !== undefined || host.openvswitch.includes(bridge)) return;
  const others = [...host.devices.filter(isBridge).map(({ name }) => name), ...host.openvswitch].join(', ') || 'none';
  const what = device === undefined ? 'there is no such device' : `it is a ${device.kind} device`;
  throw new HostBridgeError(
    'HOST_BRIDGE_MISSING',
    `no bridge "${bridge}" on ${host.label}: ${what}; bridges: ${others}`,
    {
      hint: REMEDIES.HOST_BRIDGE_MISSING,
    },
  );
}

const isBridge = ({ bridge }: HostDevice): boolean => bridge !== undefined;
