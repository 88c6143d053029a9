import type { HostChain, HostFirewall } from '../firewall-model/model.js';
import type { OpeningFirewall } from './opening.js';

/** Tables that iptables makes, by their names; a table of nftables may have the same name. */
const IPTABLES_TABLES: ReadonlySet<string> = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);

/**
 * Names the program whose rules a chain holds, as far as its names tell. A chain that iptables has built in belongs to
 * the program that has put its own chains into it, and to `iptables` where nobody has.
 *
 * @param chain - a chain of the firewall
 * @param firewall - of {@link readHostFirewall}
 */
export function firewallOfChain(chain: HostChain, firewall: HostFirewall): OpeningFirewall {
  if (chain.kernel === 'ip_tables') return 'iptables-legacy';
  if (chain.table === 'libvirt_network' || chain.chain.startsWith('LIBVIRT_')) return 'libvirt';
  if (chain.table === 'firewalld') return 'firewalld';
  if (!isIptables(chain, firewall)) return 'nftables';
  const names = [chain.chain, ...(chain.base === undefined ? [] : jumpsOf(chain))];
  if (chain.table === 'filter' && names.some((name) => /^ufw6?-/.test(name))) return 'ufw';
  if (names.some((name) => FIREWALLD_CHAINS.test(name))) return 'firewalld';
  if (chain.table === 'filter' && names.some((name) => /^DOCKER/.test(name))) return 'docker';
  return 'iptables';
}

/** Chains that firewalld makes in the tables of iptables, where it uses that. */
const FIREWALLD_CHAINS =
  /^(?:INPUT|FORWARD|PREROUTING|OUTPUT)_(?:ZONES|POLICIES_(?:pre|post)|direct)$|^(?:IN|FWD|FWDI|FWDO)_\w+/;

const jumpsOf = ({ rules }: HostChain): readonly string[] =>
  rules.flatMap(({ target }) => (target.type === 'jump' || target.type === 'goto' ? [target.chain] : []));

/** iptables writes its built-in chains in capitals, at the hook of the same name. */
function isIptables({ family, table }: HostChain, { chains }: HostFirewall): boolean {
  if ((family !== 'ip' && family !== 'ip6') || !IPTABLES_TABLES.has(table)) return false;
  const bases = chains.filter((one) => one.family === family && one.table === table && one.base !== undefined);
  return bases.length > 0 && bases.every(({ chain, base }) => chain === base?.hook.toUpperCase());
}
