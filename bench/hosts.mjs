// `npm run bench:hosts`: what listing 1,000 networks costs, beside python-libvirt asking for the same, in one run on a
// real daemon of its own. Needs Debian's python3-libvirt.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { connect } from 'libvirt-network';
import { virsh } from 'libvirt-network/virsh';
import { startDaemon } from '../test/lab/index.js';

const COUNT = 1000;
const ROUNDS = 7;
const daemon = startDaemon('9.0');
const { uri } = daemon;

const DEFINE = `import libvirt, sys
c = libvirt.open(sys.argv[1])
for i in range(${COUNT}): c.networkDefineXML("<network><name>n%d</name><forward mode='bridge'/><bridge name='br0'/></network>" % i)
`;
// What a plain program does: five calls for each network.
const LIST = `import libvirt, sys, time
c = libvirt.open(sys.argv[1])
t = time.perf_counter()
for n in c.listAllNetworks(): n.isActive(); n.isPersistent(); n.autostart(); n.UUIDString(); n.XMLDesc()
print(time.perf_counter() - t)
`;
const python = (code) =>
  execFileSync('/usr/bin/python3', ['-c', code, uri], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const seconds = async (work) => {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
};

try {
  python(DEFINE);
  const transport = virsh({ uri });
  const host = connect(transport);
  const run = promisify(execFile);
  const times = { full: [], state: [], table: [], python: [], one: [], bare: [] };
  for (let i = 0; i < ROUNDS; i++) {
    times.python.push(Number(python(LIST)));
    times.full.push(await seconds(() => host.networks.readAll()));
    times.state.push(await seconds(() => host.networks.states()));
    times.table.push(await seconds(() => run('virsh', ['-q', '-c', uri, 'net-list', '--all'])));
    times.one.push(await seconds(() => transport.call('network.dump', { network: 'n1' })));
    times.bare.push(await seconds(() => run('virsh', ['-q', '-c', uri, 'net-dumpxml', '--network=n1'])));
  }
  const line = (what, value, goal) => console.log(`${what.padEnd(76)} ${value.toFixed(2).padStart(6)}   goal ${goal}`);
  const before = transport.processesStarted;
  await host.networks.readAll();
  const full = transport.processesStarted - before;
  await host.networks.states();
  line(
    `${COUNT} networks with state and parsed definition / python-libvirt`,
    median(times.full) / median(times.python),
    '<= 1.5',
  );
  line('processes for that', full, `<= ${1 + COUNT / 250}`);
  line('state alone / virsh net-list --all', median(times.state) / median(times.table), '(none)');
  line('processes for state alone', transport.processesStarted - before - full, '1');
  line('one call / bare execFile', median(times.one) / median(times.bare), '<= 1.15');
} finally {
  daemon.stop();
}
