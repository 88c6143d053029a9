import type { Rest } from '../async/deadline.js';
import { LibvirtError } from '../errors/index.js';
import { REMEDIES } from '../errors/remedies.js';
import { isLayer3 } from '../schema/network/canonical.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { releaseNumber } from '../schema/release.js';
import { after, cannot, type Subject } from '../transport/libvirt-error.js';
import type { Transport } from '../transport/operations.js';
import { ifUnsupported } from './state/tolerated.js';

/** Since this release a start that fails takes the device away that has the name of the bridge, whosever it is. */
const TAKES_DEVICES_SINCE = 10_008_000;

/**
 * Keeps libvirt from taking away devices of the host. A network whose bridge has the name of a device that is there
 * cannot start; libvirt finds that out by itself, but since 10.8 its cleaning up then deletes the device.
 */
export class BridgeGuard {
  readonly #transport: Transport;
  #isNeeded: Promise<boolean> | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Whether starts must be looked after at all; asked once a connection. */
  isNeeded(rest: Rest): Promise<boolean> {
    this.#isNeeded ??= this.#ask(rest).catch(() => {
      this.#isNeeded = undefined; // it may be known the next time
      return true;
    });
    return this.#isNeeded;
  }

  /**
   * Refuses a start that would cost the host a device. Drivers that do not tell the host's devices cannot be helped.
   *
   * @throws {@link LibvirtError} code `BRIDGE_EXISTS`
   */
  async assertFree(document: NetworkDocument, subject: Subject, rest: Rest): Promise<void> {
    const bridge = document.bridge?.name;
    if (bridge === undefined || !isLayer3(document)) return;
    const devices = await this.#transport.call('host.interfaces', {}, rest()).catch(ifUnsupported);
    this.assertNone(document, devices, subject);
  }

  /**
   * The same with the devices that the host is known to have.
   *
   * @throws {@link LibvirtError} code `BRIDGE_EXISTS`
   */
  assertNone(document: NetworkDocument, devices: readonly { readonly name: string }[], subject: Subject): void {
    const bridge = document.bridge?.name;
    if (!isLayer3(document) || !devices.some(({ name }) => name === bridge)) return;
    throw new LibvirtError('BRIDGE_EXISTS', `${cannot(subject)}: the host has a device "${bridge}" already`, {
      hint: REMEDIES.BRIDGE_EXISTS,
      operation: subject.operation,
      network: subject.network,
    });
  }

  async #ask(rest: Rest): Promise<boolean> {
    const { daemon } = await this.#transport.call('host.capabilities', {}, rest());
    return daemon === undefined || (releaseNumber(daemon) ?? TAKES_DEVICES_SINCE) >= TAKES_DEVICES_SINCE;
  }
}

/** Says what such a start may have cost where it could not be refused before. */
export const withLoss = (error: unknown): unknown =>
  LibvirtError.is(error) && error.code === 'BRIDGE_EXISTS'
    ? after(error, 'libvirt 10.8 and later may have taken that device away: look whether it is still there')
    : error;
