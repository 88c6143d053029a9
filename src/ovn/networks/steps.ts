import type { StepFacts } from '../../client/plan/types.js';
import { ROUTER_KEY } from '../../ovn-model/outside-addresses.js';
import type { OvnTable } from '../../ovn-model/rows.js';
import type { OvsdbRow, OvsdbRowInput } from '../../ovn-model/values.js';
import { isRecord } from '../../schema/values.js';
import { effectOf, type OvnEffect } from './effects.js';
import type { RowChange } from './own-rows.js';

/** A step of a plan for OVN: one row. All steps of a network are one transaction. */
export interface OvnStep extends StepFacts {
  readonly action: 'add' | 'change' | 'remove';
  /** The table of the northbound database. */
  readonly table: string;
  /** Name of the row within its network. */
  readonly row: string;
}

const WORDS: Readonly<Record<OvnTable, string>> = {
  Logical_Switch: 'logical switch',
  Logical_Switch_Port: 'logical switch port',
  Logical_Router: 'logical router',
  Logical_Router_Port: 'logical router port',
  Logical_Router_Static_Route: 'route',
  Gateway_Chassis: 'gateway chassis',
  NAT: 'NAT',
  ACL: 'ACL',
  QoS: 'limit',
  Port_Group: 'port group',
  Address_Set: 'address set',
  Load_Balancer: 'load balancer',
  DHCP_Options: 'DHCP options',
  DNS: 'DNS records',
};

/** Columns that name a row for people, the best first. */
const NAMING = ['name', 'cidr', 'ip_prefix', 'logical_ip', 'match'] as const;

/**
 * Describes the change of a row.
 *
 * @param changes - all changes of the network, this one among them
 */
export function stepOf(one: RowChange, _index: number, changes: readonly RowChange[]): OvnStep {
  const { change, table, key, columns, before, wanted } = one;
  const named = nameOf(columns) ?? nameOf(before?.row ?? {});
  const effect = effectOf(one, changes);
  return {
    effect,
    action: change,
    table,
    row: key,
    what: `${change} ${WORDS[table]}${named === undefined ? '' : ` ${named}`}`,
    why: [WHY[effect], ...warningsOf(key, wanted ?? {})].join('; '),
    details: change === 'remove' ? undefined : Object.entries(columns).flatMap(([name, value]) => lineOf(name, value)),
  };
}

const WHY: Readonly<Record<OvnEffect, string>> = {
  live: 'in the northbound database, together with all other steps',
  restart: 'connections that go by it are cut, and where the network no longer has their way, for good',
  address: 'the guest gets another address when it renews its lease',
};

/** What a loss of a gateway chassis means for a network whose row says so. */
function warningsOf(key: string, { options, gateway_chassis: gateways }: OvsdbRowInput): readonly string[] {
  if (key === ROUTER_KEY && isRecord(options) && typeof options['chassis'] === 'string')
    return [`a gateway router does not move: without chassis ${options['chassis']} guests reach only each other`];
  if (key.startsWith('open_'))
    return ['nothing is translated between guests and these machines, which need a route to the network by its router'];
  if (key === 'router_outside' && Array.isArray(gateways) && gateways.length === 2)
    return ['of two chassis neither takes over, since it cannot tell that the other one is gone: three or more do'];
  return [];
}

function nameOf(columns: OvsdbRowInput | OvsdbRow): string | undefined {
  for (const name of NAMING) {
    const value = columns[name];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/** A reference to a row that is there already. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** References and marks say nothing to people. */
function lineOf(name: string, value: unknown): readonly string[] {
  if (name === 'external_ids' || value === undefined || value === '') return [];
  if (Array.isArray(value)) {
    const texts = value.filter((item) => typeof item !== 'object' && !UUID.test(String(item)));
    return texts.length === 0 ? [] : [`${name}: ${texts.join(', ')}`];
  }
  const text = value instanceof Map || typeof value === 'object' ? pairs(value) : String(value);
  return [`${name}: ${text === '' ? 'nothing' : text}`];
}

const pairs = (value: object | null): string =>
  [...(value instanceof Map ? value : Object.entries(value ?? {}))].map(([key, one]) => `${key}=${one}`).join(' ');
