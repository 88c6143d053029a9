// `npm run bench:hosts`: what calls, lists and definitions cost over the socket, beside python-libvirt at its best ("smart":
// four lists and one call a network, parsed with lxml), in one interleaved run on a real daemon of its own; and beside virsh.
// Needs Debian's python3-libvirt and python3-lxml. Prints go-libvirt beside it where Go is installed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { connect, NatNetwork } from 'libvirt-network';
import { socket } from 'libvirt-network/socket';
import { virsh } from 'libvirt-network/virsh';
import { startDaemon } from '../test/lab/index.js';
import { RemoteAccess } from '../test/lab/remote/remote.js';

const COUNT = 1000;
const CALLS = 500;
const ROUNDS = 7;
const WARM_MS = 1000;

/** One connection; each line that it reads names a piece of work, and is answered with its seconds. */
const PYTHON = `import libvirt, sys, time
from lxml import etree
c = libvirt.open(sys.argv[1])
def state():
    every, *lists = [c.listAllNetworks(flags) for flags in (0, 2, 4, 16)]
    sets = [set(n.UUIDString() for n in l) for l in lists]
    return [(n.name(), [n.UUIDString() in s for s in sets]) for n in every]
def full():
    state()
    for n in c.listAllNetworks(): etree.fromstring(n.XMLDesc())
def call():
    for i in range(${CALLS}): c.networkLookupByName('n1').XMLDesc()
for line in sys.stdin:
    t = time.perf_counter()
    {'state': state, 'full': full, 'call': call}[line.strip()]()
    print(time.perf_counter() - t, flush=True)
`;

/** A network with NAT and five guests. Stopped: a thousand bridges would be another measurement. */
function networkOf(i) {
  const subnet = `10.${i >> 8}.${i & 255}`;
  let network = NatNetwork.create(`n${i}`)
    .bridge(`nb${i}`)
    .subnet(`${subnet}.1/24`, (own) => own.dhcp(`${subnet}.100`, `${subnet}.200`));
  for (let guest = 2; guest < 7; guest++)
    network = network.reserve({ mac: `52:54:00:00:00:0${guest}`, ip: `${subnet}.${guest}`, name: `g${guest}` });
  return network;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function seconds(work) {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

const often = (work) => async () => {
  for (let i = 0; i < CALLS; i++) await work();
};

/** A python program with a connection of its own, and how long it takes for a piece of work. */
function startPython(uri) {
  const child = spawn('/usr/bin/python3', ['-c', PYTHON, uri], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (work) => {
    child.stdin.write(`${work}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('python has ended; apt-get install python3-libvirt python3-lxml');
    return Number(value);
  };
  const end = async () => {
    child.stdin.end();
    await once(child, 'close');
  };
  return { ask, end };
}

const line = (what, ratio, goal, times) =>
  console.log(`${what.padEnd(64)} ${ratio.toFixed(2).padStart(6)}   goal ${goal.padEnd(6)} (${times})`);
const ms = (value) => `${(1000 * value).toFixed(value < 0.01 ? 2 : 0)} ms`;

function compare(what, ours, theirs, goal) {
  const [a, b] = [median(ours), median(theirs)];
  line(what, a / b, goal, `${ms(a)} / ${ms(b)}`);
}

const daemon = startDaemon('9.0');
const remote = RemoteAccess.open(daemon);
let python;
try {
  const { uri } = daemon;
  const tls = { ca: remote.authority.cert, cert: remote.client.cert, key: remote.client.key };
  const ways = {
    unix: socket({ uri }),
    tls: socket({
      uri: `network+tls://localhost:${await remote.portTo('tls')}/system`,
      tls: Object.fromEntries(Object.entries(tls).map(([name, file]) => [name, readFileSync(file)])),
    }),
    virsh: virsh({ uri }),
  };
  const hosts = Object.fromEntries(Object.entries(ways).map(([way, transport]) => [way, connect(transport)]));
  for (let i = 0; i < COUNT; i++) await hosts.unix.networks.define(networkOf(i));
  python = startPython(uri);
  const dump = (way) => () => ways[way].call('network.dump', { network: 'n1' });
  const works = {
    call: often(dump('unix')),
    'call over TLS': often(dump('tls')),
    'call of virsh': dump('virsh'),
    state: () => hosts.unix.networks.states(),
    full: () => hosts.unix.networks.readAll(),
    'full over TLS': () => hosts.tls.networks.readAll(),
    'full with virsh': () => hosts.virsh.networks.readAll(),
  };
  const times = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
  const pythons = { call: [], state: [], full: [] };
  for (const work of [works.call, works.state, works.full, works['full over TLS']])
    for (let spent = 0; spent < WARM_MS; ) spent += 1000 * (await seconds(work));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(works)) times[name].push(await seconds(works[name]));
    for (const name of Object.keys(pythons)) pythons[name].push(await python.ask(name));
  }
  const each = (list) => list.map((time) => time / CALLS);
  compare('one definition by the name of its network / python-libvirt', each(times.call), each(pythons.call), '<= 2');
  compare(`${COUNT} NAT networks with 5 hosts, parsed / python smart + lxml`, times.full, pythons.full, '<= 1.5');
  compare(`states of ${COUNT} / python smart`, times.state, pythons.state, '<= 1.2');
  compare('one call over TLS / over unix', each(times['call over TLS']), each(times.call), '<= 3');
  compare(`${COUNT} networks over TLS / over unix`, times['full over TLS'], times.full, '<= 3');
  compare('one call / virsh', each(times.call), times['call of virsh'], '(none)');
  compare(`${COUNT} networks, parsed / with virsh`, times.full, times['full with virsh'], '(none)');
  if (spawnSync('go', ['version']).status !== 0) console.log('go-libvirt is not measured: Go is not installed');
} finally {
  await python?.end();
  remote.close();
  daemon.stop();
}
