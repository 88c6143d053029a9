import type { HostDevice } from '../../host-facts/devices.js';

/** The controller of OVN on a host: what it says of its connection, such as `connected`; `absent` where it does not answer. */
export type ControllerState = 'absent' | 'connected' | 'not connected';

/** What was found on a host. */
export interface ChassisFacts {
  /** Names the host in messages. */
  readonly host: string;
  /** Open vSwitch: it answers, it does not, or it is not installed. */
  readonly openVswitch: 'running' | 'stopped' | 'absent';
  /** Settings for OVN: `external_ids` of Open vSwitch. */
  readonly settings: ReadonlyMap<string, string>;
  /** Names of the bridges of Open vSwitch. */
  readonly bridges: ReadonlySet<string>;
  /** The host's own name. Default: not known. */
  readonly hostName?: string | undefined;
  /** Devices of the host. Default: not known. */
  readonly devices?: readonly HostDevice[] | undefined;
  /** Default: not known. */
  readonly controller?: ControllerState | undefined;
}

/** Name of the bridge that guests of OVN are plugged into. */
export const INTEGRATION_BRIDGE = 'br-int';
