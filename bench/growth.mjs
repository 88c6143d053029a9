// `npm run bench:growth`: how the time of each operation grows with its input. Prints the ratio of CPU time at 8n to that at n,
// where n is the first size that takes 40 ms. Never fails because of a figure.
import { editXml, Network } from 'libvirt-network';
import { readHostBridge } from 'libvirt-network/host-files';
import { largeDocuments } from './large-documents.mjs';

const GOAL = 10;
const ENOUGH_MS = 40;

function cpuOf(work) {
  const begin = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

/** The middle of three runs. */
const middle = (prepare) => [1, 2, 3].map(() => cpuOf(prepare())).sort((a, b) => a - b)[1];

function firstSize(work) {
  for (let size = 250; size <= 1_000_000; size *= 2) if (middle(() => work(size)) >= ENOUGH_MS) return size;
  return undefined;
}

function growth(label, work) {
  work(250)(); // Compiles the code before anything is measured.
  const size = firstSize(work);
  if (size === undefined) return console.log(`${label.padEnd(48)} never takes ${ENOUGH_MS} ms`);
  const times = [1, 2, 4, 8].map((factor) => middle(() => work(size * factor)));
  const ratio = times[3] / times[0];
  const shown = times.map((time) => time.toFixed(0).padStart(6)).join('');
  console.log(
    `${label.padEnd(48)} n=${String(size).padEnd(7)}${shown} ms   8n/n ${ratio.toFixed(1)}${ratio > GOAL ? '   MISSED' : ''}`,
  );
}

const networks = {
  parse: (xml) => () => tolerant(() => Network.parse(xml)),
  validate: (xml) => onNetwork(xml, (network) => network.validate()),
  toXml: (xml) => onNetwork(xml, (network) => network.toXml({ check: false })),
  editXml: (xml) => () => tolerant(() => editXml(xml, (network) => network.with({ title: 'edited' }))),
  diff: (xml) => onNetwork(xml, (network) => network.diff(network.with({ title: 'other' }))),
};

/** What cannot be read takes its time too. */
function tolerant(work) {
  try {
    work();
  } catch (error) {
    if (error?.name !== 'ValidationError' && error?.name !== 'XmlSyntaxError') throw error;
  }
}

function onNetwork(xml, work) {
  let network;
  tolerant(() => {
    network = Network.parse(xml);
  });
  return () => network && work(network);
}

for (const [kind, make] of Object.entries(largeDocuments))
  for (const [name, work] of Object.entries(networks)) growth(`${name}: ${kind}`, (size) => work(make(size)));

const FILES = {
  ifcfg: ['/etc/sysconfig/network-scripts/ifcfg-br0', 'TYPE=Bridge\nDEVICE=br0\n', '#'],
  networkmanager: [
    '/etc/NetworkManager/system-connections/br0.nmconnection',
    '[connection]\nid=br0\ntype=bridge\ninterface-name=br0\n',
    '#',
  ],
  netplan: ['/etc/netplan/01.yaml', 'network:\n  version: 2\n  bridges:\n    br0: {}\n', '#'],
  networkd: ['/etc/systemd/network/br0.netdev', '[NetDev]\nName=br0\nKind=bridge\n', '#'],
  ifupdown: ['/etc/network/interfaces', 'iface br0 inet manual\n  bridge_ports none\n', '#'],
};
const PARTS = {
  comments: (size) => '# a comment\n'.repeat(size),
  blanks: (size) => `# ${' '.repeat(size * 10)}x\n`,
  'blank lines': (size) => '\n'.repeat(size),
};
for (const [backend, [path, content]] of Object.entries(FILES))
  for (const [kind, part] of Object.entries(PARTS))
    growth(`readHostBridge ${backend}: ${kind}`, (size) => {
      const files = [{ path, content: content + part(size) }];
      return () => readHostBridge(backend, files);
    });
