import type { HostChain, RuleChain } from 'libvirt-network/preview';
import { hostRuleOf } from '../../src/preview/firewall-model/host-rule.js';
import { ruleKey } from '../../src/preview/firewall-model/model.js';

/** The rules of libvirt's own chains on a host, each as a text that means the same in a preview. */
export const hostRules = (chains: readonly HostChain[]): Record<string, string[]> =>
  Object.fromEntries(
    chains
      .filter(isLibvirts)
      .map(({ family, table, chain, rules }) => [`${family} ${table} ${chain}`, rules.map(ruleKey)]),
  );

/** The same for the chains of a preview. */
export const previewRules = (chains: readonly RuleChain[]): Record<string, string[]> =>
  Object.fromEntries(
    chains
      .filter(isLibvirts)
      .map(({ family, table, chain, rules }) => [
        `${family === 'ipv4' ? 'ip' : 'ip6'} ${table} ${chain}`,
        rules.map((rule) => ruleKey(hostRuleOf(rule))),
      ]),
  );

const isLibvirts = ({ table, chain }: { readonly table: string; readonly chain: string }): boolean =>
  table === 'libvirt_network' || chain.startsWith('LIBVIRT_');
