import { LibvirtError } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { Family } from '../../schema/address.js';
import { chainKey, type HostChain, type HostFirewall, type HostRule } from './model.js';
import { readEbtablesSave, withEbtables } from './read-ebtables-save.js';
import { readSavedTables, type SavedTables } from './read-iptables-save.js';
import { readNftJson } from './read-nft-json.js';
import { readNftText } from './read-nft-text.js';

/** What the programs of a host print about its packet filters. Give all that there are: each is blind for some. */
export interface FirewallDumps {
  /** Output of `nft -j list ruleset` or of `nft -s list ruleset`. It shows neither iptables of old nor what some rules of iptables ask for. */
  readonly nft?: string;
  /** Output of `iptables-save`. It shows no other tables than iptables' own. */
  readonly iptablesSave?: string;
  /** Output of `ip6tables-save`. */
  readonly ip6tablesSave?: string;
  /** Output of `iptables-legacy-save`, if `/proc/net/ip_tables_names` is not empty. */
  readonly iptablesLegacySave?: string;
  /** Output of `ip6tables-legacy-save`, if `/proc/net/ip6_tables_names` is not empty. */
  readonly ip6tablesLegacySave?: string;
  /** Output of `ebtables-save`: libvirt's network filters, of which nft shows some conditions by name alone. */
  readonly ebtablesSave?: string;
}

const DUMPS: OptionNames<FirewallDumps> = {
  nft: true,
  iptablesSave: true,
  ip6tablesSave: true,
  iptablesLegacySave: true,
  ip6tablesLegacySave: true,
  ebtablesSave: true,
};

/**
 * Reads all packet filters of a host into one model: tables, chains, hooks, priorities, policies, jumps and verdicts,
 * whoever made them. `explainFlow`, `reachability` and `checkFirewall` take it.
 *
 * @param dumps - what the host's programs print
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for text that is not a dump, and without any dump
 */
export function readHostFirewall(dumps: FirewallDumps): HostFirewall {
  const known = optionsOf(dumps, DUMPS, 'readHostFirewall');
  const { nft, iptablesSave, ip6tablesSave, iptablesLegacySave, ip6tablesLegacySave, ebtablesSave } = known;
  const native = nft === undefined ? undefined : readNft(nft);
  const saved = [readSaved(iptablesSave, 'ipv4'), readSaved(ip6tablesSave, 'ipv6')].flat();
  const old = [readSaved(iptablesLegacySave, 'ipv4'), readSaved(ip6tablesLegacySave, 'ipv6')].flat();
  if (native === undefined && saved.length + old.length === 0) throw noDump();
  const chains = native === undefined ? saved.flatMap(({ chains }) => chains) : merge(native, saved);
  const frames = ebtablesSave === undefined ? chains : withEbtables(chains, readEbtablesSave(ebtablesSave));
  return { families: familiesOf(dumps), chains: [...frames, ...old.flatMap(asLegacy)] };
}

/** nft shows the tables of both families, iptables those of one. */
const familiesOf = ({
  nft,
  iptablesSave,
  ip6tablesSave,
  iptablesLegacySave,
  ip6tablesLegacySave,
}: FirewallDumps): Family[] => [
  ...((nft ?? iptablesSave ?? iptablesLegacySave) === undefined ? [] : (['ipv4'] as const)),
  ...((nft ?? ip6tablesSave ?? ip6tablesLegacySave) === undefined ? [] : (['ipv6'] as const)),
];

const noDump = (): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', 'readHostFirewall got no dump of a firewall', {
    hint: 'pass { nft } with the output of: nft -j list ruleset, and { iptablesSave } with that of: iptables-save',
  });

const readSaved = (text: string | undefined, family: Family): SavedTables[] =>
  text === undefined ? [] : [readSavedTables(text, family)];

/** Reads a ruleset of nft in either form; an empty one has no tables. */
export const readNft = (text: string): HostChain[] =>
  text.trimStart().startsWith('{') ? readNftJson(text) : readNftText(text);

const asLegacy = ({ chains }: SavedTables): HostChain[] =>
  chains.map((chain): HostChain => ({ ...chain, kernel: 'ip_tables' }));

function merge(native: readonly HostChain[], saved: readonly SavedTables[]): HostChain[] {
  const details = new Map<string, HostChain>();
  const legacy: HostChain[] = [];
  for (const tables of saved) {
    if (isLegacy(tables, native)) legacy.push(...asLegacy(tables));
    else for (const chain of tables.chains) details.set(chainKey(chain), chain);
  }
  return [...native.map((chain) => detailed(chain, details.get(chainKey(chain)))), ...legacy];
}

/** Tables of the iptables of old are not in nft's ruleset. */
function isLegacy({ legacy, chains }: SavedTables, native: readonly HostChain[]): boolean {
  if (legacy !== undefined) return legacy;
  const shown = new Set(native.map(({ family, table }) => `${family} ${table}`));
  return chains.some(({ family, table, rules }) => rules.length > 0 && !shown.has(`${family} ${table}`));
}

/** nft shows some rules of iptables without their arguments: iptables-save has them, in the same order. */
function detailed(chain: HostChain, saved: HostChain | undefined): HostChain {
  if (saved === undefined || saved.rules.length !== chain.rules.length) return chain;
  return {
    ...chain,
    rules: chain.rules.map((rule, i) => {
      const other = saved.rules[i];
      return other !== undefined && lacksDetails(rule) ? other : rule;
    }),
  };
}

// Of iptables' states RELATED, ESTABLISHED and DNAT in one rule, nft prints the last alone, as a status.
const lacksDetails = ({ match, unknown, target, text }: HostRule): boolean =>
  match.some(({ field }) => field === 'connectionStatus') ||
  unknown.some((one) => one.startsWith('xt ')) ||
  target.type === 'unknown' ||
  target.type === 'none' ||
  /\bxt target\b/.test(text);
