import { describe, expect, it } from 'vitest';
import { FILTER_RULES, type FilterRuleId } from '../../src/guests/index.js';
import { NwFilter } from '../../src/index.js';

const rule = (inner: string): string => `<rule action='accept' direction='in'>${inner}</rule>`;

/** Text that breaks a rule, and the path of what breaks it. */
type Example = readonly [entries: string, path: string, attributes?: string];

const IN_TEXT: Partial<Record<FilterRuleId, readonly Example[]>> = {
  FILTER_CHAIN_LONG: [['', 'chain', "chain='mac-12345678x'"]],
  FILTER_CHAIN_CHARACTER: [['', 'chain', "chain='mac x'"]],
  FILTER_CHAIN_NAME: [
    ['', 'chain', "chain='tcp'"],
    ['', 'chain', "chain='rootx'"],
  ],
  FILTER_PORTS: [
    [rule("<ip dstportstart='1'/>"), 'entries[0].rule.ip[0]'],
    [rule("<ipv6 protocol='icmpv6' srcportend='1'/>"), 'entries[0].rule.ipv6[0]'],
    [rule("<ip protocol='$P' srcportend='1'/>"), 'entries[0].rule.ip[0]'],
    [rule("<ip dscp='1'/><ip srcportstart='1'/>"), 'entries[0].rule.ip[1]'],
  ],
  FILTER_NAME_SLASH: [['', 'name', "name='a/b'"]],
  FILTER_SELF: [["<filterref filter='f'/>", 'entries[0].filterref.filter']],
  FILTER_OTHER_PROTOCOL: [[rule("<tcp/><udp dstportstart='x'/>"), 'entries[0].rule.udp']],
  FILTER_FOR_ALL: [[rule('<dccp/>'), 'entries[0].rule']],
  FILTER_SET_DROPPED: [[rule("<tcp ipset='s' ipsetflags='src'/>"), 'entries[0].rule.tcp[0].ipset']],
  FILTER_SET_FLAGS: [[rule("<esp-ipv6 ipset='s'/>"), 'entries[0].rule.esp-ipv6[0].ipset']],
  FILTER_FLAGS_DROPPED: [[rule("<tcp-ipv6 flags='?'/>"), 'entries[0].rule.tcp-ipv6[0].flags']],
  FILTER_COMMENT_LOST: [[rule("<tcp comment='c'/><tcp dscp='1'/>"), 'entries[0].rule.tcp[0].comment']],
  FILTER_SIGN: [
    [rule("<tcp match='no' dstportstart='22'/>"), 'entries[0].rule.tcp[0].dstportstart'],
    [
      rule("<mac match='no' srcmacaddr='1:2:3:4:5:6'/><mac srcmacmask='ff:0:0:0:0:0'/>"),
      'entries[0].rule.mac[1].srcmacmask',
    ],
  ],
  FILTER_PRIORITY_DROPPED: [['', 'priority', "priority='1'"]],
  FILTER_PRIORITY_ZERO: [['', 'priority', "chain='ipv4' priority='0'"]],
  FILTER_PARAMETER_DROPPED: [
    ["<filterref filter='x'><parameter name='a-b' value='1'/></filterref>", 'entries[0].filterref.parameters[0]'],
    ["<filterref filter='x'><parameter name='IP' value='1,2'/></filterref>", 'entries[0].filterref.parameters[0]'],
    ["<filterref filter='x'><parameter name='IP'/></filterref>", 'entries[0].filterref.parameters[0]'],
  ],
  FILTER_COMMENT_CUT: [[rule(`<tcp comment='${'ä'.repeat(129)}'/>`), 'entries[0].rule.tcp[0].comment']],
};

const textOf = (entries: string, attributes = ''): string =>
  `<filter ${attributes.includes('name=') ? '' : "name='f' "}${attributes}>${entries}</filter>`;

/** Reads a text that libvirt may refuse. */
function codesIn(xml: string): readonly { readonly code: string; readonly path: string; readonly line?: number }[] {
  try {
    return NwFilter.parse(xml).validate();
  } catch (error) {
    return Reflect.get(Object(error), 'issues');
  }
}

describe.each(Object.entries(IN_TEXT))('%s', (code, examples) => {
  it.each(examples.map(([entries, path, attributes]) => ({ text: textOf(entries, attributes), path })))(
    'is found in $text',
    ({ text, path }) => {
      expect(codesIn(text)).toContainEqual(expect.objectContaining({ code, path, line: 1 }));
    },
  );
});

const FOUND_IN_DATA: Partial<Record<FilterRuleId, readonly [object, string]>> = {
  FILTER_ENTRY: [{ name: 'f', entries: [{}] }, 'entries[0]'],
  FILTER_EXTRA: [{ name: 'f', extra: { attributes: { name: 'g' } } }, 'extra'],
  FILTER_PROTOCOLS: [
    { name: 'f', entries: [{ rule: { action: 'drop', direction: 'in', tcp: [{}], udp: [{}] } }] },
    'entries[0].rule',
  ],
  FILTER_NO_MATCH: [
    { name: 'f', entries: [{ rule: { action: 'drop', direction: 'in', tcp: [] } }] },
    'entries[0].rule.tcp',
  ],
};

describe('rules that only data can break', () => {
  it.each(Object.entries(FOUND_IN_DATA))('%s', (code, [document, path]) => {
    expect(NwFilter.from(document as never).validate()).toMatchObject([{ code, path, severity: 'error' }]);
  });
});

it('every rule has an example', () => {
  const examples = [...Object.keys(IN_TEXT), ...Object.keys(FOUND_IN_DATA)].sort();
  expect(examples).toEqual(Object.keys(FILTER_RULES).sort());
});

describe('what is right is not reported', () => {
  it.each([
    rule("<tcp srcipaddr='$IP' srcportstart='$A[@1]' comment='costs $5'/>"),
    rule("<tcp match='no' srcportstart='1' dstportstart='22'/>"),
    rule("<ip protocol='0x21' dstportstart='1'/>"),
    rule("<all ipset='s' ipsetflags='src'/>"),
    rule("<tcp dscp='1' comment='c'/>"),
    rule(''),
    "<filterref filter='clean-traffic'><parameter name='IP' value='10.0.0.1'/></filterref>",
  ])('%s', (entries) => {
    expect(codesIn(textOf(entries))).toEqual([]);
  });
});

it('before 10.0 libvirt wanted the protocol no later than the ports', () => {
  const text = textOf(rule("<ip srcportstart='1'/><ip protocol='tcp'/>"));
  expect(NwFilter.parse(text).validate()).toEqual([]);
  expect(() => NwFilter.parse(text, { libvirt: '9.0.0' })).toThrow('FILTER_PORTS');
});

describe('values that libvirt refuses', () => {
  it.each([
    ["<tcp srcportstart='70000'/>", 'srcportstart'],
    ["<tcp state='FOO'/>", 'state'],
    ["<tcp flags='X/Y'/>", 'flags'],
    ["<tcp dscp='64'/>", 'dscp'],
    ["<vlan vlanid='0x1000'/>", 'vlanid'],
    ["<mac protocolid='100'/>", 'protocolid'],
    ["<mac protocolid='700'/>", 'protocolid'],
    ["<tcp connlimit-above='0x5'/>", 'connlimit-above'],
    ["<tcp srcmacaddr='zz'/>", 'srcmacaddr'],
    ["<tcp srcipaddr='$IP[@x]'/>", 'srcipaddr'],
    ["<tcp srcipmask='255.0.255.0'/>", 'srcipmask'],
    ["<tcp-ipv6 dstipto='a::b'/>", 'dstipto'],
    ["<tcp comment='$(ls)'/>", 'comment'],
    ["<all ipsetflags=''/>", 'ipsetflags'],
  ])('%s', (match, attribute) => {
    const [issue, ...others] = codesIn(textOf(rule(match)));
    expect(issue).toMatchObject({ code: 'ATTR_INVALID', phase: 'parse' });
    expect(issue).toHaveProperty('message', expect.stringContaining(`${attribute}='`));
    expect(others).toEqual([]);
  });
});

it('names that libvirt prints malformed are refused', () => {
  expect(NwFilter.create(`a'b`).include('c&d').validate()).toMatchObject([
    { code: 'UNESCAPED_CHARACTER', path: 'name' },
    { code: 'UNESCAPED_CHARACTER', path: 'entries[0].filterref.filter' },
  ]);
});
