// One measurement in a fresh process: `node grow.mjs read|load|build COUNT` prints JSON.
import { manyHosts } from './documents.mjs';

const [mode, count] = [process.argv[2], Number(process.argv[3])];
const text = mode === 'build' ? '' : manyHosts(count);
const modules = { build: 'libvirt-network/build', read: 'libvirt-network/xml', load: 'libvirt-network/xml' };
const { readNetwork } = await import(modules[mode]);
globalThis.gc?.();
const before = process.cpuUsage();
if (mode === 'read') readNetwork(text);
const { user, system } = process.cpuUsage(before);
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ cpu: user + system, peak, bytes: text.length }));
