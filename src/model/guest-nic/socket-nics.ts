import { optionsOf } from '../../options/options.js';
import type {
  ClientNicDocument,
  MulticastNicDocument,
  ServerNicDocument,
  UdpNicDocument,
} from '../../schema/guests/nic.js';
import {
  clientNicFormat,
  multicastNicFormat,
  serverNicFormat,
  udpNicFormat,
} from '../../schema/guests/other-formats.js';
import type { ServerNicSource, SocketNicSource, UdpNicSource } from '../../schema/guests/sources.js';
import type { NicContext } from './base.js';
import { EmulatedNic } from './emulated.js';
import { type GuestNicOptions, NIC_OPTIONS, partsOf } from './options.js';

/** A guest's NIC at one end of a tunnel over UDP; since libvirt 1.2.20. It cannot be plugged into a running guest. */
export class UdpNic extends EmulatedNic<UdpNicDocument> {
  /** @internal */
  constructor(document: UdpNicDocument, context?: NicContext<UdpNicDocument>) {
    super(document, udpNicFormat, context);
  }

  get kind() {
    return 'udp' as const;
  }

  /**
   * Connects a guest to the other end of a tunnel.
   *
   * @param source - address and port of the other end, and `local`, those of this one
   * @param options - MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(source: UdpNicSource, options: GuestNicOptions = {}): UdpNic {
    return new UdpNic({ type: 'udp', source, ...partsOf(optionsOf(options, NIC_OPTIONS, 'UdpNic.create')) });
  }
}

/** A guest's NIC that listens for one of type `client`. It cannot be plugged into a running guest. */
export class ServerNic extends EmulatedNic<ServerNicDocument> {
  /** @internal */
  constructor(document: ServerNicDocument, context?: NicContext<ServerNicDocument>) {
    super(document, serverNicFormat, context);
  }

  get kind() {
    return 'server' as const;
  }

  /**
   * Lets a guest wait for another one.
   *
   * @param source - port to listen on, and address of the host
   * @param options - MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(source: ServerNicSource, options: GuestNicOptions = {}): ServerNic {
    return new ServerNic({ type: 'server', source, ...partsOf(optionsOf(options, NIC_OPTIONS, 'ServerNic.create')) });
  }
}

/** A guest's NIC that connects to one of type `server`. It cannot be plugged into a running guest. */
export class ClientNic extends EmulatedNic<ClientNicDocument> {
  /** @internal */
  constructor(document: ClientNicDocument, context?: NicContext<ClientNicDocument>) {
    super(document, clientNicFormat, context);
  }

  get kind() {
    return 'client' as const;
  }

  /**
   * Connects a guest to one that waits.
   *
   * @param source - address and port that the other guest listens on
   * @param options - MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(source: SocketNicSource, options: GuestNicOptions = {}): ClientNic {
    return new ClientNic({ type: 'client', source, ...partsOf(optionsOf(options, NIC_OPTIONS, 'ClientNic.create')) });
  }
}

/** A guest's NIC that sends to all of one multicast address and port. It cannot be plugged into a running guest. */
export class MulticastNic extends EmulatedNic<MulticastNicDocument> {
  /** @internal */
  constructor(document: MulticastNicDocument, context?: NicContext<MulticastNicDocument>) {
    super(document, multicastNicFormat, context);
  }

  get kind() {
    return 'mcast' as const;
  }

  /**
   * Connects a guest to all that use one multicast address.
   *
   * @param source - multicast address and port
   * @param options - MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(source: SocketNicSource, options: GuestNicOptions = {}): MulticastNic {
    const known = optionsOf(options, NIC_OPTIONS, 'MulticastNic.create');
    return new MulticastNic({ type: 'mcast', source, ...partsOf(known) });
  }
}
