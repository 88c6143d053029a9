// `npm run bench:ovn`: what bringing ten of many networks on OVN to what is wanted costs, beside the bare transactions: the same
// ones, planned before. Each network has 20 ports of guests. On a real ovsdb-server of its own, without northd: neither side waits for
// hosts. Needs what `npm run test:libvirt` needs. Never fails because of a figure.
import { NatNetwork } from 'libvirt-network';
import { ovn } from 'libvirt-network/ovn';
import { reconcile } from '../src/ovn/networks/reconcile.js';
import { guestsIn } from '../src/ovn/networks/stored.js';
import { WarmRows } from '../src/ovn/networks/warm-rows.js';
import { northboundRows, rowsWithGuests } from '../src/ovn-model/northbound-rows.js';
import { OvsdbServers } from '../test/lab/index.js';
import { OvsdbTap } from '../test/ovn/ovsdb-tap.js';

const SIZES = [250, 500, 1000];
const GUESTS = 20;
const CHANGES = 10;
const ROUNDS = 30;
const GOAL = 3;

/** Each network has its own physical network, so that all have the same address. */
const outside = ({ name }) => ({
  ...{ physicalNetwork: name, addresses: ['198.51.100.10/24'], gateways: ['198.51.100.2'], chassis: 'c1' },
});
const hex = (number) => number.toString(16).padStart(2, '0');

const network = (i, mtu) =>
  NatNetwork.create(`n${i}`)
    .mtu(mtu)
    .domain('lab.test')
    .subnet('10.1.0.1/24', (s) => s.dhcp('10.1.0.100', '10.1.0.199'));

const guest = (_, i) => ({
  mac: `52:54:00:00:00:${hex(i + 1)}`,
  id: crypto.randomUUID(),
  ips: [`10.1.0.${i + 2}`],
});

/** One transaction a network, as `ensure` and `port` would make them one after the other. */
async function populate(northbound, from, to) {
  for (let i = from; i < to; i++) {
    const rows = northboundRows(network(i, 1400), outside(network(i, 1400)), Array.from({ length: GUESTS }, guest));
    const nothing = { name: `n${i}`, rows: new Map() };
    await northbound.transact(reconcile(rows, { network: `n${i}` }, nothing).operations);
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function milliseconds(work) {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

const ten = (mtu) => Array.from({ length: CHANGES }, (_, i) => network(i, mtu));

const ensureTen = async (cloud, networks) => {
  for (const one of networks) {
    const { changed } = await cloud.networks.ensure(one);
    if (!changed) throw new Error(`${one.name} was not changed`);
  }
};

/** The transactions by which `ensure` brings ten networks from one MTU to another: guards compare values, so they can be sent again. */
async function transactionsTo(endpoint, mtu) {
  const planner = ovn({ northbound: endpoint });
  const rows = new WarmRows(planner.northbound);
  const transactions = [];
  for (const one of ten(mtu)) {
    const found = await rows.read(one.name, {});
    const wanted = rowsWithGuests(one, outside(one))(guestsIn(found));
    transactions.push(reconcile(wanted, { network: one.name }, found).operations);
  }
  await planner.close();
  return transactions;
}

const sendTen = async (client, transactions) => {
  for (const operations of transactions) await client.transact(operations);
};

/** Those without their guards, as a careless program would send them. */
const unguarded = (transactions) => transactions.map((operations) => operations.filter(({ op }) => op !== 'wait'));

async function measure(endpoint, size) {
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  const cloud = ovn({ northbound: endpoint, outside });
  const first = await milliseconds(() => cloud.networks.ensure(network(0, 1400)));
  globalThis.gc();
  const heap = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  const times = await timesOf(cloud, endpoint);
  await cloud.close();
  return { size, first, heap, ...times };
}

/** The same ten changes by each way, one round after the other. */
async function timesOf(cloud, endpoint) {
  for (const one of ten(1401)) await cloud.networks.ensure(one);
  const there = await transactionsTo(endpoint, 1402);
  await sendTen(cloud.northbound, there);
  const back = await transactionsTo(endpoint, 1401);
  await sendTen(cloud.northbound, back);
  const { northbound } = cloud;
  const send = (transactions) => milliseconds(() => sendTen(northbound, transactions));
  const times = { ours: [], bare: [], careless: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [mtu, transactions] of [
      [1402, back],
      [1401, there],
    ]) {
      const networks = ten(mtu);
      times.ours.push(await milliseconds(() => ensureTen(cloud, networks)));
      times.bare.push(await send(transactions));
      times.careless.push(await send(unguarded(mtu === 1402 ? there : back)));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

/** What goes over the wire for the first call, ten changes, and as many calls that have nothing to do. */
async function requests(endpoint) {
  const tap = await OvsdbTap.to(endpoint);
  const cloud = ovn({ northbound: tap.endpoint, outside });
  await ensureTen(cloud, ten(1410));
  for (let i = 0; i < CHANGES; i++) await cloud.networks.ensure(network(i, 1410));
  const counts = tap.counts;
  await cloud.close();
  await tap.stop();
  return counts;
}

const servers = OvsdbServers.start();
try {
  const [endpoint] = servers.endpoints;
  const writer = ovn({ northbound: endpoint });
  let made = 0;
  for (const size of SIZES) {
    await populate(writer.northbound, made, size);
    made = size;
    const { first, heap, ours, bare, careless } = await measure(endpoint, size);
    const [ratio, toCareless] = [ours / bare, ours / careless].map((one) => one.toFixed(2));
    console.log(
      `${size} networks with ${GUESTS} ports: ${CHANGES} changes ${ours.toFixed(1)} ms, bare ${bare.toFixed(1)} ms, ratio ${ratio}   goal <= ${GOAL} (without guards ${careless.toFixed(1)} ms, ratio ${toCareless})`,
    );
    console.log(
      `  first call ${first.toFixed(0)} ms (${(first / size).toFixed(2)} a network), heap ${heap.toFixed(1)} MiB (${((1024 * heap) / size).toFixed(1)} KiB a network)   goal: the same a network`,
    );
  }
  await writer.close();
  console.log(
    `  requests of a client for ${CHANGES} changes and ${CHANGES} calls without: ${JSON.stringify(await requests(endpoint))}`,
  );
} finally {
  servers.stop();
}
