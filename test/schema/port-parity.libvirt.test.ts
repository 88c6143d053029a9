import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LibvirtError, ValidationError } from '../../src/errors/index.js';
import { encode } from '../../src/schema/encode.js';
import { type NetworkPort, networkPortTable } from '../../src/schema/networkport.js';
import { writeNetworkPort } from '../../src/schema/small-formats/networkport.js';
import { readNetworkPort } from '../../src/schema/small-formats/read.js';
import { holdsExtra } from '../../src/schema/values.js';
import { writeXml } from '../../src/xml/write.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { documentOf, plainText } from '../support/arbitrary.js';
import { mutate } from '../support/mutate.js';
import { needs } from '../support/needs.js';
import { askLibvirt, type Kind, type Verdict } from '../support/oracle.js';
import { announce, type Random, runs, seed, thinned } from '../support/random.js';
import { allSingleFaults } from '../support/single-faults.js';
import { WHOLE_PORTS } from '../support/whole-documents.js';

needs('daemon of every release');

/** Ports of the network `switch`, which are known by their uuid. */
const ports: Kind = {
  before: 'echo',
  define: 'net-port-create switch',
  dump: (uuid) => `net-port-dumpxml switch ${uuid}; net-port-delete switch ${uuid}`,
  nameOf: (document) => /<uuid>([\da-f-]{36})<\/uuid>/.exec(document)?.[1],
};

/** What the driver says of ports that its parser takes: this network has no such thing, or the port is there already. */
const FROM_DRIVER = /not requested but plug type|has no inbound QoS set|which uses IP forwarding|already exists/;

const numbered = (i: number): string => `4d2b6c3a-0000-4000-8000-${String(i).padStart(12, '0')}`;

/** A port with few of its parts, so that one rule decides, and not always the same one. */
function sparsePort(random: Random, { owner, mac, ...value }: NetworkPort, i: number): NetworkPort {
  const kept = Object.entries(value).filter(() => random.chance(0.3));
  return { ...Object.fromEntries(kept), uuid: numbered(i), owner, mac };
}

function candidates(random: Random, count: number, libvirt: string): string[] {
  return fc.sample(documentOf(networkPortTable, plainText), { numRuns: count, seed }).map((value, i) => {
    let root = encode(networkPortTable, sparsePort(random, value, i), libvirt);
    for (let n = random.pick([0, 0, 1, 2]); n > 0; n--) root = mutate(random, root, networkPortTable);
    return writeXml(root);
  });
}

/** A port without where it is plugged in: an active network fills that in. */
const unplugged = (xml: string): string => xml.replace(/\n {2}<plug type='[^']*'[^>]*?(?:\/>|>[\s\S]*?<\/plug>)/, '');

/** Until 10.0 libvirt let classes below 0 wrap around; we refuse them as it does since. */
const hasOddClass = (xml: string, libvirt: string): boolean => libvirt === '9.0.0' && /classID='\s*-/.test(xml);

/** What the parser says. */
const refusalOf = ({ error }: Verdict): string | undefined =>
  error === undefined || FROM_DRIVER.test(error) ? undefined : error;

/** What our verdict has against libvirt's; nothing when they agree. */
function divergence(xml: string, theirs: Verdict, libvirt: string): string | undefined {
  if (hasOddClass(xml, libvirt)) return undefined;
  const refusal = refusalOf(theirs);
  try {
    const port = readNetworkPort(xml, { libvirt });
    const ours = writeNetworkPort(port, { libvirt });
    if (refusal !== undefined) return `libvirt says ${refusal}, we say nothing`;
    const isCompared = theirs.xml !== undefined && theirs.xml !== '\n' && !holdsExtra(port);
    if (!isCompared || unplugged(ours) === unplugged(theirs.xml)) return undefined;
    return `libvirt prints\n${theirs.xml}\nwe print\n${ours}`;
  } catch (error) {
    if (!LibvirtError.is(error)) throw error;
    const isUnsafe = error instanceof ValidationError && error.issues.every(({ phase }) => phase === 'never');
    return refusal !== undefined || isUnsafe ? undefined : `libvirt accepts, we say ${error.message}`;
  }
}

const plug = (inner: string): string => `<plug type='hostdev-pci'>${inner}</plug>`;
const ADDRESS = "<address domain='0x0' function='0x0'/>";

/** Cases that generated ports found. */
const FOUND: readonly (readonly [what: string, parts: string])[] = [
  ["Xen's driver", plug(`<driver name='xen'/>${ADDRESS}`)],
  ['an unknown driver', plug(`<driver name='zz'/>${ADDRESS}`)],
  ['a driver without a name', plug(`<driver name=''/>${ADDRESS}`)],
  ['an identifier of zPCI that is not a number', plug("<address><zpci uid='zy1'/></address>")],
  ['an identifier of zPCI in octal', plug("<address><zpci fid='010'/></address>")],
  ['a multifunction that libvirt does not know', plug("<address multifunction='default'/>")],
  ['a function that no device can have, of an address that is otherwise empty', plug("<address function='0x1e'/>")],
  ['a function that no device can have', plug("<address slot='0x1' function='0x1e'/>")],
  ['a macvtap mode that is empty', "<plug type='direct' dev='e' mode=''/>"],
  ['a macvtap mode that libvirt does not know', "<plug type='direct' dev='e' mode='zz'/>"],
  ['a macvtap mode where there is no macvtap', "<plug type='bridge' bridge='b' mode='zz'/>"],
  ['a keeper of the MAC table that is empty', "<plug type='bridge' bridge='b' macTableManager=''/>"],
  ['a keeper of the MAC table that libvirt does not know', "<plug type='bridge' bridge='b' macTableManager='zz'/>"],
  ['a keeper of the MAC table where there is no bridge', "<plug type='direct' dev='e' macTableManager='zz'/>"],
  ['a class below 0', "<bandwidth classID='-1'/>"],
  ['a guaranteed rate of 0 out', "<bandwidth><outbound average='1' floor='0'/></bandwidth>"],
  ['a guaranteed rate of 0 in', "<bandwidth><inbound average='1' floor='0'/></bandwidth>"],
];

describe.each(RELEASES)('what libvirt %s refuses as a port and how it keeps the rest is what we say', (release) => {
  const libvirt = `${release}.0`;

  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon(release);
    const file = join(daemon.dir, 'switch.xml');
    writeFileSync(file, "<network><name>switch</name><bridge name='virbr0'/></network>");
    daemon.ask('net-create', file);
  });
  afterAll(() => daemon.stop());

  const expectAgreement = (documents: readonly string[]): void => {
    const verdicts = askLibvirt(documents, ports, daemon);
    const wrong = documents.flatMap((xml, i) => {
      const problem = divergence(xml, verdicts[i] ?? {}, libvirt);
      return problem === undefined ? [] : [`${problem}\n--- for\n${xml}`];
    });
    const kept = verdicts.filter((verdict) => refusalOf(verdict) === undefined).length;
    console.log(`${documents.length} ports, libvirt ${release} took ${kept}, mismatches ${wrong.length}`);
    expect(kept).toBeGreaterThan(documents.length / 10);
    expect(wrong.slice(0, Number(process.env['SHOW'] ?? 5)).join('\n\n')).toBe('');
  };

  it('for generated ports, valid and broken', { timeout: runs(3_600_000, 600_000) }, () => {
    const count = runs(3000);
    const documents = candidates(announce(`port parity on ${release}`, count), count, libvirt);
    expectAgreement(documents);
  });

  it('ports of every kind with one thing wrong', { timeout: runs(3_600_000, 600_000) }, () => {
    expect(askLibvirt(WHOLE_PORTS, ports, daemon).flatMap((verdict) => refusalOf(verdict) ?? [])).toEqual([]);
    expectAgreement(thinned(`single faults of ports, on ${release}`, allSingleFaults(WHOLE_PORTS, networkPortTable)));
  });

  const divergenceOf = (parts: string): string | undefined => {
    const owner = `<owner><name>g</name><uuid>${numbered(2)}</uuid></owner>`;
    const xml = `<networkport><uuid>${numbered(1)}</uuid>${owner}${parts}</networkport>`;
    return divergence(xml, askLibvirt([xml], ports, daemon)[0] ?? {}, libvirt);
  };

  it.each(FOUND)('%s', (_, parts) => {
    expect(divergenceOf(`<mac address='52:54:00:00:00:01'/>${parts}`)).toBeUndefined();
  });

  it.each(['<mac/>', "<mac/><mac address='52:54:00:00:00:01'/>", "<mac/><mac/><mac address='zz'/>"])(
    'the first MAC address counts: %s',
    (parts) => expect(divergenceOf(parts)).toBeUndefined(),
  );
});
