// #region imports
import { applyAll, connect, formatPlan, NatNetwork, ownerOf, progressLine } from 'libvirt-network';
import { planNetwork } from 'libvirt-network/plan';
import { mockTransport } from 'libvirt-network/testing';

const host = connect(mockTransport()); // for a real daemon: connect(socket({ uri: 'qemu:///system' }))
// #endregion

// #region ensure
const lab = NatNetwork.create('lab').subnet('192.168.50.1/24', (s) => s.dhcp('192.168.50.100', '192.168.50.199'));

const { changed, restartNeeded, network } = await host.networks.ensure(lab, { running: true, autostart: true });
console.log(changed, restartNeeded, await network.info()); // true false { name: 'lab', active: true, ... }
console.log((await host.networks.ensure(lab, { running: true })).changed); // false
// #endregion

// #region plan
const wider = lab.reserve({ mac: '52:54:00:00:00:01', name: 'db' }).domain('lab.test');

console.log(formatPlan(await host.networks.plan(wider)));
// #endregion

// #region pure
const live = (await network.read()).document;
const stored = (await network.read({ inactive: true })).document;
const { steps, blocked } = planNetwork(wider, { state: await network.info(), live, stored, libvirt: '9.0.0' });
console.log(
  steps.map(({ effect }) => effect),
  blocked.map(({ action }) => action),
); // [stored, live] [restart]
// #endregion

// #region restart
const dryRun = await host.networks.ensure(wider, { restart: 'if-unused', dryRun: true });
for (const { effect, what, why } of dryRun.changes) console.log(effect, what, why);

await host.networks.ensure(wider, {
  restart: 'if-unused',
  onProgress: ({ phase, step, done, total }) => console.log(`${done}/${total} ${phase} ${step?.what ?? ''}`),
});
// #endregion

// #region preflight
const clash = NatNetwork.create('other').subnet('192.168.50.1/25');
const { conflicts, unseen } = await host.networks.preflight(clash);
for (const { code, message, hint } of conflicts) console.log(code, message, hint);
console.log('not seen:', unseen); // addresses and routes of the host, without a view
// #endregion

// #region auto
const ci = await host.networks.auto(NatNetwork, 'ci-42', {
  pool: '10.77.0.0/16',
  ipv6: true,
  owner: 'ci',
  running: true,
  build: (one) => one.domain('ci.test', { localOnly: true }),
});
console.log((await ci.network.read()).subnets.map(({ cidr }) => cidr)); // 10.77.0.0/24 and a random fd..::/64
// #endregion

// #region owner
console.log(ownerOf(await ci.network.read())); // ci
await host.networks.ensureAbsent('ci-42').catch((error) => console.log(error.code)); // NOT_OWNER
console.log(await host.networks.prune('ci', { keep: ['ci-43'] })); // { removed: ['ci-42'], failed: [], unreadable: [] }
// #endregion

const [kvm1, kvm2] = [host, connect(mockTransport())];
// #region many
const networks = [1, 2, 3].map((i) => NatNetwork.create(`team${i}`).subnet(`10.80.${i}.1/24`));
const report = await applyAll(
  [
    { host: kvm1, networks, absent: ['lab'], running: true },
    { host: kvm2, networks, running: true, owner: 'teams' },
  ],
  { perHost: 4, onProgress: progressLine(process.stdout) },
);
for (const { host, network, status, error } of report.results) console.log(host, network, status, error?.message ?? '');
// #endregion
