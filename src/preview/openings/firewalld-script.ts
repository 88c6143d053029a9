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

# The zones of the bridge, now and for good, and the files of the zones that change are kept, to be given back as they were.
keep() {
  [ ! -d "$kept" ] || return 0
  mkdir -p "$kept.new" || return 1
  zone_of_bridge >"$kept.new/zone"
  zone_of_bridge --permanent >"$kept.new/lasting"
  for file in $(files "$kept.new"); do
    [ ! -e "/etc/firewalld/zones/$file" ] || cp -p "/etc/firewalld/zones/$file" "$kept.new" || return 1
  done
  mv "$kept.new" "$kept"
}

zone_of_bridge() {
  [ -z "$bridge" ] || firewall-cmd "$@" --get-zone-of-interface="$bridge" </dev/null 2>/dev/null | grep -vx 'no zone'
}

# The files of the zones that change: the one with the opening, and the one that the bridge had for good.
changing() { for one in "$zone" $(cat "$1/lasting"); do echo "$one"; done | sort -u; }
files() { for one in $(changing "$1"); do echo "$one.xml"; echo "$one.xml.old"; done; }

note_after() {
  for one in $(changing "$kept"); do cp -p "/etc/firewalld/zones/$one.xml" "$kept/$one.after" || return 1; done
}

make() {
  runs && keep || return 1
  in_place lasting || { put lasting && note_after; } || return 1
  in_place fw || put fw
}

take() {
  [ -z "$bridge" ] || "$1" --zone="$zone" --remove-interface="$bridge" 2>/dev/null
  each "$1" --remove 2>/dev/null
}

unmake() {
  runs || return 1
  take fw
  back fw zone
  is_untouched && untouched=yes || untouched=
  # firewalld has its files in memory too, and would write the opening again with the next change of the zone.
  take lasting
  back lasting lasting
  [ -z "$untouched" ] || restore
  rm -rf "$kept"
}

# The bridge goes back to the zone that it had.
back() {
  [ -z "$bridge" ] || { read -r earlier <"$kept/$2" && "$1" --zone="$earlier" --change-interface="$bridge"; } 2>/dev/null
}

is_untouched() {
  for one in $(changing "$kept"); do cmp -s "/etc/firewalld/zones/$one.xml" "$kept/$one.after" || return 1; done
}

# Where nobody has changed the files since, they and their backups become byte by byte what they were.
restore() {
  for file in $(files "$kept"); do
    rm -f "/etc/firewalld/zones/$file"
    [ ! -e "$kept/$file" ] || cp -p "$kept/$file" "/etc/firewalld/zones/$file"
  done
}

intact() { runs && in_place fw && in_place lasting; }
absent() { [ ! -d "$kept" ]; }
`;
}
