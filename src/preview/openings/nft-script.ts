import { markOf } from './identity.js';
import type { ChainPlace, Opening } from './opening.js';
import { isOwnTable, nftText } from './rule-text.js';
import { OWN_PRIORITY } from './with-openings.js';

/** The shell functions of an opening in chains of nftables, over `nft -f`: each run is one transaction. */
export function nftFunctions(opening: Opening): string {
  const mark = markOf(opening);
  const placed = opening.rules.flatMap((rule) => (rule.place === undefined ? [] : [{ ...rule, place: rule.place }]));
  const inserts = placed.map((rule) => `insert rule ${placeText(rule.place)} ${nftText(rule, mark)}`);
  const places = new Set(placed.map(({ place }) => placeText(place)));
  const own = [...new Set(placed.flatMap(({ place }) => (isOwnTable(place) ? [placeText(place)] : [])))];
  const ownRules = placed.filter(({ place }) => isOwnTable(place)).length;
  return `
places() {
  cat <<'PLACES'
${[...places].join('\n')}
PLACES
}

# Takes away what is there, in the form of nft. In plain shell, since what a hook finds on its path differs.
removals() {
  places | while read -r family table chain; do
    case $table in lvn-*) ! nft list table "$family" "$table" >/dev/null 2>&1 || echo "delete table $family $table"; continue ;; esac
    nft -a list chain "$family" "$table" "$chain" 2>/dev/null | while read -r rule; do
      case $rule in *'comment "${mark}" # handle '*) echo "delete rule $family $table $chain handle \${rule##* }" ;; esac
    done
  done
}

rules() {
  cat <<'RULES'
${[...own.flatMap(ownTable), ...inserts.reverse()].join('\n')}
RULES
}

lines() { number=0; while read -r _; do number=$((number + 1)); done; echo $number; }

make() { { removals; rules; } | nft -f -; }
unmake() { removals | nft -f -; }
intact() { [ "$(removals | lines)" -eq ${inserts.length - ownRules + own.length} ]; }
absent() { [ -z "$(removals)" ]; }
`;
}

const placeText = ({ family, table, chain }: ChainPlace): string => `${family} ${table} ${chain}`;

/** A table of the opening's own: packets meet its chain before libvirt's translation. */
function ownTable(place: string): readonly string[] {
  const [family, table] = place.split(' ');
  return [
    `add table ${family} ${table}`,
    `add chain ${place} { type nat hook postrouting priority ${OWN_PRIORITY}; policy accept; }`,
  ];
}
