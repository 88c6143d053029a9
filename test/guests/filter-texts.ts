import type { AnyTable } from '../../src/schema/element.js';
import { FILTER_PROTOCOLS, MATCH_TABLES } from '../../src/schema/nwfilter/protocols.js';
import { escapeText } from '../../src/xml/write.js';
import type { Random } from '../support/random.js';

/** Good values by the beginning of a scalar's label, and values at the edges of what libvirt takes. */
const VALUES: readonly (readonly [label: RegExp, good: readonly string[], odd: readonly string[]])[] = [
  [
    /^MAC mask/,
    ['ff:ff:ff:ff:ff:ff', 'FF:ff:ff:0:0:0', '00:00:00:00:00:00', 'ff:ff:ff:ff:ff:80'],
    ['ff:00:ff:00:00:00', '80:80:0:0:0:0', 'ff:ff', '48'],
  ],
  [/^MAC/, ['52:54:00:aa:bb:cc', '1:2:3:4:5:6', 'FF:FF:FF:FF:FF:FF'], ['zz', '', '52-54-00-aa-bb-cc', '1:2:3:4:5']],
  [/^IPv4/, ['10.1.2.3', '1.2.3', '0.0.0.0', '255.255.255.255'], ['a:b::c', '10.1.2.256', 'x', '', '10.1.2.3/24']],
  [/^IPv6/, ['a:b:c::d:e:f', '::ffff:10.1.2.3', 'FE80::1', '::'], ['10.1.2.3', 'x', '', '1::2::3']],
  [
    /^prefix from 0 to 32/,
    ['24', '0', '32', '255.255.255.0', '255.255.255.255', '0.0.0.0'],
    ['33', '255.0.255.0', '-1'],
  ],
  [/^prefix from 0 to 128/, ['64', '0', '128', 'ffff:ffff::', '::'], ['129', '1::1', 'x', '255.255.255.0']],
  [
    /one of arp/,
    ['arp', 'IPv4', '2048', '0x806', '0x1234', '65535', '33024'],
    ['100', '0x5ff', '65536', 'ip', 'ab', '60'],
  ],
  [/one of Request/, ['Request', 'reply', '3', '0xa', '12', 'ARP_NAK'], ['65536', 'Ask', '0']],
  [/one of tcp/, ['tcp', 'UDP', '6', '0x11', '33', 'icmpv6', 'sctp', '200', '0xfe'], ['256', 'dccp', 'zz', '-1']],
  [/^number from 0 to 63/, ['0', '9', '63', '0x3f', '0x0A'], ['64', '0x40', '300', 'x']],
  [/^number from 0 to 4095/, ['1', '4095', '0xfff'], ['4096', '0x1000', '']],
  [/^number from 0 to 255/, ['0', '255', '0x1f', 'a'], ['256', '0x100', 'x', '']],
  [/^number from 0 to 65535/, ['0', '80', '0x50', '65535', 'ff', ' 7', '+5'], ['65536', '-1', '7 ', '1.5', '0x', '']],
  [/^number from 0 to 4294967295/, ['0', '4294967295', '0xFFFFFFFF', '-1', '-4294967295'], ['4294967296', 'x', '1e3g']],
  [/NEW/, ['NEW', 'established,NEW', 'NONE', 'NEW,NONE', 'RELATED INVALID', 'NEWRELATED', ''], ['FOO', 'NEW;', 'NE']],
  [
    /flags with/,
    ['SYN/ALL', 'ALL/NONE', 'syn,ack/SYN', 'FINSYN/', '/', 'SYN,ACK,URG,PSH,RST,FIN/ALL'],
    ['SYN', 'X/Y', ''],
  ],
  [/^name of at most/, ['test', 'a:_.-+', 'a b', '', 'x'.repeat(31)], ['a/b', 'x'.repeat(32), 'ä']],
  [
    /src and dst/,
    ['src', 'src,dst', 'SRC,dSt', 'src,src,dst,dst,src,dst'],
    ['', 'src,', 'both', 'src,src,src,src,src,src,src'],
  ],
  [/true, false/, ['true', 'false', 'yes', '1', 'no', '', 'TRUE'], []],
  [/^'yes' or 'no'/, ['no', 'no', 'yes', 'maybe', 'No'], []],
  [/begin with/, ['a note', '', `'"&<>ä €`, 'x'.repeat(300), '`ls`;$X'], ['$(ls)', '$x-y']],
  [/^text$/, ['SYN/ALL', 'x'], []],
];

/** Variables in each of their forms. */
const VARIABLES = ['$IP', '$IP[@1]', '$A_1[2]', '$X[ @2 ] z', '$', '$IP[@0]', '$IP[0]'];
const ODD_VARIABLES = ['$IP[@x]', '$A-B', '$IP[', '$IP[@1001]', '$IP[@1000]', '$IP[-1]'];

function pickValue(random: Random, label: string): string {
  const [, good, odd] = VALUES.find(([pattern]) => pattern.test(label)) ?? [];
  if (good === undefined || odd === undefined) throw new Error(`no values for ${label}`);
  if (random.chance(0.06)) return random.pick(random.chance(0.2) ? ODD_VARIABLES : VARIABLES);
  return random.pick(odd.length > 0 && random.chance(0.04) ? odd : good);
}

const attributeOf = (name: string, value: string): string => ` ${name}='${escapeText(value)}'`;

/** One element of a protocol, with few of its attributes. */
function matchText(random: Random, table: AnyTable): string {
  const attributes = Object.values(table.fields).flatMap(({ place }) => {
    if (place.at !== 'attribute' || !random.chance(place.xml === 'match' ? 0.3 : 0.25)) return [];
    return [attributeOf(place.xml, pickValue(random, place.scalar.label))];
  });
  const unknown = random.chance(0.03) ? attributeOf('srcporttend', '24') : '';
  return `<${table.tag}${attributes.join('')}${unknown}/>`;
}

function ruleText(random: Random): string {
  const protocol = random.pick(FILTER_PROTOCOLS);
  const others = random.chance(0.1) ? [random.pick(FILTER_PROTOCOLS)] : [];
  const protocols = [...Array.from({ length: random.pick([0, 1, 1, 1, 1, 2, 3]) }, () => protocol), ...others];
  const elements = protocols.map((one) => matchText(random, MATCH_TABLES[one]));
  const attributes = [
    random.chance(0.01)
      ? ''
      : attributeOf('action', random.pick([...ACTIONS, ...(random.chance(0.02) ? ODD_ACTIONS : [])])),
    random.chance(0.01) ? '' : attributeOf('direction', random.pick(['in', 'out', 'inout'])),
    random.chance(0.4) ? attributeOf('priority', random.pick(PRIORITIES)) : '',
    random.chance(0.3) ? attributeOf('statematch', random.pick(['false', 'False', '0', 'true', '1', 'no', ''])) : '',
  ];
  const unknown = random.chance(0.03) ? '<foo/>' : '';
  return `<rule${attributes.join('')}>${unknown}${elements.join('')}</rule>`;
}

const ACTIONS = ['drop', 'accept', 'reject', 'return', 'continue'];
const ODD_ACTIONS = ['', 'Drop', 'allow'];
const PRIORITIES = ['500', '-1000', '1000', '0', '1001', '-2000', ' 5', '+7', '99999999999', 'abc', '', '0x5', '1.5'];

function referenceText(random: Random): string {
  const parameters = random.list(0, 3, () => {
    const name = random.pick(['IP', 'MAC', 'A_1', 'a-b', '', 'IP']);
    return `<parameter name='${name}' value='${random.pick(['10.0.0.1', 'x', '1,2', 'a/b', '', 'fe80::1', '_'])}'/>`;
  });
  const filter = random.chance(0.03) ? '' : attributeOf('filter', random.pick(['clean-traffic', 'absent', '']));
  return `<filterref${filter}>${parameters.join('')}</filterref>`;
}

const CHAINS = ['root', 'mac', 'vlan-x', 'stp', 'arp-mac', 'rarp', 'ipv4-ip', 'ipv6', '', 'ipv4.:_-'];
const ODD_CHAINS = ['rootx', 'foo', 'mac-123456789', 'mac x', 'ip', 'ROOT', 'tcp'];

/** A `<filter>` as people and programs may write it, mostly valid. */
export function filterText(random: Random, i: number): string {
  const chain = random.chance(0.5) ? attributeOf('chain', random.pick(random.chance(0.06) ? ODD_CHAINS : CHAINS)) : '';
  const priority = random.chance(0.2)
    ? attributeOf('priority', random.pick(['5', '-1000', '0', ' 7', '1000', '']))
    : '';
  const odd = random.chance(0.02) ? attributeOf('priority', random.pick(['1001', 'x', '0x5'])) : priority;
  const uuid = `<uuid>4d2b6c3a-0000-4000-8000-${String(i).padStart(12, '0')}</uuid>`;
  const entries = random.list(0, 3, () => (random.chance(0.8) ? ruleText(random) : referenceText(random)));
  return `<filter name='f${i}'${chain}${odd}>${uuid}${entries.join('')}</filter>`;
}
