import type { Family } from '../../schema/address.js';
import { markOf } from './identity.js';
import type { Opening, OpeningRule } from './opening.js';
import { commandText, iptablesRules } from './rule-text.js';
import { ownPlaces } from './with-openings.js';

/** The shell functions of an opening in chains of iptables, over `iptables-restore`. */
export function iptablesFunctions(opening: Opening): string {
  const mark = markOf(opening);
  const families = (['ipv4', 'ipv6'] as const).filter((family) => opening.rules.some((rule) => rule.family === family));
  const all = families.map((family) => familyFunctions(opening, family));
  return `
# Our rules in a table, as the kernel has them. In plain shell, since what a hook finds on its path differs.
ours() {
  "$1-save" -t "$2" 2>/dev/null | while read -r line; do
    case $line in '-A '*' --comment ${mark} '*) printf '%s\\n' "$line" ;; esac
  done
}

lines() { number=0; while read -r _; do number=$((number + 1)); done; echo $number; }

removals() { ours "$1" "$2" | while read -r _ rule; do printf '%s\\n' "-D $rule"; done; }

# Reads the rules to add, and takes away what is there.
replace() { { echo "*$2"; removals "$1" "$2"; cat; echo COMMIT; } | "$1-restore" --noflush --wait=20; }

# Tells whether our rules come before those of libvirt, which reject.
first() {
  libvirts=
  "$1-save" -t "$2" 2>/dev/null | {
    while read -r line; do
      case $line in
        '-A '*' --comment ${mark} '*) [ -z "$libvirts" ] || exit 1 ;;
        '-A FORWARD '*'-j LIBVIRT_'* | '-A POSTROUTING '*'-j LIBVIRT_'*) libvirts=yes ;;
      esac
    done
  }
}

make() {
${all.map(({ make }) => make).join('')}  :
}

unmake() {
${all.map(({ unmake }) => unmake).join('')}  :
}

intact() { ${all.flatMap(({ intact }) => intact).join(' && ')}; }
absent() { [ -z "$(${all.flatMap(({ list }) => list).join('; ')})" ]; }
`;
}

/** What the functions do for one family. */
function familyFunctions(opening: Opening, family: Family) {
  const tool = toolFor(opening, family);
  const lines = opening.rules
    .filter((rule) => rule.family === family)
    .flatMap((rule) => rulesIn(opening, rule).map((words) => ({ table: placeOf(opening, rule).table, words })));
  const tables = [...new Set(lines.map(({ table }) => table))];
  const inserts = (table: string): string[] =>
    lines.flatMap((line) => (line.table === table ? [commandText(line.words)] : [])).reverse();
  return {
    make: tables
      .map((table) => `  replace ${tool} ${table} <<'RULES' || return 1\n${inserts(table).join('\n')}\nRULES\n`)
      .join(''),
    unmake: tables.map((table) => `  replace ${tool} ${table} </dev/null || return 1\n`).join(''),
    intact: tables.flatMap((table) => [
      `[ "$(ours ${tool} ${table} | lines)" -eq ${inserts(table).length} ]`,
      `first ${tool} ${table}`,
    ]),
    list: tables.map((table) => `ours ${tool} ${table}`),
  };
}

const placeOf = ({ firewall }: Opening, rule: OpeningRule) => rule.place ?? ownPlaces(firewall, rule)[0];

const rulesIn = (opening: Opening, rule: OpeningRule): readonly (readonly string[])[] =>
  iptablesRules(rule, markOf(opening)).map((words) => ['-I', placeOf(opening, rule).chain, '1', ...words]);

const toolFor = ({ firewall }: Opening, family: Family): string =>
  `${family === 'ipv4' ? 'iptables' : 'ip6tables'}${firewall === 'iptables-legacy' ? '-legacy' : ''}`;
