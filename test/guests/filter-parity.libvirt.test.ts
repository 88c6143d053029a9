import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FilterBinding, LibvirtError, NwFilter, ValidationError } from '../../src/index.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { askLibvirt, type Kind, type Verdict } from '../support/oracle.js';
import { announce, runs } from '../support/random.js';
import { filterText } from './filter-texts.js';

needs('daemon of every release');

const filters: Kind = {
  before: 'echo',
  define: 'nwfilter-define',
  dump: (name) => `nwfilter-dumpxml ${name}; nwfilter-undefine ${name}`,
  nameOf: (document) => /<filter name='(\w+)'/.exec(document)?.[1],
};

const bindings: Kind = {
  before: 'echo',
  define: 'nwfilter-binding-create',
  dump: (name) => `nwfilter-binding-dumpxml ${name}; nwfilter-binding-delete ${name}`,
  nameOf: (document) => /<portdev name='(\w+)'/.exec(document)?.[1],
};

const withoutBackend = (xml: string): string => xml.replace(/ {2}<backend name='\w+'\/>\n/, '');

/** What our verdict has against libvirt's; nothing when they agree. */
function divergence(xml: string, theirs: Verdict, libvirt: string): string | undefined {
  const Class = xml.startsWith('<filterbinding') ? FilterBinding : NwFilter;
  try {
    const filter = Class.parse(xml, { libvirt });
    const ours = filter.asStored({ libvirt }).toXml({ libvirt });
    if (theirs.error !== undefined) return `libvirt says ${theirs.error}, we say nothing`;
    // libvirt prints part of an address in place of such a comment.
    if (filter.validate({ libvirt }).some(({ code }) => code === 'FILTER_COMMENT_LOST')) return undefined;
    // Which firewall is in force is libvirt's own to say.
    const isSame = withoutBackend(ours) === withoutBackend(theirs.xml ?? '');
    return isSame ? undefined : `libvirt prints\n${theirs.xml}\nwe print\n${ours}`;
  } catch (error) {
    if (!LibvirtError.is(error)) throw error;
    const isUnsafe = error instanceof ValidationError && error.issues.every(({ phase }) => phase === 'never');
    return theirs.error !== undefined || isUnsafe ? undefined : `libvirt accepts, we say ${error.message}`;
  }
}

const UUID = '<uuid>4d2b6c3a-0000-4000-8000-000000000001</uuid>';
const rule = (inner: string, attributes = ''): string =>
  `<filter name='f1'>${UUID}<rule action='drop' direction='in'${attributes}>${inner}</rule></filter>`;

/** Cases that generated filters and reading libvirt's own tests found. */
const FOUND: readonly (readonly [what: string, xml: string])[] = [
  ['a negated set beside a protocol, whose flags are not negated', rule("<tcp match='no' ipset='x' flags='SYN/ALL'/>")],
  ['a set beside a protocol without flags, which libvirt adds', rule("<udp ipset='x'/>")],
  ['a set beside a protocol with flags, which libvirt drops', rule("<udp ipset='x' ipsetflags='src'/>")],
  ['a set of all protocols without flags', rule("<all ipset='x'/>")],
  ['a priority of 0 where the chain has another', `<filter name='f1' chain='ipv4' priority='0'>${UUID}</filter>`],
  ['the chain of stp, which has no priority of its own', `<filter name='f1' chain='stp-x'>${UUID}</filter>`],
  ['the last address of a range of IPv6', rule("<tcp-ipv6 dstipto='a::b'/>")],
  ['a negated port of the receiver', rule("<tcp match='no' dstportstart='22'/>")],
  [
    'a negated port of the receiver beside one of the sender',
    rule("<tcp match='no' srcportstart='1' dstportstart='22'/>"),
  ],
  [
    'values with and without match, in turns',
    rule("<tcp srcipaddr='10.0.0.1' dscp='1'/><tcp match='no' dstipaddr='10.0.0.2' srcportstart='3'/>"),
  ],
  ['an unknown attribute', rule("<tcp srcporttend='24'/>")],
  ['flags of TCP over IPv6', rule("<tcp-ipv6 flags='?'/>")],
  ['a priority of a rule that is not a number', rule('', " priority='x'")],
  ['a priority of a rule that is out of range', rule('', " priority='1001'")],
  ['a number without 0x', rule("<tcp srcportstart='ff' srcportend='10'/>")],
  ['a number that is too large in decimal', rule("<mac protocolid='700'/>")],
  ['ports before their protocol', rule("<ip srcportstart='1'/><ip protocol='tcp'/>")],
  ['a second protocol', rule("<tcp/><udp dstportstart='oops'/>")],
  ['elements of another namespace', rule("<x:tcp xmlns:x='urn:x' dscp='1'/>")],
];

const OWNER = '<owner><name>a&amp;b</name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner>';
const MAC = "<mac address='52:54:0:7B:35:93'/>";
const FILTER =
  "<filterref filter='allow-arp'><parameter name='B' value='2'/><parameter name='A' value='1,2'/></filterref>";

/** Bindings with one thing wrong, or odd. */
const BINDINGS = [
  `${OWNER}<portdev name='p1'/>${MAC}${FILTER}`,
  `${OWNER}<portdev name='p1'/><linkdev name='e0'/>${MAC}${FILTER}<backend name='zz'/><foo/>`,
  `${FILTER}${MAC}<portdev name='p1'/>${OWNER}`,
  `${OWNER}<portdev name='p1'/><linkdev/>${MAC}${FILTER}`,
  `<owner/>${OWNER}<portdev/><portdev name='p1'/><mac/>${MAC}<filterref/><filterref filter='x'/>`,
  `${OWNER}<portdev name=''/>${MAC}${FILTER}`,
  `${OWNER}<portdev name='p1'/>${FILTER}`,
  `${OWNER}<portdev name='p1'/><mac address='zz'/>${FILTER}`,
  `${OWNER}<portdev name='p1'/><mac address='01:00:5e:00:00:01'/>${FILTER}`,
  `${OWNER}<portdev name='p1'/>${MAC}`,
  `${OWNER}<portdev name='p1'/>${MAC}<filterref filter=''/>`,
  `<portdev name='p1'/>${MAC}${FILTER}`,
  `<owner><name>g</name></owner><portdev name='p1'/>${MAC}${FILTER}`,
  `<owner><name>g</name><uuid>x</uuid></owner><portdev name='p1'/>${MAC}${FILTER}`,
].map((inner) => `<filterbinding>${inner}</filterbinding>`);

describe.each(RELEASES)('what libvirt %s refuses as a filter and how it keeps the rest is what we say', (release) => {
  const libvirt = `${release}.0`;
  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon(release);
  });
  afterAll(() => daemon.stop());

  const ask = (documents: readonly string[], kind = filters) =>
    askLibvirt(documents, kind, { virsh: daemon.virsh, uri: daemon.uriOf('qemu') });

  it('for what was found before', () => {
    const verdicts = ask(FOUND.map(([, xml]) => xml));
    const wrong = FOUND.map(([what, xml], i) => [what, divergence(xml, verdicts[i] ?? {}, libvirt)]);
    expect(Object.fromEntries(wrong)).toEqual(Object.fromEntries(FOUND.map(([what]) => [what, undefined])));
  });

  it('for bindings', () => {
    const verdicts = ask(BINDINGS, bindings);
    expect(verdicts.filter(({ error }) => error === undefined).length).toBeGreaterThan(3);
    const wrong = BINDINGS.flatMap((xml, i) => divergence(xml, verdicts[i] ?? {}, libvirt) ?? []);
    expect(wrong.join('\n\n')).toBe('');
  });

  it('for generated filters, valid and broken', { timeout: runs(3_600_000, 600_000) }, () => {
    const count = runs(500, 40);
    const random = announce(`filter parity on ${release}`, count);
    const documents = Array.from({ length: count }, (_, i) => filterText(random, i));
    const verdicts = ask(documents);
    const wrong = documents.flatMap((xml, i) => {
      const problem = divergence(xml, verdicts[i] ?? {}, libvirt);
      return problem === undefined ? [] : [`${problem}\n--- for\n${xml}`];
    });
    const kept = verdicts.filter(({ error }) => error === undefined).length;
    console.log(`${count} filters, libvirt ${release} took ${kept}, mismatches ${wrong.length}`);
    expect(kept).toBeGreaterThan(count / 4);
    expect(wrong.slice(0, Number(process.env['SHOW'] ?? 5)).join('\n\n')).toBe('');
  });
});
