// How long it takes to tell who reaches whom, and how that grows. One run, ratios.
import { IsolatedNetwork, NatNetwork, OpenNetwork, RoutedNetwork } from '../dist/index.js';
import { reachability } from '../dist/preview.js';

const KINDS = [NatNetwork, RoutedNetwork, IsolatedNetwork, OpenNetwork];
const networks = Array.from({ length: 200 }, (_, i) =>
  KINDS[i % KINDS.length].create(`net${i}`).bridge(`virbr${i}`).subnet(`10.${i}.0.1/24`),
);

/** CPU time in milliseconds: the middle of five. */
function cpu(count, backend) {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    reachability({ backend, networks: networks.slice(0, count) });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return times.sort((a, b) => a - b)[2];
}

for (const backend of ['iptables', 'nftables']) {
  const [half, whole] = [cpu(100, backend), cpu(200, backend)];
  const pairs = (202 * 202) / (102 * 102);
  console.log(`reachability of 200 networks, ${backend}: ${whole.toFixed(0)} ms of CPU (goal: under 1000)`);
  console.log(
    `growth from 100 to 200 networks by pairs, ${backend}: ${(whole / half / pairs).toFixed(2)} (goal: <= 1)`,
  );
}
