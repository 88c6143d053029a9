import type { Family } from '../../schema/address.js';
import { CHAINS, chainName, familiesOf, iptablesApply, tool } from './iptables.js';
import type { ForwardPlan } from './plan.js';

/** Accepts come before translations: a port that is translated and then rejected would be a forward that is half made. */
const TABLES = ['filter', 'nat'] as const;
type Table = (typeof TABLES)[number];

/** The shell functions `make`, `remove`, `intact` and `absent` of a hook, over `iptables-restore`. */
export function iptablesHook(plan: ForwardPlan): string {
  const families = familiesOf(plan);
  const others = (['ipv4', 'ipv6'] as const).filter((family) => !families.includes(family));
  const checks = (['ipv4', 'ipv6'] as const).map((family) => familyIntact(plan, family));
  return `${functionsFor(plan)}
make() {
${families.map((family) => `  {\n${TABLES.map((table) => tableInput(plan, family, table)).join('')}  } | ${tool(family)}-restore --noflush --wait=20 || return 1\n`).join('')}${others.map((family) => `  unmake ${tool(family)}\n`).join('')}  :
}

remove() { unmake iptables || unmake iptables; unmake ip6tables || unmake ip6tables; }

intact() {
  ${checks.join(' &&\n    ')}
}

absent() { [ "$(ours iptables; ours ip6tables)" = '' ]; }
`;
}

const functionsFor = ({ id }: ForwardPlan): string => `
# What is ours in a table, or in both, as the kernel has it. In plain shell, since what a hook finds on its path differs.
ours() {
  for table in \${2:-nat filter}; do
    "$1-save" -t $table 2>/dev/null | while read -r line; do
      case $line in *LVN_${id}_*) printf '%s\\n' "$line" ;; esac
    done
  done
}

lines() { number=0; while read -r _; do number=$((number + 1)); done; echo $number; }

# Takes the jumps into our chains away, as many as there are.
jumps() {
  ours "$1" "$2" | while read -r _ chain rest; do
    case $chain$rest in LVN_${id}_*) ;; *'-j LVN_${id}_'*) printf '%s\\n' "-D $chain $rest" ;; esac
  done
}

unmake() {
  for table in nat filter; do
    chains=$(ours "$1" $table | while read -r word _; do case $word in :*) echo "\${word#:}" ;; esac; done)
    [ -n "$chains" ] || continue
    echo "*$table"
    for chain in $chains; do echo ":$chain - [0:0]"; done
    jumps "$1" $table
    for chain in $chains; do echo "-X $chain"; done
    echo COMMIT
  done | "$1-restore" --noflush --wait=20
} 2>/dev/null

first() {
  "$1" -w -t filter -S FORWARD | while read -r _ _ _ rest; do
    case $rest in LVN_${id}_FWD) echo yes; break ;; LIBVIRT_FWI) break ;; esac
  done
}
`;

/** The commands that print what `iptables-restore` gets for a table. A chain that is declared there is new, or empty again. */
function tableInput(plan: ForwardPlan, family: Family, table: Table): string {
  const chains = CHAINS.filter((chain) => chain.table === table).map(
    ({ part }) => `:${chainName(plan.id, part)} - [0:0]`,
  );
  return `    cat <<'RULES'
*${table}
${chains.join('\n')}
RULES
    jumps ${tool(family)} ${table}
    cat <<'RULES'
${rulesIn(plan, family, table).join('\n')}
COMMIT
RULES
`;
}

/** Without the program, `-w` and the name of the table, and without the commands that make chains. */
const rulesIn = (plan: ForwardPlan, family: Family, table: Table): readonly string[] =>
  iptablesApply(plan)
    .filter(([file, , , on, verb]) => file === tool(family) && on === table && verb !== '-N')
    .map((words) => words.slice(4).join(' '));

/** Tells whether a table has as many lines of ours as it should, and whether the accepts come before libvirt's rejection. */
function familyIntact(plan: ForwardPlan, family: Family): string {
  if (!familiesOf(plan).includes(family)) return `[ "$(ours ${tool(family)})" = '' ]`;
  const counts = TABLES.map((table) => {
    const chains = CHAINS.filter((chain) => chain.table === table).length;
    return `[ "$(ours ${tool(family)} ${table} | lines)" -eq ${chains + rulesIn(plan, family, table).length} ]`;
  });
  return [...counts, `[ "$(first ${tool(family)})" = yes ]`].join(' &&\n    ');
}
