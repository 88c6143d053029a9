import type { WholeBridge } from './canonical.js';
import type { BridgeField, FieldUse } from './capabilities.js';
import type { BridgeRuleId } from './check/rules.js';
import type {
  BackendName,
  Command,
  IfcfgConsumer,
  NetplanRenderer,
  NetworkSystem,
  RenderedFile,
} from './render/rendering.js';

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

/**
 * How a backend can be tried without a trace that outlives a restart: `volatile` where its files have a twin below
 * `/run`; `kernel` where they have none, so that the change itself is made with `ip` and the files come with the decision;
 * `direct` where its commands are all there is.
 */
export type TrialKind = 'volatile' | 'kernel' | 'direct';

/**
 * One backend: all that the library knows of a way to write a bridge, apart from reading it back, which needs other
 * parsers (`read/index.ts`).
 */
export interface Backend<N extends BackendName = BackendName> {
  readonly name: N;
  /** Its name for people. */
  readonly title: string;
  /** Why it cannot express a field, always or at times. Fields that are not named are expressed. */
  readonly lacks: { readonly [K in BridgeField]?: string | PartialLack };
  /** True if what it is given is there after a restart of the host. */
  readonly isPersistent: boolean;
  /** How it is tried before it is kept. */
  readonly trial: TrialKind;
  /** The program without which its files mean nothing. Default: none. */
  readonly tool?: string;
  /** Systems whose devices it may change, its own first. Empty: those of every system, with a warning. */
  readonly ownedBy: readonly NetworkSystem[];
  readonly render: (bridge: ReadyBridge, options: BackendOptions) => RenderedParts;
}

/** The lacks of a system without VXLANs: what a VXLAN can have, it has none of either. */
export const withoutVxlans = (reason: string) =>
  ({
    vxlanPort: reason,
    vxlanRemotes: reason,
    vxlanGroup: reason,
    vxlanDevice: reason,
    vxlanLearning: reason,
  }) as const satisfies Backend['lacks'];

/** A lack that is one at times. */
export const partlyLacks = (reason: string, when: PartialLack['when']): PartialLack => ({ reason, when });

/** Times that a system counts in whole seconds. */
export const wholeSeconds: PartialLack = partlyLacks(
  'it counts in whole seconds',
  ({ value }) => !Number.isInteger(value),
);

/** Tells whether the MTU of a bridge is below those of all its ports, which the kernel would take by itself. */
export const isBelowPorts = ({ mtu, ports }: ReadyBridge): boolean => mtu !== undefined && smallestOf(ports) > mtu;

/** Known per list: each port asks for it. */
const SMALLEST = new WeakMap<ReadyBridge['ports'], number>();

/** The smallest MTU of some ports, 0 when one of them has none of its own. */
function smallestOf(ports: ReadyBridge['ports']): number {
  const known = SMALLEST.get(ports);
  if (known !== undefined) return known;
  const smallest = ports.reduce((least, { mtu = 0 }) => Math.min(least, mtu), Number.POSITIVE_INFINITY);
  SMALLEST.set(ports, smallest);
  return smallest;
}

/** Why a system cannot express one use of a field; `undefined` when it can. */
export function unsupportedReason(
  backend: Backend,
  use: FieldUse,
  bridge: ReadyBridge,
  options: BackendOptions,
): string | undefined {
  const lack = backend.lacks[use.field];
  if (lack === undefined || typeof lack === 'string') return lack;
  return lack.when(use, bridge, options) ? lack.reason : undefined;
}
