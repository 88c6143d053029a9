// Prints in JSON how many milliseconds of CPU each task takes with a build of the package: `node tasks.mjs dist/index.js`.
import { pathToFileURL } from 'node:url';
import { manyHosts, small } from './documents.mjs';

const times = {};

/** Notes the CPU time of a task. */
async function time(task, work) {
  const from = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(from);
  times[task] = (user + system) / 1000;
  return result;
}

const repeat = (count, work) => () => {
  for (let i = 0; i < count; i++) work();
};

const { NatNetwork, Network, editXml } = await time('import', () => import(pathToFileURL(process.argv[2])));
const many = manyHosts(1_000);
const large = Network.parse(many);
const create = () => NatNetwork.create('lab').bridge('virbr10').subnet('192.168.50.1/24').toXml();
await time('build and print 2,000 networks', repeat(2_000, create));
await time(
  'read 1,000 everyday networks',
  repeat(1_000, () => Network.parse(small)),
);
await time(
  'read 20 networks of 1,000 hosts',
  repeat(20, () => Network.parse(many)),
);
await time(
  'print 20 networks of 1,000 hosts',
  repeat(20, () => large.toXml()),
);
await time(
  'validate 20 networks of 1,000 hosts',
  repeat(20, () => large.validate()),
);
await time(
  'compare 20 networks of 1,000 hosts',
  repeat(20, () => large.diff(large.title('other'))),
);
await time(
  'edit 200 everyday networks',
  repeat(200, () => editXml(small, (network) => network.title('other'))),
);
console.log(JSON.stringify(times));
