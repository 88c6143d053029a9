import { portText } from '../port-forward/plan.js';
import type { Opening, OpeningRule } from './opening.js';

/** firewalld's names of types of ICMP that nftables calls otherwise. */
const ICMP_TYPES: Readonly<Record<string, string>> = {
  'nd-router-solicit': 'router-solicitation',
  'nd-router-advert': 'router-advertisement',
  'nd-neighbor-solicit': 'neighbour-solicitation',
  'nd-neighbor-advert': 'neighbour-advertisement',
};

/** Rules of a zone bear no comment: their priority, which nobody else chooses, tells ours apart. */
const priorityOf = (name: string): number =>
  -1000 - [...name].reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) % 31_000, 7);

/** A rule in the language of firewalld's rich rules. */
function richRule({ family, from, to, protocol, port, icmpType }: OpeningRule, priority: number): string {
  const words = [
    `rule family="${family}" priority="${priority}"`,
    from && `source address="${from}"`,
    to && `destination address="${to}"`,
    port && `port port="${portText(port, '-')}" protocol="${protocol}"`,
    icmpType && `icmp-type name="${ICMP_TYPES[icmpType] ?? icmpType}"`,
    protocol && !port && !icmpType && `protocol value="${protocol === 'icmpv6' ? 'ipv6-icmp' : protocol}"`,
    'accept',
  ];
  return words.filter(Boolean).join(' ');
}

/** The shell functions of an opening of firewalld: a bridge in its zone, or rules of that zone, now and for good. */
export function firewalldFunctions(opening: Opening): string {
  const { name, zone = '', binds = '', rules } = opening;
  const rich = binds === '' ? [...new Set(rules.map((rule) => richRule(rule, priorityOf(name))))] : [];
  return `
zone=${zone} bridge=${binds}
kept=/etc/libvirt/hooks/openings/.${name}

rules() {
  cat <<'RULES'
${rich.join('\n')}
RULES
}

fw() { firewall-cmd -q "$@" </dev/null; }
lasting() { fw --permanent "$@"; }
runs() { fw --state 2>/dev/null || { echo 'firewalld does not run' >&2; return 1; }; }

# What is asked of each rule, for the running firewall by "fw" and for its files by "lasting".
each() {
  rules | while read -r rule; do
    [ -z "$rule" ] || "$1" --zone="$zone" "$2-rich-rule=$rule" || [ "$2" = --remove ] || exit 1
  done
}

in_place() {
  [ -z "$bridge" ] || "$1" --zone="$zone" --query-interface="$bridge" || return 1
  each "$1" --query
}

put() {
  [ -z "$bridge" ] || "$1" --zone="$zone" --change-interface="$bridge" || return 1
  each "$1" --add
}

# The zone of the bridge and the file of the zone are kept, to be given back as they were.
keep() {
  [ ! -d "$kept" ] || return 0
  mkdir -p "$kept.new" || return 1
  firewall-cmd --get-zone-of-interface="\${bridge:-lo}" 2>/dev/null >"$kept.new/zone"
  for file in "$zone.xml" "$zone.xml.old"; do
    [ ! -e "/etc/firewalld/zones/$file" ] || cp -p "/etc/firewalld/zones/$file" "$kept.new" || return 1
  done
  mv "$kept.new" "$kept"
}

make() {
  runs && keep || return 1
  in_place lasting || { put lasting && cp -p "/etc/firewalld/zones/$zone.xml" "$kept/after"; } || return 1
  in_place fw || put fw
}

take() {
  [ -z "$bridge" ] || "$1" --zone="$zone" --remove-interface="$bridge" 2>/dev/null
  each "$1" --remove 2>/dev/null
}

unmake() {
  runs || return 1
  take fw
  [ -z "$bridge" ] || { read -r earlier <"$kept/zone" && fw --zone="$earlier" --change-interface="$bridge"; } 2>/dev/null
  restore || take lasting
  rm -rf "$kept"
}

# Where nobody has changed the file since, it and its backup become byte by byte what they were.
restore() {
  cmp -s "/etc/firewalld/zones/$zone.xml" "$kept/after" || return 1
  for file in "$zone.xml" "$zone.xml.old"; do
    rm -f "/etc/firewalld/zones/$file"
    [ ! -e "$kept/$file" ] || cp -p "$kept/$file" "/etc/firewalld/zones/$file"
  done
}

intact() { runs && in_place fw && in_place lasting; }
absent() { [ ! -d "$kept" ]; }
`;
}
