import { markOf } from './identity.js';
import type { ChainPlace, Opening } from './opening.js';
import { nftText } from './rule-text.js';

/** The shell functions of an opening in chains of nftables, over `nft -f`: each run is one transaction. */
export function nftFunctions(opening: Opening): string {
  const mark = markOf(opening);
  const inserts = opening.rules.flatMap((rule) =>
    rule.place === undefined ? [] : [`insert rule ${placeText(rule.place)} ${nftText(rule, mark)}`],
  );
  const places = new Set(opening.rules.flatMap(({ place }) => (place === undefined ? [] : [placeText(place)])));
  return `
places() {
  cat <<'PLACES'
${[...places].join('\n')}
PLACES
}

# Takes away what is there, in the form of nft. In plain shell, since what a hook finds on its path differs.
removals() {
  places | while read -r family table chain; do
    nft -a list chain "$family" "$table" "$chain" 2>/dev/null | while read -r rule; do
      case $rule in *'comment "${mark}" # handle '*) echo "delete rule $family $table $chain handle \${rule##* }" ;; esac
    done
  done
}

rules() {
  cat <<'RULES'
${inserts.reverse().join('\n')}
RULES
}

lines() { number=0; while read -r _; do number=$((number + 1)); done; echo $number; }

make() { { removals; rules; } | nft -f -; }
unmake() { removals | nft -f -; }
intact() { [ "$(removals | lines)" -eq ${inserts.length} ]; }
absent() { [ -z "$(removals)" ]; }
`;
}

const placeText = ({ family, table, chain }: ChainPlace): string => `${family} ${table} ${chain}`;
