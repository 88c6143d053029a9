import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LibvirtError, NwFilter, ValidationError } from '../../src/index.js';
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

/** What our verdict has against libvirt's; nothing when they agree. */
function divergence(xml: string, theirs: Verdict, libvirt: string): string | undefined {
  try {
    const filter = NwFilter.parse(xml, { libvirt });
    const ours = filter.asStored({ libvirt }).toXml({ libvirt });
    if (theirs.error !== undefined) return `libvirt says ${theirs.error}, we say nothing`;
    // libvirt prints part of an address in place of such a comment.
    if (filter.validate({ libvirt }).some(({ code }) => code === 'FILTER_COMMENT_LOST')) return undefined;
    return ours === theirs.xml ? undefined : `libvirt prints\n${theirs.xml}\nwe print\n${ours}`;
  } catch (error) {
    if (!LibvirtError.is(error)) throw error;
    const isUnsafe = error instanceof ValidationError && error.issues.every(({ phase }) => phase === 'never');
    return theirs.error !== undefined || isUnsafe ? undefined : `libvirt accepts, we say ${error.message}`;
  }
}

describe.each(RELEASES)('what libvirt %s refuses as a filter and how it keeps the rest is what we say', (release) => {
  const libvirt = `${release}.0`;
  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon(release);
  });
  afterAll(() => daemon.stop());

  it('for generated filters, valid and broken', { timeout: runs(3_600_000, 600_000) }, () => {
    const count = runs(500, 40);
    const random = announce(`filter parity on ${release}`, count);
    const documents = Array.from({ length: count }, (_, i) => filterText(random, i));
    const verdicts = askLibvirt(documents, filters, { virsh: daemon.virsh, uri: daemon.uriOf('qemu') });
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
