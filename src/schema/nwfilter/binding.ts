import { attribute, type ElementTable, type Extra, element, leaf, one, optional } from '../element.js';
import { mac, text, uuid } from '../scalar.js';
import { type FilterReference, filterReferenceTable } from './filterref.js';

/** The guest that a filtered NIC belongs to. */
export interface BindingOwner {
  /** Name of the guest. */
  readonly name: string;
  /** Identity of the guest. */
  readonly uuid: string;
  readonly extra?: Extra;
}
export const bindingOwnerTable: ElementTable<BindingOwner> = element('owner', {
  name: leaf('name', text, { missing: 'ELEMENT_REQUIRED' }),
  uuid: leaf('uuid', uuid, { invalid: 'UUID_MALFORMED', missing: 'ELEMENT_REQUIRED' }),
});

/** A device of the host. */
export interface BindingDevice {
  readonly name: string;
  readonly extra?: Extra;
}
export const portTable: ElementTable<BindingDevice> = element('portdev', { name: attribute('name', text) });
export const linkTable: ElementTable<BindingDevice> = element('linkdev', { name: attribute('name', text) });

/** The MAC address of a filtered NIC. */
export interface BindingMac {
  readonly address: string;
  readonly extra?: Extra;
}
export const bindingMacTable: ElementTable<BindingMac> = element('mac', {
  address: attribute('address', mac, { invalid: 'MAC_INVALID' }),
});

/** The firewall that a binding's rules are in; since libvirt 12.8. */
export interface BindingBackend {
  /** `nftables` or `iptables`. */
  readonly name?: string;
  readonly extra?: Extra;
}
export const backendTable: ElementTable<BindingBackend> = element('backend', {
  name: optional(attribute('name', text, { output: true })),
});

/** In a binding libvirt takes an empty name of a filter for a missing one, which it does not in a filter. */
export const bindingReferenceTable: ElementTable<FilterReference> = {
  ...filterReferenceTable,
  fields: { ...filterReferenceTable.fields, filter: attribute('filter', text) },
};

/** `<filterbinding>`: a filter in force on one NIC of a guest. */
export interface FilterBindingDocument {
  readonly owner: BindingOwner;
  /** The NIC's device on the host, such as `vnet0`: the binding's name. */
  readonly portdev: BindingDevice;
  /** The host's NIC that a direct NIC goes through. */
  readonly linkdev?: BindingDevice;
  readonly mac: BindingMac;
  readonly filterref: FilterReference;
  /** The firewall in force, which libvirt reports and does not read; since libvirt 12.8. */
  readonly backend?: BindingBackend;
  readonly extra?: Extra;
}
export const filterBindingTable: ElementTable<FilterBindingDocument> = element('filterbinding', {
  owner: one(bindingOwnerTable, { missing: 'ELEMENT_REQUIRED', firstHaving: 'name' }),
  portdev: one(portTable, { missing: 'ELEMENT_REQUIRED', firstHaving: 'name' }),
  linkdev: optional(one(linkTable)),
  mac: one(bindingMacTable, { missing: 'ELEMENT_REQUIRED', firstHaving: 'address' }),
  filterref: one(bindingReferenceTable, { missing: 'ELEMENT_REQUIRED', firstHaving: 'filter' }),
  backend: optional(one(backendTable, { since: '12.8.0' })),
});
