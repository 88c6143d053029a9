import type { BaseNetwork } from '../../model/base.js';
import { Subnet } from '../../model/subnet.js';
import { partOf } from '../../options/options.js';
import type { Family } from '../../schema/address.js';
import { FIREWALL_OPTIONS, type FirewallOptions, firewallRules } from '../firewall/index.js';
import { effectiveChains } from '../firewall/order.js';
import type { Condition, FirewallRule } from '../firewall/rule.js';
import { hostRuleOf } from '../firewall-model/host-rule.js';
import { type HostChain, type HostFirewall, type HostHook, ruleKey } from '../firewall-model/model.js';
import type { FilterPacket } from '../firewall-model/packet.js';
import { PacketFilter } from '../firewall-model/packet-filter.js';
import { numberOf } from '../flow/addresses.js';

/** Status of a rule of libvirt on a host. */
export interface RuleStatus {
  readonly rule: FirewallRule;
  /** `shadowed`: it is there, but something before it, or another table, decides about its packets in another way. */
  readonly state: 'present' | 'missing' | 'shadowed';
  /** For a shadowed rule: the rule or policy that decides, as the host prints it. */
  readonly by?: string;
}

/** Looks for a network's rules in the firewall of a host. */
export function statusOfRules(
  network: BaseNetwork,
  firewall: HostFirewall,
  options: FirewallOptions,
): readonly RuleStatus[] {
  const filter = new PacketFilter(firewall);
  const rules = firewallRules(network, partOf<FirewallOptions>(options, FIREWALL_OPTIONS)).filter(
    (step) => step.kind === 'rule',
  );
  return effectiveChains(rules)
    .flatMap((chain) => chain.rules)
    .filter(({ family }) => firewall.families.includes(family))
    .map((rule) => statusOf(rule, firewall, filter));
}

function statusOf(rule: FirewallRule, { chains }: HostFirewall, filter: PacketFilter): RuleStatus {
  const family = rule.family === 'ipv4' ? 'ip' : 'ip6';
  const key = ruleKey(hostRuleOf(rule));
  const chain = chains.find(
    (one) => one.family === family && one.table === rule.table && one.chain === rule.chain && hasRule(one, key),
  );
  if (chain === undefined) return { rule, state: 'missing' };
  const by = detached(chain, chains) ?? overruled(rule, filter);
  return by === undefined ? { rule, state: 'present' } : { rule, state: 'shadowed', by };
}

const hasRule = ({ rules }: HostChain, key: string): boolean => rules.some((one) => ruleKey(one) === key);

/** A chain that no other jumps to gets no packets. */
function detached(chain: HostChain, chains: readonly HostChain[]): string | undefined {
  if (chain.base !== undefined) return undefined;
  const leads = chains.some(
    (one) =>
      one.family === chain.family &&
      one.table === chain.table &&
      one.kernel === chain.kernel &&
      one.rules.some(
        ({ target }) => (target.type === 'jump' || target.type === 'goto') && target.chain === chain.chain,
      ),
  );
  return leads ? undefined : `nothing leads to the chain ${chain.chain}`;
}

/** The hooks at which libvirt's chains decide. */
const HOOKS: Readonly<Record<string, HostHook>> = {
  LIBVIRT_INP: 'input',
  LIBVIRT_OUT: 'output',
  LIBVIRT_FWO: 'forward',
  LIBVIRT_FWI: 'forward',
  LIBVIRT_FWX: 'forward',
  guest_output: 'forward',
  guest_input: 'forward',
  guest_cross: 'forward',
};

/** Sends a packet that the rule is about through the hook; names what decides otherwise. */
function overruled(rule: FirewallRule, filter: PacketFilter): string | undefined {
  const hook = HOOKS[rule.chain];
  if (hook === undefined || (rule.target.type !== 'accept' && rule.target.type !== 'reject')) return undefined;
  const { type, by } = filter.ask(hook, packetFor(rule, hook));
  if (type === rule.target.type || type === 'depends') return undefined;
  return by?.text ?? 'no rule decides about its packets';
}

/** Addresses and a device that no rule of a network is about: they are reserved for documentation. */
const ELSEWHERE: Readonly<Record<Family, string>> = { ipv4: '203.0.113.77', ipv6: '2001:db8:ffff:ffff::77' };
const OTHER_DEVICE = 'eth0';

function packetFor({ family, match }: FirewallRule, hook: HostHook): FilterPacket {
  const value = (field: Condition['field']): string | undefined => {
    const condition = match.find((one) => one.field === field);
    return condition === undefined || !('value' in condition) || ('not' in condition && condition.not)
      ? undefined
      : String(condition.value);
  };
  const address = (field: 'source' | 'destination'): bigint => {
    const cidr = value(field);
    return numberOf(cidr === undefined ? ELSEWHERE[family] : hostIn(cidr));
  };
  const port = value('destinationPort');
  return {
    family,
    source: address('source'),
    destination: address('destination'),
    protocol: value('protocol') === 'udp' ? 'udp' : 'tcp',
    sourcePort: undefined,
    destinationPort: port === undefined ? 443 : Number(port),
    inBy: hook === 'output' ? '' : (value('inInterface') ?? OTHER_DEVICE),
    outBy: hook === 'input' ? '' : (value('outInterface') ?? OTHER_DEVICE),
    state: match.some(({ field }) => field === 'established') ? 'established' : 'new',
    dnat: false,
    snat: false,
    mark: 0,
    hopLimit: undefined,
    typeOf: () => (hook === 'input' ? 'local' : 'unicast'),
    hasReversePath: () => true,
  };
}

const hostIn = (cidr: string): string => Subnet.parse(cidr).hosts().next().value ?? cidr.replace(/\/.*/, '');
