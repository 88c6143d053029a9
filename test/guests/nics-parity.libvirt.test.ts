import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LibvirtError, ValidationError } from '../../src/errors/index.js';
import { GuestNic } from '../../src/model/guest-nic/guest-nic.js';
import { holdsExtra } from '../../src/schema/values.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { doubtfulNicText, goodNicText } from '../support/nic-texts.js';
import { askLibvirt, type Kind, type Verdict } from '../support/oracle.js';
import { announce, runs } from '../support/random.js';

needs('daemon of every release', 'virtual machines');

/** Guests of the qemu driver, as they would be at their next start. */
const guests: Kind = {
  before: 'echo',
  define: 'define',
  dump: (name) => `dumpxml --inactive ${name}; undefine ${name}`,
  nameOf: (document) => /<name>(g\d+)<\/name>/.exec(document)?.[1],
};

/** A guest with nothing that a NIC could get into the way of. */
const guest = (nic: string): string => `<domain type='qemu'><name>g0</name><memory>1024</memory>
<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><emulator>/run/sandbox/vm/qemu-system-x86_64</emulator><controller type='usb' model='none'/><memballoon model='none'/>
${nic}</devices></domain>`;

/** What the qemu driver adds to a definition: addresses, a MAC address, a model, identities of ports. */
const assigned = (xml: string, hasMac: boolean): string =>
  xml
    .replace(/\n {2}<address type='pci'[^>]*\/>/, '')
    .replace(hasMac ? /(?!)/ : /\n {2}<mac [^>]*\/>/, '')
    .replace(/\n {2}<model type='(?:rtl8139|e1000)'\/>/, '')
    .replace(/ (?:interfaceid|instanceid)='[^']*'/g, '')
    .replace(/>\n {4}<parameters\/>\n {2}<\/virtualport>/, '/>')
    .replace(/^(<interface [^>]*[^/])>\n<\/interface>\n$/, '$1/>\n');

const printedIn = (xml: string): string =>
  (/^ {4}<interface[^>]*(?:\/>|>[\s\S]*?^ {4}<\/interface>)\n/m.exec(xml)?.[0] ?? '').replace(/^ {4}/gm, '');

/** What is left out: Debian's 9.0 has no passt, and nobody gives a device of the host settings of virtio. */
const isLeftOut = (text: string, libvirt: string): boolean =>
  (libvirt === '9.0.0' && text.includes('<backend type=')) ||
  (text.includes("type='hostdev'") && /<driver [^>]*(?:iommu|ats|packed|page_per_vq)=/.test(text));

/** What our verdict has against libvirt's; nothing when they agree. */
function divergence(text: string, { error, xml }: Verdict, libvirt: string): string | undefined {
  if (isLeftOut(text, libvirt)) return undefined;
  try {
    const nic = GuestNic.parse(text, { libvirt });
    nic.assertDefinable({ libvirt });
    if (error !== undefined) return `${text}\nlibvirt says ${error}, we say nothing`;
    if (holdsExtra(nic.document) && nic.kind === 'other') return undefined;
    const stored = nic.asStored({ libvirt });
    const ours = assigned(stored.toXml({ libvirt, check: false }), stored.mac !== undefined);
    const theirs = assigned(printedIn(xml ?? ''), stored.mac !== undefined);
    return ours === theirs ? undefined : `${text}\nlibvirt prints\n${theirs}\nwe print\n${ours}`;
  } catch (problem) {
    if (!LibvirtError.is(problem)) throw problem;
    const isUnsafe = problem instanceof ValidationError && problem.issues.every(({ phase }) => phase === 'never');
    return error !== undefined || isUnsafe ? undefined : `${text}\nlibvirt accepts, we say ${problem.message}`;
  }
}

describe.each(RELEASES)("guests' NICs and the qemu driver of libvirt %s", (release) => {
  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon(release);
  });
  afterAll(() => daemon.stop());

  const ask = (texts: readonly string[]) =>
    askLibvirt(texts.map(guest), guests, { virsh: daemon.virsh, uri: daemon.uriOf('qemu') });

  it('have the same verdict, and are printed alike', () => {
    const count = runs(2000, 60);
    const random = announce(`NICs for ${release}`, count);
    const texts = Array.from({ length: count }, (_, i) =>
      i % 3 === 0 ? goodNicText(random) : doubtfulNicText(random),
    );
    const verdicts = ask(texts);
    const found = texts.flatMap((text, i) => divergence(text, verdicts[i] ?? {}, `${release}.0`) ?? []);
    expect(found.join('\n\n')).toBe('');
    const refused = verdicts.filter(({ error }) => error !== undefined).length;
    expect([refused > count / 5, refused < count * 0.8]).toEqual([true, true]);
  });
});
