import { shellWord } from '../firewall/commands.js';
import type { FirewallBackend } from '../firewall/rule.js';
import { familiesOf, iptablesApply, iptablesIntact, iptablesOrder, iptablesRemove, type Words } from './iptables.js';
import { nftAccepts, nftTableName, nftTables } from './nftables.js';
import type { ForwardPlan } from './plan.js';

const line = (words: Words): string => words.map(shellWord).join(' ');
const indented = (lines: readonly string[]): string => lines.map((one) => `  ${one}\n`).join('');

/** The parts of the script that differ between the backends, as bodies of shell functions. */
interface Body {
  /** The ruleset that `apply` loads, where there is one. */
  readonly rules: string;
  readonly apply: readonly string[];
  readonly remove: readonly string[];
  readonly intact: string;
}

/** A libvirt network hook that makes the port forwards of a network with its start, and takes them away with its end. */
export function hookScript(plan: ForwardPlan, backend: FirewallBackend): string {
  const { rules, apply, remove, intact } = backend === 'iptables' ? iptablesBody(plan) : nftablesBody(plan);
  return `#!/bin/sh
# Made by libvirt-network. Port forwards of one network, with ${backend}. libvirt runs this for every network:
# NAME OPERATION; by hand, "NAME reload" makes the rules again.
[ "$1" = ${shellWord(plan.network)} ] || exit 0
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C
${rules}
remove() {
${indented(remove)}  :
}

apply() {
  remove
  {
${indented(apply).replaceAll(/^(?=.)/gm, '  ')}    :
  } || { remove; return 1; }
}

intact() {
  { ${intact}; } >/dev/null 2>&1
}

case "$2" in
  started | reload) apply || { echo "port forwards of network $1 cannot be made" >&2; exit 1; } ;;
  # A guest must not fail to start for them: they may have been flushed with the firewall.
  updated | port-created) intact || apply || echo "port forwards of network $1 cannot be made" >&2 ;;
  stopped) remove ;;
esac
exit 0
`;
}

const chained = (commands: readonly string[]): string[] => commands.map((one) => `${one} &&`);

const iptablesBody = (plan: ForwardPlan): Body => ({
  rules: iptablesOrder(plan),
  apply: chained(iptablesApply(plan).map(line)),
  remove: iptablesRemove(plan, ['ipv4', 'ipv6']).map((words) => `${line(words)} 2>/dev/null`),
  intact: iptablesIntact(plan) || 'true',
});

function nftablesBody(plan: ForwardPlan): Body {
  const table = nftTableName(plan);
  const layers = familiesOf(plan).map((family) => (family === 'ipv4' ? 'ip' : 'ip6'));
  // In plain shell, since what a hook finds on its path differs.
  const handles = `
handles() {
  nft -a list chain "$1" libvirt_network forward 2>/dev/null | while read -r rule; do
    case $rule in *'comment "${table}" # handle '*) echo "\${rule##* }" ;; esac
  done
}
`;
  return {
    rules: `${handles}\nrules() {\n  cat <<'RULES'\n${nftTables(plan)}${nftAccepts(plan).join('\n')}\nRULES\n}\n`,
    apply: ['rules | nft -f - &&'],
    remove: ['ip', 'ip6'].flatMap((ip) => [
      `nft delete table ${ip} ${table} 2>/dev/null`,
      `for handle in $(handles ${ip}); do nft delete rule ${ip} libvirt_network forward handle "$handle"; done`,
    ]),
    intact: layers.map((ip) => `nft list table ${ip} ${table} && [ -n "$(handles ${ip})" ]`).join(' && ') || 'true',
  };
}
