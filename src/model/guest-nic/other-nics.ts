import { optionsOf } from '../../options/options.js';
import type {
  InternalNicDocument,
  NullNicDocument,
  OtherNicDocument,
  VdsNicDocument,
} from '../../schema/guests/nic.js';
import { internalNicFormat, nullNicFormat, otherNicFormat, vdsNicFormat } from '../../schema/guests/other-formats.js';
import type { VdsNicSource } from '../../schema/guests/sources.js';
import type { NicContext } from './base.js';
import { EmulatedNic } from './emulated.js';
import { type GuestNicOptions, NIC_OPTIONS, partsOf } from './options.js';

/** A guest's NIC on a network inside of the hypervisor, as VirtualBox has them; with QEMU a card without a cable. */
export class InternalNic extends EmulatedNic<InternalNicDocument> {
  /** @internal */
  constructor(document: InternalNicDocument, context?: NicContext<InternalNicDocument>) {
    super(document, internalNicFormat, context);
  }

  get kind() {
    return 'internal' as const;
  }

  /**
   * Plugs a guest into a network inside of the hypervisor.
   *
   * @param name - of that network
   * @param options - MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(name: string, options: GuestNicOptions = {}): InternalNic {
    const known = optionsOf(options, NIC_OPTIONS, 'InternalNic.create');
    return new InternalNic({ type: 'internal', source: { name }, ...partsOf(known) });
  }
}

/** A guest's NIC without a cable; QEMU starts no guest with it; since libvirt 8.7.0. */
export class NullNic extends EmulatedNic<NullNicDocument> {
  /** @internal */
  constructor(document: NullNicDocument, context?: NicContext<NullNicDocument>) {
    super(document, nullNicFormat, context);
  }

  get kind() {
    return 'null' as const;
  }

  /**
   * Gives a guest a card without a cable.
   *
   * @param options - MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(options: GuestNicOptions = {}): NullNic {
    return new NullNic({ type: 'null', ...partsOf(optionsOf(options, NIC_OPTIONS, 'NullNic.create')) });
  }
}

/** A guest's NIC on a VMware distributed switch; QEMU starts no guest with it; since libvirt 8.7.0. */
export class VdsNic extends EmulatedNic<VdsNicDocument> {
  /** @internal */
  constructor(document: VdsNicDocument, context?: NicContext<VdsNicDocument>) {
    super(document, vdsNicFormat, context);
  }

  get kind() {
    return 'vds' as const;
  }

  /**
   * Plugs a guest into a port of a distributed switch.
   *
   * @param source - identity of the switch, and the port
   * @param options - MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(source: VdsNicSource, options: GuestNicOptions = {}): VdsNic {
    return new VdsNic({ type: 'vds', source, ...partsOf(optionsOf(options, NIC_OPTIONS, 'VdsNic.create')) });
  }
}

/** A guest's NIC of a type that is newer than this library, read with `unknownWords: 'keep'`. */
export class OtherNic extends EmulatedNic<OtherNicDocument> {
  /** @internal */
  constructor(document: OtherNicDocument, context?: NicContext<OtherNicDocument>) {
    super(document, otherNicFormat, context);
  }

  get kind() {
    return 'other' as const;
  }
}
