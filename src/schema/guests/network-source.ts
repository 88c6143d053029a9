import { attribute, type ElementTable, type Extra, element, type FieldFacts, optional } from '../element.js';
import { oneOf, text } from '../scalar.js';

/** libvirt reports it of running guests and ignores it on input. */
const REPORTED: FieldFacts = { output: true };
/** Facts of attributes of which an empty text is a value. */
export const GIVEN: FieldFacts = { empty: 'value' };

/** Which part of the host answers for the MAC addresses of a bridge. */
export type MacTableManager = 'kernel' | 'libvirt';

/** The network that a running guest's NIC was plugged into: reported by libvirt, whatever the NIC has become of it. */
export interface ReportedNetwork {
  /** Name of the network. */
  readonly network?: string;
  /** The port group that the definition names. */
  readonly portgroup?: string;
  /** Identity of the network's port. */
  readonly portid?: string;
}
/** Their places. */
export const reported = {
  network: optional(attribute('network', text, REPORTED)),
  portgroup: optional(attribute('portgroup', text, REPORTED)),
  portid: optional(attribute('portid', text, REPORTED)),
};

/** A network of libvirt. */
export interface NetworkNicSource {
  /** Name of the network. */
  readonly network: string;
  /** One of its port groups; since libvirt 0.9.4. */
  readonly portgroup?: string;
  /** Identity of the port; reported of running guests. */
  readonly portid?: string;
  /** Bridge of the network; reported of running guests. */
  readonly bridge?: string;
  /** Reported of running guests. */
  readonly macTableManager?: MacTableManager;
  readonly extra?: Extra;
}
/** Its place. */
export const macTableManager = optional(attribute('macTableManager', oneOf('kernel', 'libvirt'), REPORTED));
export const networkNicSourceTable: ElementTable<NetworkNicSource> = element('source', {
  network: attribute('network', text, GIVEN),
  portgroup: optional(attribute('portgroup', text)),
  portid: optional(attribute('portid', text, REPORTED)),
  bridge: optional(attribute('bridge', text, REPORTED)),
  macTableManager,
});
