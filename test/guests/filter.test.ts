import { describe, expect, it } from 'vitest';
import type { FilterPackets } from '../../src/guests/index.js';
import { FilterBinding, NwFilter, ValidationError } from '../../src/index.js';
import { thrown } from '../support/caught.js';
import { announce, runs } from '../support/random.js';
import { filterText } from './filter-texts.js';

function refusalOf(call: () => unknown): ValidationError | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
}

describe('building', () => {
  it.each<readonly [string, () => unknown]>([
    ['an IPv4 address', () => NwFilter.create('x').noSpoofing({ ip: 'zz' })],
    ['an IPv4 address', () => NwFilter.create('x').noSpoofing({ ip: ['10.0.0.5', 'fd00::5'] })],
    ['an IPv4 address', () => NwFilter.create('x').noSpoofing({ ip: 5 as never })],
    ['an IPv4 address', () => NwFilter.create('x').noSpoofing({ ip: '10.0.0.5/24' })],
    ['an IPv6 address', () => NwFilter.create('x').noSpoofing({ ipv6: '10.0.0.5' })],
    ['a MAC address', () => NwFilter.create('x').isolate('zz')],
  ])('refuses what is not %s', (what, call) => {
    expect(thrown(call)).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(what.slice(2)) });
  });

  it('makes a rule for each port and range', () => {
    const web = NwFilter.create('web').allow('in', { protocol: 'tcp', ports: [22, '8000-8999'], from: '10.0.0.0/8' });
    expect(web.toXml()).toBe(`<filter name='web' chain='root'>
  <rule action='accept' direction='in' priority='500'>
    <tcp srcipaddr='10.0.0.0' srcipmask='8' dstportstart='22'/>
  </rule>
  <rule action='accept' direction='in' priority='500'>
    <tcp srcipaddr='10.0.0.0' srcipmask='8' dstportstart='8000' dstportend='8999'/>
  </rule>
</filter>
`);
  });

  it('forbids spoofing, isolates and drops the rest', () => {
    const filter = NwFilter.create('x', { chain: 'root' })
      .noSpoofing({ ip: ['10.0.0.5', '10.0.0.6'], ipv6: 'fd00::5' })
      .isolate('52:54:00:00:00:01')
      .dropOthers('in');
    expect(filter.includes).toEqual([
      'no-mac-spoofing',
      'no-arp-spoofing',
      'no-ip-spoofing',
      'no-ipv6-spoofing',
      'clean-traffic-gateway',
    ]);
    expect(filter.validate()).toEqual([]);
    expect(filter.toXml()).toContain("<parameter name='IP' value='10.0.0.6'/>");
    expect(filter.toXml()).toContain("<rule action='drop' direction='in' priority='1000'>\n    <all-ipv6/>");
  });

  it('takes options of a rule, other protocols and rules as libvirt has them', () => {
    const filter = NwFilter.create('x')
      .drop('out', { protocol: 'ip', payload: 'udp', dstportstart: 53 }, { priority: -5, stateMatch: false })
      .reject('inout')
      .rule({ action: 'return', direction: 'in', stp: [{ match: false, rootPriority: '0x10' }] });
    expect(filter.document.entries?.map(({ rule }) => rule)).toEqual([
      {
        action: 'drop',
        direction: 'out',
        priority: -5,
        statematch: false,
        ip: [{ protocol: 'udp', dstportstart: 53 }],
      },
      { action: 'reject', direction: 'inout' },
      { action: 'return', direction: 'in', stp: [{ match: false, rootPriority: '0x10' }] },
    ]);
  });

  it('leaves the filter that it is called on as it is', () => {
    const filter = NwFilter.create('x');
    filter.allow('in').include('allow-arp').withUuid('4d2b6c3a-0000-4000-8000-000000000001').named('y');
    expect(filter.document).toEqual({ name: 'x' });
    expect(Object.isFrozen(filter.document)).toBe(true);
  });

  it.each([
    [{ protocol: 'dccp' }, "allow knows no protocol 'dccp'"],
    [{ protocol: 'tcp', ports: [70_000] }, "allow cannot use the port '70000'"],
    [{ protocol: 'tcp', ports: ['90-80'] }, "allow cannot use the port '90-80'"],
    [{ protocol: 'tcp', ports: [] }, 'allow has an empty list of ports'],
    [{ protocol: 'tcp', from: '10.0.0.0/33' }, "allow cannot use the address '10.0.0.0/33'"],
    [{ protocol: 'tcp', from: 5 }, "allow cannot use the address '5'"],
    [{ ports: 22 }, 'allow needs a protocol for ports'],
    [{ from: '10.0.0.0/8' }, 'allow needs a protocol for from'],
    [{ protocol: undefined, dscp: 3 }, 'allow needs a protocol for dscp'],
    [null, 'allow needs an object'],
  ])('refuses packets that cannot be: %j', (packets, message) => {
    expect(() => NwFilter.create('x').allow('in', packets as never)).toThrow(message);
  });

  it('takes the ports only of protocols that have ports, and names of filters that it does not know', () => {
    const packets: FilterPackets[] = [
      { protocol: 'tcp', ports: [22, '80-90'] },
      // @ts-expect-error: messages of ICMP have no ports
      { protocol: 'icmp', ports: 22 },
      // @ts-expect-error: frames have no addresses of IP
      { protocol: 'arp', from: '10.0.0.1' },
      // @ts-expect-error: only ICMP has codes
      { protocol: 'udp', code: 1 },
    ];
    expect(packets).toHaveLength(4);
    expect(NwFilter.create('x').include('mine').includes).toEqual(['mine']);
  });
});

/** Of these libvirt itself prints other than it has read. */
const NOT_READ_AGAIN = new Set(['FILTER_PRIORITY_ZERO', 'FILTER_SET_FLAGS']);

it('a generated filter stays the same when it is printed, stored and passed on as data', () => {
  const count = runs(3000, 50);
  const random = announce('filters read again', count);
  const texts = Array.from({ length: count }, (_, i) => filterText(random, i));
  const readable = texts.filter((text) => refusalOf(() => NwFilter.parse(text)) === undefined);
  expect(readable.length).toBeGreaterThan(count / 3);
  for (const text of readable) {
    const filter = NwFilter.parse(text);
    const stored = filter.asStored();
    expect(stored.asStored().toXml(), text).toBe(stored.toXml());
    expect(NwFilter.from(JSON.parse(JSON.stringify(filter))).diff(filter), text).toEqual([]);
    if (filter.validate().some(({ code }) => NOT_READ_AGAIN.has(code))) continue;
    const printed = filter.toXml({ check: false });
    const again = NwFilter.parse(printed);
    expect(again.toXml({ check: false }), text).toBe(printed);
    expect(again.diff(filter), text).toEqual([]);
  }
});

const KEPT = `<filter name='f' chain='root' mood='good'>
  <rule action='accept' direction='in' priority='500' x='1'>
    <tcp dstportstart='22' y='2'/>
    <foo/>
    <udp dstportstart='oops'/>
  </rule>
  <filterref filter='allow-arp' z='3'>
    <parameter name='A' value='1' w='4'/>
    <bar/>
  </filterref>
  <baz>text</baz>
</filter>
`;

describe('reading', () => {
  it('keeps the order of rules and filters, and all parts that libvirt does not know', () => {
    expect(NwFilter.parse(KEPT).toXml()).toBe(KEPT);
    expect(NwFilter.from(JSON.parse(JSON.stringify(NwFilter.parse(KEPT)))).toXml()).toBe(KEPT);
  });

  it('says what libvirt ignores, and drops it as libvirt does when asked for what is stored', () => {
    const filter = NwFilter.parse(KEPT);
    expect(new Set(filter.validate().map(({ code }) => code))).toEqual(
      new Set(['UNKNOWN_ATTRIBUTE', 'UNKNOWN_ELEMENT', 'FILTER_OTHER_PROTOCOL']),
    );
    expect(filter.asStored().toXml()).not.toMatch(/mood|foo|bar|baz|udp| [xyzw]=/);
  });

  it('does not take a filter inside of a filter for an entry', () => {
    const text = "<filter name='f' chain='root'>\n  <filter>\n    <rule/>\n  </filter>\n</filter>\n";
    expect(NwFilter.parse(text).document.entries).toBeUndefined();
    expect(NwFilter.parse(text).toXml()).toBe(text);
  });

  it('finds elements in any namespace, as libvirt does', () => {
    const text = "<filter name='f' xmlns:x='urn:x'><x:rule action='drop' direction='in'><x:tcp/></x:rule></filter>";
    expect(NwFilter.parse(text).document.entries).toEqual([{ rule: { action: 'drop', direction: 'in', tcp: [{}] } }]);
  });

  it('tells where a problem stands', () => {
    const text = "<filter name='f'>\n  <rule action='drop' direction='in'>\n    <tcp dscp='99'/>\n  </rule>\n</filter>";
    expect(() => NwFilter.parse(text)).toThrow(
      /entries\[0\]\.rule\.tcp\[0\]\.dscp, line 3, column 10: dscp='99' of <tcp>/,
    );
  });

  it.each(['<network/>', '<filterbinding/>'])('refuses %s', (text) => {
    expect(() => NwFilter.parse(text)).toThrow('the root element is');
  });

  it('reads rules by the release: before 10.0 a priority that is not a number counted as 500', () => {
    const text = "<filter name='f'><rule action='drop' direction='in' priority='x'/></filter>";
    expect(NwFilter.parse(text, { libvirt: '9.0.0' }).document.entries?.[0]?.rule?.priority).toBe(500);
    expect(() => NwFilter.parse(text)).toThrow('priority');
  });
});

describe('comparing', () => {
  const read = (match: string) =>
    NwFilter.parse(`<filter name='f'><rule action='drop' direction='in'>${match}</rule></filter>`);

  it.each([
    ["<tcp srcipmask='255.255.255.0'/>", "<tcp srcipmask='24'/>"],
    ["<mac protocolid='2048'/>", "<mac protocolid='IPv4'/>"],
    ["<tcp state='established,NEW'/>", "<tcp state='NEW,ESTABLISHED'/>"],
    ["<tcp srcipaddr='1.2.3'/><tcp dscp='1'/>", "<tcp srcipaddr='1.2.0.3' dscp='1'/>"],
  ])('%s equals %s', (one, other) => {
    expect(read(one).equals(read(other))).toBe(true);
  });

  it('lists changes by their place', () => {
    expect(read("<tcp dstportstart='22'/>").diff(read("<tcp dstportstart='23'/>"))).toEqual([
      { path: 'entries[0].rule.tcp[0].dstportstart', from: 22, to: 23 },
    ]);
  });
});

describe('what a program cannot slip in', () => {
  const web = { name: 'a', entries: [{ rule: { action: 'drop', direction: 'in', tcp: [{ dscp: 1 }] } }] } as const;
  const foreign = (name: string) => ({ type: 'element', name, attributes: {}, children: [] }) as const;
  const entryOf = (extra: object, match: object = {}) => ({
    ...web,
    entries: [{ rule: { action: 'drop', direction: 'in', tcp: [{ dscp: 1, ...match }], extra } }],
  });

  it.each([
    ['an attribute', { ...web, extra: { attributes: { name: 'b' } } }, 'extra'],
    ['an attribute that is not set', { ...web, extra: { attributes: { chain: 'nonsense' } } }, 'extra'],
    ['a rule', { ...web, extra: { elements: [foreign('rule')] } }, 'extra'],
    ['a rule in a namespace', { ...web, extra: { elements: [foreign('x:filterref')] } }, 'extra'],
    ['an attribute of a rule', entryOf({ attributes: { action: 'accept' } }), 'entries[0].rule.extra'],
    ['a match of the same protocol', entryOf({ elements: [foreign('tcp')] }), 'entries[0].rule.extra'],
    [
      'an attribute of a match',
      entryOf({}, { extra: { attributes: { srcipaddr: 'x' } } }),
      'entries[0].rule.tcp[0].extra',
    ],
    [
      'a match of a rule without a protocol',
      { name: 'a', entries: [{ rule: { action: 'drop', direction: 'in', extra: { elements: [foreign('tcp')] } } }] },
      'entries[0].rule.extra',
    ],
  ])('%s in extra is refused where it has a property', (_, document, path) => {
    const filter = NwFilter.from(document as never);
    expect(filter.validate()).toContainEqual(
      expect.objectContaining({ code: 'FILTER_EXTRA', path, severity: 'error' }),
    );
    expect(() => filter.toXml()).toThrow('FILTER_EXTRA');
  });

  it('parts that libvirt does not know, and matches after the first protocol, may be kept', () => {
    const kept = { attributes: { mood: 'good' }, elements: [foreign('udp'), foreign('foo')] };
    expect(NwFilter.from(entryOf(kept) as never).validate()).toEqual([]);
  });

  it.each([
    ["<filterref filter='x'><parameter name='IP' value='10.0.0.1,10.0.0.2'/></filterref>", 'FILTER_PARAMETER_DROPPED'],
    ["<rule action='accept' direction='in'><tcp match='no' dstportstart='22'/></rule>", 'FILTER_SIGN'],
    ["<rule action='accept' direction='in'><tcp ipset='s' ipsetflags='src'/></rule>", 'FILTER_SET_DROPPED'],
    ["<rule action='accept' direction='in'><tcp-ipv6 flags='SYN/SYN'/></rule>", 'FILTER_FLAGS_DROPPED'],
  ])('%s is not printed without what libvirt drops', (entry, code) => {
    const filter = NwFilter.parse(`<filter name='f'>${entry}</filter>`);
    expect(() => filter.toXml()).toThrow(code);
    expect(filter.asStored().toXml()).toContain('<filter ');
  });

  it('a value of a variable that libvirt drops is refused when it is built', () => {
    expect(() => NwFilter.create('f').include('clean-traffic', { IP: '10.0.0.0/8' }).toXml()).toThrow('10.0.0.0/8');
  });

  it('the document stays', () => {
    const filter = NwFilter.from(web);
    expect(() => Object.assign(filter, { document: { name: 'b' } })).toThrow(TypeError);
    expect(filter.document).toEqual(web);
  });

  it.each([null, undefined, 5, {}, 'x', FilterBinding.from({ portdev: { name: 'v' } } as never)])(
    'a comparison with %s is refused',
    (other) => {
      expect(() => NwFilter.from(web).diff(other as never)).toThrow('diff needs another filter');
      expect(() => NwFilter.from(web).equals(other as never)).toThrow('diff needs another filter');
    },
  );
});

describe('checking data', () => {
  it.each([
    [{ name: 'f', entries: [{ rule: { action: 'drop', direction: 'in', tcp: [{ dscp: 64 }] } }] }, 'ATTR_INVALID'],
    [{ name: 'f', entries: [{ rule: { action: 'Drop', direction: 'in' } }] }, 'ATTR_ENUM'],
    [{ name: 'f', entries: [{ rule: { direction: 'in' } }] }, 'ATTR_REQUIRED'],
    [{ name: 'f', entries: [{ rule: { action: 'drop', direction: 'in', dccp: [{}] } }] }, 'PROPERTY_UNKNOWN'],
    [{ name: 'f', entries: {} }, 'PROPERTY_INVALID'],
    [{}, 'ATTR_REQUIRED'],
  ])('%j', (document, code) => {
    const filter = NwFilter.from(document as never);
    expect(filter.validate().map((issue) => issue.code)).toContain(code);
    expect(() => filter.toXml()).toThrow('has a problem');
  });
});

const BINDING = `<filterbinding>
  <owner>
    <name>a&amp;b</name>
    <uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid>
  </owner>
  <portdev name='vnet0'/>
  <linkdev name='eth0'/>
  <mac address='52:54:00:7b:35:93'/>
  <filterref filter='clean-traffic'>
    <parameter name='MAC' value='52:54:00:7b:35:93'/>
  </filterref>
  <backend name='nftables'/>
</filterbinding>
`;

describe('bindings', () => {
  it('are read and printed as libvirt prints them', () => {
    const binding = FilterBinding.parse(BINDING);
    expect(binding.toXml()).toBe(BINDING);
    expect([binding.device, binding.filter, String(binding)]).toEqual([
      'vnet0',
      'clean-traffic',
      'FilterBinding vnet0',
    ]);
    expect(FilterBinding.from(binding.document).equals(binding)).toBe(true);
    expect(binding.toXml({ libvirt: '11.3.0' })).not.toContain('backend');
  });

  it.each([
    ["<portdev name='vnet0'/>", '<owner>'],
    ["<portdev name='vnet0'/>", 'filterref'],
    ["<linkdev name='eth0'/>", '<linkdev>'],
  ])('needs what libvirt needs', (part) => {
    const without = part.startsWith('<linkdev') ? BINDING.replace(part, '<linkdev/>') : BINDING.replace(part, '');
    expect(() => FilterBinding.parse(without)).toThrow('filterbinding');
  });

  it('says which parameters libvirt drops', () => {
    const binding = FilterBinding.parse(BINDING.replace("name='MAC'", "name='M-A'"));
    expect(binding.validate()).toMatchObject([
      { code: 'FILTER_PARAMETER_DROPPED', path: 'filterref.parameters[0]', line: 10 },
    ]);
  });
});
