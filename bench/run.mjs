// `npm run bench`: prints ratios measured in this run, beside the goals. Never fails because of a figure.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { editXml, Network } from 'libvirt-network';
import { checkNetwork, readNetwork, readXml, writeNetwork, writeXml } from 'libvirt-network/xml';
import { manyHosts, small, tenLines } from './documents.mjs';
import { importTimes } from './imports.mjs';
import { ratio } from './paired.mjs';

const PARSER = {
  preserveOrder: true,
  ignoreAttributes: false,
  parseTagValue: false,
  trimValues: false,
  cdataPropName: '#cdata',
  commentPropName: '#comment',
  captureMetaData: true,
  processEntities: false,
  jPath: false,
};
const BUILDER = {
  preserveOrder: true,
  ignoreAttributes: false,
  suppressEmptyNode: true,
  cdataPropName: '#cdata',
  commentPropName: '#comment',
};
const line = (what, value, goal) => console.log(`${what.padEnd(64)} ${value.toFixed(2).padStart(7)}   goal ${goal}`);

const [whole, ...others] = importTimes(['libvirt-network', 'libvirt-network/client', 'libvirt-network/build']);
line('import of ./client / import of the index', others[0] / whole, '<= 0.4');
line('import of ./build / import of the index', others[1] / whole, '(no goal)');

const documents = [
  ['ten lines', tenLines, 3.5],
  ['everyday network', small, 2.5],
  ['1,000 hosts', manyHosts(1_000)],
  ['10,000 hosts', manyHosts(10_000), 2],
];

const reader = new XMLParser(PARSER);
for (const [name, text, goal] of documents) {
  const bare = () => reader.parse(text);
  line(`${name}: bare fast-xml-parser against itself`, ratio(bare, bare), '0.85 to 1.15 (noise)');
  line(
    `${name}: strict lossless tree with positions / bare`,
    ratio(() => readXml(text), bare),
    '<= 2',
  );
  line(
    `${name}: Network.parse / bare`,
    ratio(() => Network.parse(text), bare),
    goal === undefined ? '(no goal)' : `<= ${goal}`,
  );
  const printed = Network.parse(text);
  printed.toXml();
  line(
    `${name}: second toXml() / first`,
    ratio(
      () => printed.toXml(),
      () => Network.from(structuredClone(printed.document)).toXml(),
    ),
    '<= 0.3',
  );
  const { root } = readXml(text);
  const ordered = new XMLParser({ ...PARSER, captureMetaData: false }).parse(text);
  const builder = new XMLBuilder(BUILDER);
  line(
    `${name}: XMLBuilder / our printing of a tree`,
    1 /
      ratio(
        () => writeXml(root),
        () => builder.build(ordered),
      ),
    '>= 5',
  );
  const { document } = readNetwork(text);
  line(
    `${name}: XMLBuilder / our printing of a document`,
    1 /
      ratio(
        () => writeNetwork(document),
        () => builder.build(ordered),
      ),
    '(no goal)',
  );
  line(
    `${name}: all rules / bare`,
    ratio(() => checkNetwork(document), bare),
    '(no goal)',
  );
}

const large = manyHosts(10_000);
line(
  '10,000 hosts: editXml of one change / Network.parse',
  ratio(
    () => editXml(large, (network) => network.title('other')),
    () => Network.parse(large),
  ),
  '<= 2.5',
);

// Growth and memory, each in a process of its own.
if (Network.parse(small).kind !== 'nat') throw new Error('the wrong kind');
const child = (mode, count) => {
  const run = spawnSync(
    process.execPath,
    ['--expose-gc', fileURLToPath(new URL('grow.mjs', import.meta.url)), mode, String(count)],
    { encoding: 'utf8' },
  );
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
};
const middle = (mode, count) => [1, 2, 3].map(() => child(mode, count)).sort((a, b) => a.cpu - b.cpu)[1];
const [half, full] = [middle('read', 100_000), middle('read', 200_000)];
line('CPU for 200,000 hosts / for 100,000', full.cpu / half.cpu, '<= 2.4');
line('peak memory at 100,000 hosts / the document', (half.peak - child('load', 100_000).peak) / half.bytes, '<= 25');
