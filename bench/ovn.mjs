// `npm run bench:ovn`: what bringing ten of many networks on OVN to what is wanted costs, beside the bare transactions: the changed
// columns of the same rows, found in a replica, without a plan or a guard. Each network has 20 ports of guests. On a real ovsdb-server
// of its own, without northd: neither side waits for hosts. Needs what `npm run test:libvirt` needs. Never fails because of a figure.
import { NatNetwork } from 'libvirt-network';
import { ovn } from 'libvirt-network/ovn';
import { northboundRows } from '../src/ovn/model/northbound-rows.js';
import { reconcile } from '../src/ovn/networks/reconcile.js';
import { OvsdbServers } from '../test/lab/index.js';
import { OvsdbTap } from '../test/ovn/ovsdb-tap.js';

const SIZES = [250, 500, 1000];
const GUESTS = 20;
const CHANGES = 10;
const ROUNDS = 15;
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

const ensureTen = async (cloud, mtu) => {
  for (let i = 0; i < CHANGES; i++) {
    const { changed } = await cloud.networks.ensure(network(i, mtu));
    if (!changed) throw new Error(`n${i} was not changed`);
  }
};

const MARK = 'libvirt-network-xml';

/** What the change of a network's MTU changes: the options of DHCP, and the text that is kept with the switch. */
const bareChange = (found, i, mtu) => {
  const { options, main } = found.get(`n${i}`);
  const xml = main.external_ids.get(MARK).replace(/<mtu size='\d+'\/>/, `<mtu size='${mtu}'/>`);
  const where = (row) => [['_uuid', '==', row._uuid]];
  return [
    {
      op: 'update',
      table: 'DHCP_Options',
      where: where(options),
      row: { options: new Map([...options.options, ['mtu', `${mtu}`]]) },
    },
    {
      ...{ op: 'mutate', table: 'Logical_Switch', where: where(main) },
      mutations: [
        ['external_ids', 'delete', [MARK]],
        ['external_ids', 'insert', { [MARK]: xml }],
      ],
    },
  ];
};

const bareTen = async (client, found, mtu) => {
  for (let i = 0; i < CHANGES; i++) await client.transact(bareChange(found, i, mtu));
};

/** The rows of the ten networks, by name. */
function rowsIn(replica) {
  const byName = (table) => new Map(table.map((row) => [row.external_ids.get('libvirt-network'), row]));
  const rows = (table) => [...replica.rows(table).values()];
  const switches = rows('Logical_Switch').filter(({ external_ids }) => external_ids.has(MARK));
  const options = byName(rows('DHCP_Options'));
  return new Map([...byName(switches)].map(([name, main]) => [name, { main, options: options.get(name) }]));
}

async function measure(endpoint, size) {
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  const cloud = ovn({ northbound: endpoint, outside });
  const first = await milliseconds(() => cloud.networks.ensure(network(0, 1400)));
  globalThis.gc();
  const heap = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  const replica = await cloud.northbound.replica({ Logical_Switch: {}, DHCP_Options: {} });
  const found = rowsIn(replica);
  const times = { ours: [], bare: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.ours.push(await milliseconds(() => ensureTen(cloud, 1401 + (round % 2))));
    times.bare.push(await milliseconds(() => bareTen(cloud.northbound, found, 1300 + (round % 2))));
    // The bare transactions leave the networks at another MTU, which the next round changes again.
  }
  await cloud.close();
  return { size, first, heap, ours: median(times.ours), bare: median(times.bare) };
}

/** What goes over the wire for the first call, ten changes, and as many calls that have nothing to do. */
async function requests(endpoint) {
  const tap = await OvsdbTap.to(endpoint);
  const cloud = ovn({ northbound: tap.endpoint, outside });
  await ensureTen(cloud, 1410);
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
    const { first, heap, ours, bare } = await measure(endpoint, size);
    const ratio = (ours / bare).toFixed(2);
    console.log(
      `${size} networks with ${GUESTS} ports: ${CHANGES} changes ${ours.toFixed(1)} ms, bare ${bare.toFixed(1)} ms, ratio ${ratio}   goal <= ${GOAL}`,
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
