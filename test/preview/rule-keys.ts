import { ruleKey } from '../../src/preview/firewall/host-rule.js';

/** What a chain of a preview and one of a host have in common. */
interface Chain {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly rules: readonly Parameters<typeof ruleKey>[0][];
}

/** The rules of libvirt's own chains, each as a text that means the same in a preview and on a host. */
export const rulesByChain = (chains: readonly Chain[]): Record<string, string[]> =>
  Object.fromEntries(
    chains
      .filter(({ table, chain }) => table === 'libvirt_network' || chain.startsWith('LIBVIRT_'))
      .map(({ family, table, chain, rules }) => [`${family} ${table} ${chain}`, rules.map(ruleKey)]),
  );
