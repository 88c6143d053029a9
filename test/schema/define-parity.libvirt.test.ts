import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../../src/schema/encode.js';
import { encodeNetwork } from '../../src/schema/network/codec.js';
import { type NetworkDocument, networkTable } from '../../src/schema/network/network.js';
import type { XmlElement } from '../../src/xml/node.js';
import { writeXml } from '../../src/xml/write.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { documentOf, plainText } from '../support/arbitrary.js';
import { isHostRefusal } from '../support/libvirt-rules.js';
import { mutate } from '../support/mutate.js';
import { needs } from '../support/needs.js';
import { networkOf } from '../support/networks.js';
import { askLibvirt, networks, type Verdict } from '../support/oracle.js';
import { announce, type Random, runs, seed, thinned } from '../support/random.js';
import { allSingleFaults } from '../support/single-faults.js';
import { WHOLE_NETWORKS } from '../support/whole-documents.js';
import { defineDivergence } from './divergence.js';
import { sparse } from './sparse.js';

needs('daemon of every release');

function mutated(random: Random, root: XmlElement, times: number): string {
  let changed = root;
  for (let i = times; i > 0; i--) changed = mutate(random, changed, networkTable);
  return writeXml(changed);
}

/** Networks as people have them, whole or with a few things wrong. */
const likely = (random: Random, count: number, libvirt: string): string[] =>
  Array.from({ length: count }, () =>
    mutated(random, encodeNetwork(networkOf(random), libvirt), random.pick([0, 1, 1, 1, 2, 2, 3])),
  );

/** Documents in which nearly every field by itself is valid, and few belong together. */
const unlikely = (random: Random, count: number, libvirt: string): string[] =>
  fc
    .sample(documentOf(networkTable, plainText), { numRuns: count, seed })
    .map((document: NetworkDocument, i) =>
      mutated(random, encode(networkTable, sparse(random, document, `n${i}`), libvirt), random.pick([0, 0, 1])),
    );

const DEVICE = "<address type='pci' bus='0x03' slot='0x10' function='0x1'/>";
const OTHER = "<address type='pci' bus='0x03' slot='0x10' function='0x3'/>";
const ADDRESSED = "<ip address='10.0.0.1' prefix='24'/>";

const range = (start: string, end: string): string =>
  `<ip address='10.200.0.1' prefix='8'><dhcp><range start='${start}' end='${end}'/></dhcp></ip>`;

const route = (mask: string): string => `<route address='10.1.0.0' ${mask} gateway='10.0.0.2'/>`;

/** Cases that generated documents found. */
const FOUND: readonly (readonly [what: string, parts: string])[] = [
  [
    'a lease outside of a host',
    "<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' end='10.0.0.9'/><lease expiry='5'/></dhcp></ip>",
  ],
  [
    'a tftp root inside of an unknown element',
    "<ip address='10.0.0.1' prefix='24'><boot><tftp root='/srv'/></boot></ip>",
  ],
  [
    'unknown elements and attributes everywhere',
    "<x/><bridge name='br0' y='1'><z/></bridge><ip address='10.0.0.1' prefix='24' q='1'><dhcp><range start='10.0.0.2' end='10.0.0.9' w='2'/></dhcp></ip>",
  ],
  [
    'addresses of devices mean nothing beside interfaces, and need no type',
    "<forward mode='vepa'><interface dev='ens0'/><address function='1e3'/></forward>",
  ],
  ['a guaranteed rate of 0 in', `<bandwidth><inbound average='1' floor='0'/></bandwidth>${ADDRESSED}`],
  ['a guaranteed rate of 0 out', `<bandwidth><outbound average='1' floor='0'/></bandwidth>${ADDRESSED}`],
  ['a guaranteed rate of 0 alone', `<bandwidth><inbound floor='0'/></bandwidth>${ADDRESSED}`],
  [
    'a multifunction that libvirt does not know',
    "<forward mode='hostdev'><address type='pci' multifunction='zz'/></forward>",
  ],
  [
    'an identifier of zPCI that is not a number',
    "<forward mode='hostdev'><address type='pci'><zpci uid='zy1'/></address></forward>",
  ],
  ['a range over the edge of a block of 65536 addresses', range('10.0.255.250', '10.1.0.5')],
  ['such a range in reverse', range('10.1.0.5', '10.0.255.250')],
  ['a range in reverse from another block of 65536 addresses', range('10.68.0.150', '10.0.0.1')],
  ['a range of 65536 addresses over such an edge', range('10.0.0.2', '10.1.0.1')],
  ['a range of 65537 addresses', range('10.0.0.2', '10.1.0.2')],
  [
    'source addresses over the edge of a block of 65536',
    "<forward mode='nat'><nat><address start='10.0.255.250' end='10.1.0.5'/></nat></forward><ip address='10.2.0.1' prefix='8'/>",
  ],
  [
    'a weight beyond all measure, of a service without a target',
    `<dns><srv service='ldap' protocol='tcp' weight='4294967296'/></dns>${ADDRESSED}`,
  ],
  [
    'a weight that is too large, of a service without a target',
    `<dns><srv service='ldap' protocol='tcp' weight='4294967295'/></dns>${ADDRESSED}`,
  ],
  ...['802.1Qbg', '802.1Qbh', 'openvswitch', 'midonet'].map(
    (type) =>
      [`an empty profile, ${type}`, `<virtualport type='${type}'><parameters profileid=''/></virtualport>`] as const,
  ),
  [
    'an empty profile beside another parameter',
    `<virtualport type='openvswitch'>
       <parameters interfaceid='fffffffa-eb7d-81cf-8000-0004fe0b0cd5' profileid=''/>
     </virtualport>`,
  ],
  [
    'an empty profile of a group without a type',
    "<portgroup name='g'><virtualport><parameters managerid='1' profileid=''/></virtualport></portgroup>",
  ],
  [
    'a peak that is not a number, without an average',
    `<bandwidth><inbound peak='-1' floor='5'/></bandwidth>${ADDRESSED}`,
  ],
  [
    'a floor that is not a number, and a peak without an average',
    `<bandwidth><inbound peak='5' floor='7 '/></bandwidth>${ADDRESSED}`,
  ],
  ['a peak that is not a number', `<bandwidth><inbound average='1' peak='-1'/></bandwidth>${ADDRESSED}`],
  ['a driver without a name', "<forward mode='hostdev'><driver name=''/><pf dev='lo'/></forward>"],
  ['a driver with an empty model', "<forward mode='hostdev'><driver model=''/><pf dev='lo'/></forward>"],
  [
    'an empty virtual port of a group where the network has tags',
    "<forward mode='hostdev'><pf dev='lo'/></forward><vlan><tag id='5'/></vlan><portgroup name='g'><virtualport/></portgroup>",
  ],
  [
    'tags of a network whose default group is on Open vSwitch',
    `<forward mode='bridge'/><bridge name='br0'/><vlan><tag id='5'/></vlan>
     <portgroup name='g' default='yes'><virtualport type='openvswitch'/></portgroup>`,
  ],
  [
    'tags of a network with a group on Open vSwitch that is not the default',
    `<forward mode='bridge'/><bridge name='br0'/><vlan><tag id='5'/></vlan>
     <portgroup name='g'><virtualport type='openvswitch'/></portgroup>`,
  ],
  [
    'tags of a network with a default group that has no port of its own',
    `<forward mode='route'/>${ADDRESSED}<vlan><tag id='5'/></vlan><portgroup name='g' default='yes'/>`,
  ],
  [
    'tags of a network with an unsuitable port beside a default group on Open vSwitch',
    `<forward mode='bridge'/><bridge name='br0'/><vlan><tag id='5'/></vlan><virtualport type='midonet'/>
     <portgroup name='g' default='yes'><virtualport type='openvswitch'/></portgroup>`,
  ],
  ['a pool of addresses on an open network', `<forward mode='open'>${DEVICE}</forward>${ADDRESSED}`],
  ['two devices by address on a routed network', `<forward mode='route'>${DEVICE}${OTHER}</forward>${ADDRESSED}`],
  ['a device by address on a routed network', `<forward mode='route'>${DEVICE}</forward>${ADDRESSED}`],
  ['a device by address beside a bridge', `<forward mode='bridge'>${DEVICE}</forward><bridge name='br0'/>`],
  [
    'a device by address and its function beside a bridge',
    `<forward mode='bridge'><pf dev='lo'/>${DEVICE}</forward><bridge name='br0'/>`,
  ],
  ['an empty type of an address', "<forward mode='hostdev'><address type=''/></forward>"],
  ...[
    ['255', '16777215', '255'],
    ['-1', '1', '1'],
    ['-4294967295', '-4294967290', '-037777777777'],
    ['-4294967296', '1', '1'],
    ['--1', '1', '1'],
  ].map(
    ([manager, type, version]) =>
      [
        `identifiers of a virtual port that wrap around: ${manager}, ${type}, ${version}`,
        `<virtualport type='802.1Qbg'>
           <parameters managerid='${manager}' typeid='${type}' typeidversion='${version}'/>
         </virtualport>`,
      ] as const,
  ),
  ['a route with a netmask that has gaps', `${ADDRESSED}${route("netmask='255.255.0.255'")}`],
  ['such a route to an address that is not a network', `${ADDRESSED}${route("netmask='255.0.0.255'")}`],
  ['an empty uuid before another', `<uuid/><uuid>bad</uuid>${ADDRESSED}`],
  ['a uuid with a dash at its end', `<uuid>5a3b9b6e-0b1c-4b6e-8f1c-000000000001-</uuid>${ADDRESSED}`],
  ['a uuid with blanks around it', `<uuid> 5a3b9b6e0b1c-4b6e-8f1c-000000000001 </uuid>${ADDRESSED}`],
  ['an empty title before another', `<title/><title>a</title>${ADDRESSED}`],
  ['a rate beyond all measure', `<bandwidth><inbound average='18446744073709551615'/></bandwidth>${ADDRESSED}`],
  ['a guaranteed rate', `<bandwidth><inbound floor='5'/></bandwidth>${ADDRESSED}`],
];

const foundNetwork = (parts: string): string => `<network><name>found</name>${parts}</network>`;

describe.each(RELEASES)('what libvirt %s refuses to define and how it keeps the rest is what we say', (release) => {
  const libvirt = `${release}.0`;

  let daemon: Daemon;
  /** Of all cases that were found, asked at once. */
  let verdictsOfFound: ReadonlyMap<string, Verdict>;
  beforeAll(() => {
    daemon = startDaemon(release);
    const verdicts = define(FOUND.map(([, parts]) => foundNetwork(parts)));
    verdictsOfFound = new Map(FOUND.map(([what], i) => [what, verdicts[i] ?? {}]));
  });
  afterAll(() => daemon.stop());

  const define = (documents: readonly string[]): Verdict[] => askLibvirt(documents, networks, daemon);

  const expectAgreement = (documents: readonly string[]): void => {
    const verdicts = define(documents);
    const wrong = documents.flatMap((xml, i) => {
      const problem = defineDivergence(xml, verdicts[i] ?? {}, libvirt);
      return problem === undefined ? [] : [`${problem}\n--- for\n${xml}`];
    });
    const refused = verdicts.filter(({ error }) => error !== undefined).length;
    console.log(`${documents.length} documents, libvirt ${release} refused ${refused}, mismatches ${wrong.length}`);
    expect(wrong.slice(0, Number(process.env['SHOW'] ?? 5)).join('\n\n')).toBe('');
  };

  it.each([
    ['networks as people have them, with a few things wrong', likely],
    ['any shape of document', unlikely],
  ] as const)('%s', { timeout: runs(3_600_000, 600_000) }, (what, make) => {
    const count = runs(3000);
    expectAgreement(make(announce(`${what}, on ${release}`, count), count, libvirt));
  });

  it('networks of every kind with one thing wrong', { timeout: runs(3_600_000, 600_000) }, () => {
    const refusals = define(WHOLE_NETWORKS).flatMap(({ error }) => error ?? []);
    expect(refusals.filter((error) => !isHostRefusal(error))).toEqual([]);
    expectAgreement(thinned(`single faults, on ${release}`, allSingleFaults(WHOLE_NETWORKS, networkTable)));
  });

  it.each(FOUND)('%s', (what, parts) => {
    expect(defineDivergence(foundNetwork(parts), verdictsOfFound.get(what) ?? {}, libvirt)).toBeUndefined();
  });

  it.each([
    '<network><name/><name>b</name></network>',
    "<a:network xmlns:a='urn:a'><name>found</name></a:network>",
    "<a:network xmlns:a='urn:a'><a:name>found</a:name></a:network>",
    "<network xmlns='urn:a'><name>found</name></network>",
  ])('%s', (xml) => {
    expect(defineDivergence(xml, define([xml])[0] ?? {}, libvirt)).toBeUndefined();
  });
});
