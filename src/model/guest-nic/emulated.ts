import type { NicDriver } from '../../schema/guests/driver.js';
import type { NicFilterParameter } from '../../schema/guests/host-end.js';
import type { EmulatedNicParts, FilteredNicParts, NicDocument } from '../../schema/guests/nic.js';
import type { VirtualPort } from '../../schema/network/ports.js';
import { expectText } from '../argument.js';
import type { FilterName } from '../filter/built-in.js';
import { type VlanTags, vlanOf } from '../vlan.js';
import { BaseNic } from './base.js';

/** Values for the variables of a filter: one for each name, or a list. */
export type NicFilterParameters = Readonly<Record<string, string | readonly string[]>>;

/** Base of the types whose card QEMU emulates. */
export abstract class EmulatedNic<D extends NicDocument & EmulatedNicParts> extends BaseNic<D> {
  /**
   * Chooses the card that the guest sees.
   *
   * @param model - such as `virtio`, `e1000e` or `rtl8139`
   */
  withModel(model: string): this {
    return this.withParts({ model: { ...this.document.model, type: model } });
  }

  /** Says how packets go between a virtio NIC and the host, such as with how many queues. */
  withDriver(driver: NicDriver): this {
    return this.withParts({ driver });
  }
}

/** Base of the types whose packets a filter sees. */
export abstract class FilteredNic<D extends NicDocument & FilteredNicParts> extends EmulatedNic<D> {
  /**
   * Sends the guest's packets through a filter; since libvirt 0.8.0.
   *
   * @param filter - its name; editors complete those of libvirt's packages, such as `clean-traffic`
   * @param parameters - values for its variables, such as `{ IP: '10.0.0.5' }`; a list for several
   */
  withFilter(filter: FilterName, parameters: NicFilterParameters = {}): this {
    expectText(filter, 'withFilter', 'the name of a filter');
    const list = Object.entries(parameters).flatMap(([name, values]): NicFilterParameter[] =>
      (typeof values === 'string' ? [values] : values).map((value) => ({ name, value })),
    );
    return this.withParts({ filterref: { filter, ...(list.length > 0 ? { parameters: list } : {}) } });
  }

  /** Lets the guest's packets pass without a filter. */
  withoutFilter(): this {
    return this.withParts({ filterref: undefined });
  }

  /**
   * Sets the largest packet; since libvirt 3.1.0.
   *
   * @param size - in bytes
   */
  withMtu(size: number): this {
    return this.withParts({ mtu: { size } });
  }
}

/** Base of the types that are plugged into a switch of the host: a network or a bridge. */
export abstract class SwitchedNic<D extends NicDocument & FilteredNicParts> extends FilteredNic<D> {
  /**
   * Tags the guest's traffic; since libvirt 0.10.2, on Linux bridges since 11.0.
   *
   * @param tags - ids from 0 to 4095
   */
  withVlan(tags: VlanTags): this {
    return this.withParts({ vlan: vlanOf(tags) });
  }

  /** Says how the port is set up on the switch. */
  withVirtualPort(port: VirtualPort): this {
    return this.withParts({ virtualport: port });
  }

  /** Keeps the guest from talking to other isolated guests; Linux bridges only; since libvirt 6.1.0. Default: true. */
  isolated(enabled = true): this {
    return this.withParts({ port: { ...this.document.port, isolated: enabled } });
  }

  /**
   * Collects received packets before the guest is interrupted; since libvirt 3.3.0.
   *
   * @param frames - how many packets at most
   */
  withCoalesce(frames: number): this {
    return this.withParts({ coalesce: { rx: { frames: { max: frames } } } });
  }
}
