import type { WholeBridge } from './canonical.js';
import type { BridgeField, FieldUse } from './capabilities.js';
import type { BridgeRuleId } from './check/rules.js';
import type { BackendName, Command, IfcfgConsumer, NetplanRenderer, RenderedFile } from './render/rendering.js';

/** A bridge as the systems get it: with its defaults, and with the MAC address that it will have. */
export interface ReadyBridge extends Omit<WholeBridge, 'mac'> {
  /** Absent when the kernel picks one. */
  readonly mac?: string;
}

/** Options of a renderer beside the bridge. */
export interface BackendOptions {
  readonly consumer?: IfcfgConsumer | undefined;
  readonly renderer: NetplanRenderer;
}

/** Result of a renderer; the rest of a rendering is the same for all. */
export interface RenderedParts {
  readonly files?: readonly RenderedFile[];
  readonly apply: readonly Command[];
  readonly revert: readonly Command[];
  /** Rules about this system that the reader of the result should know of. */
  readonly warnings?: readonly (readonly [
    rule: BridgeRuleId,
    path: string,
    params?: Readonly<Record<string, string>>,
  ])[];
}

/** Something that a system can express at times only. */
export interface PartialLack {
  /** Why not, as one clause. */
  readonly reason: string;
  /** Tells whether this use is one that it cannot express. */
  readonly when: (use: FieldUse, bridge: ReadyBridge, options: BackendOptions) => boolean;
}

/** A host network system. */
export interface Backend {
  readonly name: BackendName;
  /** Its name for people. */
  readonly title: string;
  /** Why it cannot express a field, always or at times. Fields that are not named are expressed. */
  readonly lacks: { readonly [K in BridgeField]?: string | PartialLack };
  /** True if what it is given is there after a restart of the host. */
  readonly isPersistent: boolean;
  readonly render: (bridge: ReadyBridge, options: BackendOptions) => RenderedParts;
}

/** A lack that is one at times. */
export const partly = (reason: string, when: PartialLack['when']): PartialLack => ({ reason, when });

/** Times that a system counts in whole seconds. */
export const wholeSeconds: PartialLack = partly('it counts in whole seconds', ({ value }) => !Number.isInteger(value));

/** Tells whether the MTU of a bridge is below those of all its ports, which the kernel would take by itself. */
export const isBelowPorts = ({ mtu, ports }: ReadyBridge): boolean =>
  mtu !== undefined && ports.every((port) => port.mtu !== undefined && port.mtu > mtu);

/** Why a system cannot express one use of a field; `undefined` when it can. */
export function refusal(
  backend: Backend,
  use: FieldUse,
  bridge: ReadyBridge,
  options: BackendOptions,
): string | undefined {
  const lack = backend.lacks[use.field];
  if (lack === undefined || typeof lack === 'string') return lack;
  return lack.when(use, bridge, options) ? lack.reason : undefined;
}
