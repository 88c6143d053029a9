import type { Family } from '../../schema/address.js';
import type { Condition, FirewallBackend, FirewallRule, FirewallStep } from './rule.js';

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/** iptables' chains: table, libvirt's chain and the chain that leads to it. */
const IPTABLES_CHAINS = [
  ['filter', 'LIBVIRT_INP', 'INPUT'],
  ['filter', 'LIBVIRT_OUT', 'OUTPUT'],
  ['filter', 'LIBVIRT_FWO', 'FORWARD'],
  ['filter', 'LIBVIRT_FWI', 'FORWARD'],
  ['filter', 'LIBVIRT_FWX', 'FORWARD'],
  ['nat', 'LIBVIRT_PRT', 'POSTROUTING'],
  ['mangle', 'LIBVIRT_PRT', 'POSTROUTING'],
] as const;

const NFT_TABLE = 'libvirt_network';

/**
 * How libvirt makes the tables and chains that its rules go into, once, before the first network: what it asks for, and
 * what it makes on a host that has nothing yet.
 */
export const baseSteps = (backend: FirewallBackend): readonly FirewallStep[] =>
  FAMILIES.flatMap(backend === 'iptables' ? iptablesBase : nftablesBase);

function iptablesBase(family: Family): FirewallStep[] {
  const lists = ['filter', 'nat', 'mangle'].map(
    (table) => ({ kind: 'list', backend: 'iptables', family, table }) as const,
  );
  const chains = IPTABLES_CHAINS.flatMap(([table, chain, parent]): FirewallStep[] => [
    { kind: 'chain', backend: 'iptables', family, table, chain },
    jump({ backend: 'iptables', family, table, chain: parent }, chain),
  ]);
  return [...lists, ...chains];
}

function nftablesBase(family: Family): FirewallStep[] {
  const frame = { backend: 'nftables', family, table: NFT_TABLE } as const;
  const part = (chain: string): FirewallStep[] => [
    { kind: 'chain', ...frame, chain },
    jump({ ...frame, chain: 'forward' }, chain),
  ];
  return [
    { kind: 'list', ...frame },
    { kind: 'table', ...frame },
    { kind: 'chain', ...frame, chain: 'forward', hook: 'type filter hook forward priority 0; policy accept;' },
    ...['guest_output', 'guest_input', 'guest_cross'].flatMap(part),
    { kind: 'chain', ...frame, chain: 'guest_nat', hook: 'type nat hook postrouting priority 100; policy accept;' },
  ];
}

const NO_CONDITION: readonly Condition[] = [];

const jump = (place: Pick<FirewallRule, 'backend' | 'family' | 'table' | 'chain'>, target: string): FirewallRule => ({
  kind: 'rule',
  ...place,
  match: NO_CONDITION,
  target: { type: 'jump', chain: target },
});
