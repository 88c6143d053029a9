import { portText } from '../port-forward/plan.js';
import { markOf } from './identity.js';
import type { Opening, OpeningRule } from './opening.js';
import { commandText } from './rule-text.js';

/** ufw keeps comments in hexadecimal digits. */
const hex = (text: string): string => [...text].map((one) => one.charCodeAt(0).toString(16).padStart(2, '0')).join('');

const ANYWHERE = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;

/** An address as ufw writes it: a single one has no prefix. */
const addressText = (cidr: string | undefined, family: OpeningRule['family']): string =>
  cidr?.replace(family === 'ipv4' ? /\/32$/ : /\/128$/, '') ?? ANYWHERE[family];

/** The words of a rule for `ufw`, after `prepend` or `delete`. */
function ufwWords(rule: OpeningRule): readonly string[] {
  const { family, protocol, port, sourcePort } = rule;
  const side = (word: string, address: string, ports: typeof port): string[] => [
    ...[word, address],
    ...(ports === undefined ? [] : ['port', portText(ports, ':')]),
  ];
  return [
    'allow',
    ...(rule.in === undefined ? [] : ['in', 'on', rule.in]),
    ...(rule.out === undefined ? [] : ['out', 'on', rule.out]),
    ...side('from', addressText(rule.from, family), sourcePort),
    ...side('to', addressText(rule.to, family), port),
    ...(protocol === undefined ? [] : ['proto', protocol]),
  ];
}

/** A rule as it stands in ufw's own files. */
function ufwTuple(rule: OpeningRule): string {
  const { family, protocol = 'any', port, sourcePort, hook } = rule;
  const devices = [rule.in && `in_${rule.in}`, rule.out && `out_${rule.out}`].filter(Boolean).join('!');
  return [
    `### tuple ### ${hook === 'forward' ? 'route:' : ''}allow`,
    protocol,
    port === undefined ? 'any' : portText(port, ':'),
    addressText(rule.to, family),
    sourcePort === undefined ? 'any' : portText(sourcePort, ':'),
    addressText(rule.from, family),
    devices || (hook === 'output' ? 'out' : 'in'),
  ].join(' ');
}

/** The shell functions of an opening of ufw, over its command: it keeps the rules itself. */
export function ufwFunctions(opening: Opening): string {
  const mark = markOf(opening);
  const each = (verb: string): string =>
    opening.rules
      .map((rule) => {
        const file = rule.family === 'ipv4' ? 'user.rules' : 'user6.rules';
        const route = rule.hook === 'forward' ? ' route' : '';
        return `  ${verb} ${file} '${ufwTuple(rule)}'${verb === 'has' ? '' : `${route} ${verb === 'add' ? 'prepend' : 'delete'} ${commandText(ufwWords(rule))}`} || return 1\n`;
      })
      .join('');
  return `
# Tells whether a rule is in a file of ufw: ours, or without a comment or with another somebody else's.
tagged() { grep -qxF "$2 comment=${hex(mark)}" "/etc/ufw/$1" 2>/dev/null; }
theirs() {
  grep -qxF "$2" "/etc/ufw/$1" 2>/dev/null && return
  grep -F "$2 comment=" "/etc/ufw/$1" 2>/dev/null | grep -qvxF "$2 comment=${hex(mark)}"
}

# What somebody else has opened stays his: ufw would replace his comment by ours.
add() {
  file=$1; tuple=$2; shift 2
  theirs "$file" "$tuple" || tagged "$file" "$tuple" || ufw "$@" comment ${mark} >/dev/null
}

drop() {
  file=$1; tuple=$2; shift 2
  ! tagged "$file" "$tuple" || ufw "$@" >/dev/null
}

has() { tagged "$1" "$2" || theirs "$1" "$2"; }

make() {
${each('add')}  :
}

unmake() {
${each('drop')}  :
}

intact() {
${each('has')}  :
}

absent() { ! grep -qF ' comment=${hex(mark)}' /etc/ufw/user.rules /etc/ufw/user6.rules 2>/dev/null; }
`;
}
