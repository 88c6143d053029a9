// `npm run bench:desired`: what bringing 1,000 networks to what is wanted costs when ten of them
// differ, beside listing them once and updating ten. On a real daemon of its own: needs what
// `npm run test:libvirt` needs.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BridgedNetwork, connect } from 'libvirt-network';
import { virsh } from 'libvirt-network/virsh';
import { startDaemon } from '../test/lab/index.js';

const COUNT = 1000;
const CHANGED = 10;
const ROUNDS = 5;
const daemon = startDaemon('9.0');
const { dir, uri } = daemon;

/** Defines the networks with one virsh, and starts half of them. */
function populate() {
  const networks = wanted(0);
  const commands = Array.from({ length: COUNT }, (_, i) => {
    const file = join(dir, `n${i}.xml`);
    writeFileSync(file, networks[i].toXml());
    return `net-define ${file}\n${i % 2 === 0 ? `net-start n${i}\n` : ''}`;
  });
  execFileSync('virsh', ['-q', '-c', uri], { input: commands.join(''), stdio: ['pipe', 'ignore', 'inherit'] });
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const seconds = async (work) => {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
};

/** What is wanted in a round: the networks as they are, ten of them with a port group more. */
const wanted = (round) =>
  Array.from({ length: COUNT }, (_, i) => {
    const network = BridgedNetwork.create({ name: `n${i}`, bridge: 'br0' }).portGroup({ name: 'all', default: true });
    const groups = i < CHANGED ? Array.from({ length: round }, (_, n) => `group${n}`) : [];
    return groups.reduce((one, name) => one.portGroup({ name }), network);
  });

try {
  populate();
  const host = connect(virsh({ uri }));
  const times = { ours: [], theirs: [], idle: [], list: [] };
  for (let round = 1; round <= ROUNDS; round++) {
    const networks = wanted(round);
    times.ours.push(
      await seconds(async () => {
        const results = await host.networks.ensureAll(networks);
        const changed = results.filter(({ status }) => status === 'changed').length;
        if (changed !== CHANGED) throw new Error(`${changed} networks were changed`);
      }),
    );
    times.idle.push(await seconds(() => host.networks.ensureAll(networks)));
    times.list.push(await seconds(() => host.networks.readAll()));
    times.theirs.push(
      await seconds(async () => {
        const listed = await host.networks.readAll();
        const ten = listed.filter(({ state }) => Number(state.name.slice(1)) < CHANGED);
        for (const { handle } of ten) await handle.update('portgroup', 'add-last', { name: `other${round}` });
      }),
    );
    // What the reference added is not wanted.
    await host.networks.ensureAll(networks);
  }
  const line = (what, value, goal) => console.log(`${what.padEnd(76)} ${value.toFixed(2).padStart(6)}   goal ${goal}`);
  line(
    `${COUNT} networks, ${CHANGED} changed / one listing and ${CHANGED} updates`,
    median(times.ours) / median(times.theirs),
    '<= 2',
  );
  line(`${COUNT} networks, none changed / one listing`, median(times.idle) / median(times.list), '(none)');
  line('seconds for that with ten changed', median(times.ours), '(none)');
} finally {
  daemon.stop();
}
