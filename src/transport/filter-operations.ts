import type { Op } from './op.js';

/** A filter of guests' traffic that libvirt has stored. */
export interface FilterState {
  readonly name: string;
  readonly uuid: string;
  /** The definition, where it was asked for. */
  readonly xml?: string;
}

/** A filter in force on a NIC of a guest. */
export interface BindingState {
  /** The NIC's device on the host, such as `vnet0`. */
  readonly device: string;
  /** Name of the filter. */
  readonly filter: string;
  /** The definition, where it was asked for. */
  readonly xml?: string;
}

/** Names a filter. */
export interface FilterInput {
  /** Its uuid or name. Text that has the form of a uuid is taken for one first. */
  readonly filter: string;
}

/** Names a binding. */
export interface BindingInput {
  /** The NIC's device on the host. */
  readonly binding: string;
}

/** What a transport can be asked of network filters. Source: the virNWFilter functions of libvirt's API. */
export interface FilterOperations {
  /** Filters in no particular order. */
  'filter.list': Op<
    { /** True to include each definition. Default: false. */ readonly xml?: boolean },
    readonly FilterState[]
  >;
  /** Returns the definition of a filter. */
  'filter.dump': Op<FilterInput, string>;
  /** Stores a filter, or changes the one of the same name and uuid. */
  'filter.define': Op<{ /** The `<filter>` element. */ readonly xml: string }, undefined>;
  'filter.undefine': Op<FilterInput, undefined>;
  /** Filters in force; since libvirt 4.5.0, as all operations of bindings. */
  'binding.list': Op<
    { /** True to include each definition. Default: false. */ readonly xml?: boolean },
    readonly BindingState[]
  >;
  /** Returns the definition of a binding. */
  'binding.dump': Op<BindingInput, string>;
  /** Puts a filter in force on a device. */
  'binding.create': Op<{ /** The `<filterbinding>` element. */ readonly xml: string }, undefined>;
  /** Takes the filter of a device out of force: its traffic is not filtered any more. */
  'binding.delete': Op<BindingInput, undefined>;
}
