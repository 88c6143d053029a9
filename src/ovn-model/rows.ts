import type { Family } from '../schema/address.js';
import type { OvsdbRowInput } from './values.js';

/** Tables of the northbound database that networks have rows in. */
export const OVN_TABLES = [
  'Logical_Switch',
  'Logical_Switch_Port',
  'Logical_Router',
  'Logical_Router_Port',
  'Logical_Router_Static_Route',
  'Gateway_Chassis',
  'NAT',
  'ACL',
  'QoS',
  'Port_Group',
  'Address_Set',
  'Load_Balancer',
  'DHCP_Options',
  'DNS',
] as const;

/** A table of the northbound database. */
export type OvnTable = (typeof OVN_TABLES)[number];

/** A row that a network needs. */
export interface OvnRow {
  readonly table: OvnTable;
  /** Name of the row within its network: letters, digits and underscores. Others refer to it as `{ named: key }`. */
  readonly key: string;
  readonly columns: OvsdbRowInput;
  /** Texts that are kept with the row, in `external_ids`. */
  readonly marks?: Readonly<Record<string, string>> | undefined;
}

/** Names of a network's rows that must be unique in the whole database. */
export interface RowNames {
  readonly router: string;
  /** The switch between the router and the physical network. */
  readonly outsideSwitch: string;
  /** Ports, by what they connect. */
  readonly port: (what: 'router' | 'inside' | 'outside' | 'uplink' | 'physical') => string;
  /** Of the guests' ports; such a name stands in expressions. */
  readonly portGroup: string;
  /** Of the addresses that packets are not translated to: one for each family, or for each subnet by its number. */
  readonly openTo: (family: Family, subnet?: number) => string;
}

/** Names that no other network's rows have. A switch and a router must not have the same: OVN's tools take the wrong one. */
export const namesFor = (network: string): RowNames => named(network, [...network].map(letterOf).join(''));

const named = (network: string, word: string): RowNames => ({
  router: `lvn-${network}-router`,
  outsideSwitch: `lvn-${network}-outside`,
  port: (what) => `lvn-${network}-${what}`,
  portGroup: `lvn_${word}`,
  openTo: (family, subnet) => `lvn_${word}_${family}${subnet === undefined ? '' : `_${subnet}`}`,
});

/** Different names stay different. */
const letterOf = (letter: string): string =>
  /[A-Za-z0-9]/.test(letter) ? letter : `_${letter.codePointAt(0)?.toString(16)}_`;
