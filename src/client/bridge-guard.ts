import type { RemainingTime } from '../async/deadline.js';
import { LibvirtError } from '../errors/index.js';
import { REMEDIES } from '../errors/remedies.js';
import { isLayer3 } from '../schema/network/canonical.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { releaseNumber } from '../schema/release.js';
import { describeFailure, type Subject, withOutcome } from '../transport/libvirt-error.js';
import type { Transport } from '../transport/operations.js';
import type { DaemonVersion } from './daemon-version.js';
import type { HostView } from './state/host-view.js';
import { ifUnsupported } from './state/read-state.js';

/** Since this release, a start that fails deletes the device that has the name of the bridge, whoever it belongs to. */
const DELETES_DEVICES_SINCE = 10_008_000;

/** A start that the guard checks. */
export interface GuardedStart {
  readonly subject: Subject;
  /** Reads the definition that will start, if it is to be checked; called only when the daemon needs the check. */
  readonly definition: () => Promise<NetworkDocument | undefined>;
  /** The host's devices. Default: those that libvirt reports. */
  readonly view?: HostView | undefined;
}

/**
 * Keeps libvirt from deleting devices of the host. A network whose bridge has the name of an existing device
 * cannot start. libvirt finds that out by itself, but since 10.8 its cleanup then deletes the device.
 */
export class BridgeGuard {
  readonly #transport: Transport;
  readonly #version: DaemonVersion;

  constructor(transport: Transport, version: DaemonVersion) {
    this.#transport = transport;
    this.#version = version;
  }

  /**
   * Starts a network unless that would delete a device of the host.
   *
   * @param start - asks libvirt to start it
   * @throws {@link LibvirtError} code `BRIDGE_EXISTS`, or what libvirt answers
   */
  async start<T>(guarded: GuardedStart, remaining: RemainingTime, start: () => Promise<T>): Promise<T> {
    await this.assertFree(guarded, remaining);
    return this.startUnchecked(remaining, start);
  }

  /** Starts a network whose bridge was checked before; an error says when a device may be gone. */
  startUnchecked<T>(remaining: RemainingTime, start: () => Promise<T>): Promise<T> {
    return start().catch(async (error: unknown) => {
      throw (await this.#isNeeded(remaining)) ? withLoss(error) : error;
    });
  }

  /**
   * Refuses a start that would delete a device of the host. Without a view, it can only check what the driver reports.
   *
   * @throws {@link LibvirtError} code `BRIDGE_EXISTS`
   */
  async assertFree({ subject, definition, view }: GuardedStart, remaining: RemainingTime): Promise<void> {
    if (view === undefined && !(await this.#isNeeded(remaining))) return;
    const document = await definition();
    const bridge = document?.bridge?.name;
    if (document === undefined || bridge === undefined || !isLayer3(document)) return;
    const devices = await this.#devices(view, remaining);
    if (!devices.some(({ name }) => name === bridge)) return;
    throw new LibvirtError('BRIDGE_EXISTS', `${describeFailure(subject)}: the host has a device "${bridge}" already`, {
      hint: REMEDIES.BRIDGE_EXISTS,
      operation: subject.operation,
      network: subject.network,
    });
  }

  async #devices(view: HostView | undefined, remaining: RemainingTime): Promise<readonly { readonly name: string }[]> {
    if (view !== undefined) return (await view.look(remaining())).devices;
    return this.#transport.call('host.interfaces', {}, remaining()).catch(ifUnsupported);
  }

  /** True if the daemon deletes devices; one that does not report its release may. */
  async #isNeeded(remaining: RemainingTime): Promise<boolean> {
    const daemon = await this.#version.daemon(remaining).catch(() => undefined);
    return daemon === undefined || (releaseNumber(daemon) ?? DELETES_DEVICES_SINCE) >= DELETES_DEVICES_SINCE;
  }
}

/** Says what such a start may have cost where the guard could not see it before. */
const withLoss = (error: unknown): unknown =>
  LibvirtError.is(error) && error.code === 'BRIDGE_EXISTS'
    ? withOutcome(error, 'libvirt 10.8 and later may have deleted that device: check whether it still exists')
    : error;
