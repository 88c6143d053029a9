import { expectFirewall, expectOpenings } from '../arguments.js';
import { readIptablesRule } from '../firewall-model/iptables-rule.js';
import type { HostChain, HostFirewall, HostRule, TableFamily } from '../firewall-model/model.js';
import { readNftRule } from '../firewall-model/nft-statement.js';
import { checkOpening } from './check-opening.js';
import { markOf } from './identity.js';
import type { ChainPlace, Opening, OpeningFirewall, OpeningRule } from './opening.js';
import { iptablesRules, isNative, isOwnTable, nftText } from './rule-text.js';

/**
 * Predicts the firewall of a host with openings, so that `checkFirewall` and `explainFlow` tell what they do before
 * anything is installed.
 *
 * @param firewall - of {@link readHostFirewall}
 * @param openings - of {@link openingsFor}
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for what is not a firewall and a list of openings, and for a rule
 *   that no firewall can express
 */
export function withOpenings(firewall: HostFirewall, openings: readonly Opening[]): HostFirewall {
  expectFirewall(firewall, 'withOpenings');
  expectOpenings(openings, 'withOpenings');
  openings.forEach(checkOpening);
  return withRulesOf(firewall, openings);
}

/** Predicts the firewall of a host with the rules of openings that need no name yet. */
export function withRulesOf(firewall: HostFirewall, openings: readonly Opening[]): HostFirewall {
  return openings.flatMap((opening) => opening.rules.map((rule) => ({ opening, rule }))).reduce(withRule, firewall);
}

function withRule(
  firewall: HostFirewall,
  { opening, rule }: { readonly opening: Opening; readonly rule: OpeningRule },
): HostFirewall {
  const target = chainFor(firewall, opening.firewall, rule);
  if (target === undefined && rule.place !== undefined && isOwnTable(rule.place))
    return withRule({ ...firewall, chains: [...firewall.chains, ownChain(rule.place)] }, { opening, rule });
  if (target === undefined) return firewall;
  const rules = hostRules(opening, rule, target);
  const chains = firewall.chains.map((chain) =>
    chain === target ? { ...chain, rules: [...rules, ...chain.rules] } : chain,
  );
  return { ...firewall, chains };
}

/** Packets meet libvirt's translation at 100. */
export const OWN_PRIORITY = 90;

const ownChain = (place: ChainPlace): HostChain => ({
  ...place,
  kernel: 'nf_tables',
  base: { type: 'nat', hook: 'postrouting', priority: OWN_PRIORITY, policy: 'accept' },
  rules: [],
});

function hostRules(opening: Opening, rule: OpeningRule, target: HostChain): readonly HostRule[] {
  const { family, table, chain } = target;
  if (target.table === 'firewalld' || isNative({ firewall: opening.firewall, rules: [rule] })) {
    return readNftRule(nftText({ ...rule, place: { family, table, chain } }, markOf(opening)), new Map());
  }
  return iptablesRules(rule, markOf(opening)).map((words) => readIptablesRule(words, `-A ${chain} ${words.join(' ')}`));
}

/** The chain that a rule of an opening goes into; nothing where the host has no such chain. */
export function chainFor(
  { chains }: HostFirewall,
  firewall: OpeningFirewall,
  rule: OpeningRule,
): HostChain | undefined {
  const places = rule.place === undefined ? ownPlaces(firewall, rule) : [rule.place];
  const kernel = firewall === 'iptables-legacy' ? 'ip_tables' : 'nf_tables';
  const at = ({ family, table, chain }: ChainPlace): HostChain | undefined =>
    chains.find((one) => one.kernel === kernel && one.family === family && one.table === table && one.chain === chain);
  return places.map(at).find((chain) => chain !== undefined);
}

/** The chains that programs have for the rules of others. firewalld has its own in nftables, or those of iptables. */
export function ownPlaces(
  firewall: OpeningFirewall,
  { hook, family }: OpeningRule,
): readonly [ChainPlace, ...ChainPlace[]] {
  const layer: TableFamily = family === 'ipv4' ? 'ip' : 'ip6';
  const name = hook.toUpperCase();
  const inFilter = (chain: string): ChainPlace => ({ family: layer, table: 'filter', chain });
  if (firewall === 'firewalld')
    return [{ family: 'inet', table: 'firewalld', chain: `filter_${name}` }, inFilter(name)];
  if (firewall === 'docker') return [inFilter('DOCKER-USER')];
  return [inFilter(`ufw${family === 'ipv4' ? '' : '6'}-user-${hook}`)];
}
