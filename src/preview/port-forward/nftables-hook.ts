import type { Family } from '../../schema/address.js';
import { familiesOf } from './iptables.js';
import { layer, nftAccepts, nftTableName, nftTables } from './nftables.js';
import type { ForwardPlan } from './plan.js';

/** The shell functions `make`, `remove`, `intact` and `absent` of a hook, over `nft -f`. */
export function nftablesHook(plan: ForwardPlan): string {
  const table = nftTableName(plan);
  const checks = (['ipv4', 'ipv6'] as const).map((family) => familyIntact(plan, family));
  return `
# In plain shell, since what a hook finds on its path differs.
handles() {
  nft -a list chain "$1" libvirt_network forward 2>/dev/null | while read -r rule; do
    case $rule in *'comment "${table}" # handle '*) echo "\${rule##* }" ;; esac
  done
}

table() { nft -s list table "$1" ${table} 2>/dev/null; }

# Takes away what is there, in the form of nft.
unmake() {
  [ -z "$(table "$1")" ] || echo "delete table $1 ${table}"
  for handle in $(handles "$1"); do echo "delete rule $1 libvirt_network forward handle $handle"; done
}

rules() {
  cat <<'RULES'
${nftTables(plan)}${nftAccepts(plan).join('\n')}
RULES
}

make() { { unmake ip; unmake ip6; rules; } | nft -f -; }

clear() { { unmake ip; unmake ip6; } | nft -f - 2>/dev/null; }

remove() { clear || clear; }

count() { set -- $(handles "$1"); echo $#; }

translations() {
  table "$1" | { number=0; while read -r line; do case $line in *' dnat '*) number=$((number + 1)) ;; esac; done; echo $number; }
}

intact() {
  ${checks.join(' &&\n    ')}
}

absent() { [ "$(table ip; table ip6; handles ip; handles ip6)" = '' ]; }
`;
}

/** Tells whether there are as many rules as there should be. */
function familyIntact(plan: ForwardPlan, family: Family): string {
  const ip = layer(family);
  const forwards = plan.forwards.filter((forward) => forward.family === family).length;
  if (!familiesOf(plan).includes(family)) return `[ "$(table ${ip}; handles ${ip})" = '' ]`;
  return `[ "$(translations ${ip})" -eq ${3 * forwards} ] && [ "$(count ${ip})" -eq ${2 * forwards} ]`;
}
