import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { entries } from '../../scripts/entries.mjs';
import { run } from '../support/run.js';
import { filesLoadedBy } from './loaded.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The packages of package.json that a program loads, out of those that it could. */
const loadedBy = (program: string): readonly string[] => {
  const files = filesLoadedBy(program, root);
  return ['execa', 'fast-xml-parser', 'yaml'].filter((name) =>
    files.some((file) => file.includes(`/node_modules/${name}/`)),
  );
};

/** Who only reads XML or only files of hosts pays for it; running programs loads execa with the first. */
const LOADED: Readonly<Record<string, readonly string[]>> = {
  'libvirt-network': ['fast-xml-parser'],
  'libvirt-network/xml': ['fast-xml-parser'],
  'libvirt-network/plan': ['fast-xml-parser'],
  'libvirt-network/host-files': ['fast-xml-parser', 'yaml'],
  'libvirt-network/testing': ['fast-xml-parser'],
  'libvirt-network/guests': ['fast-xml-parser'],
  'libvirt-network/ovn': ['fast-xml-parser'],
  'libvirt-network/doctor': ['fast-xml-parser'],
  'libvirt-network/source': ['fast-xml-parser'],
};

it.each(entries.map(({ name }) => [name, LOADED[name] ?? []] as const))('%s loads %j', (name, packages) => {
  expect(loadedBy(`await import('${name}');`)).toEqual(packages);
});

/** A transport that has one network. */
const TRANSPORT = `const state = { name: 'lab', uuid: '8b1ce9c2-2e3f-4f4e-9a53-5a6a5c1d1a11', active: false, persistent: true, autostart: false };
const answers = {
  'host.capabilities': { missing: [] },
  'network.list': [state],
  'network.lookup': state,
  'network.dump': '<network><name>lab</name><uuid>' + state.uuid + '</uuid></network>',
  'network.start': undefined,
};
const transport = { label: 'here', call: async (operation) => answers[operation], close: async () => {} };
const { connect } = await import('libvirt-network/client');
const { networks } = connect(transport);`;

it('a program that connects, lists and stops networks loads no reader', () => {
  const calls =
    "await networks.states(); const net = await networks.get('lab'); await net.destroy(); await net.info();";
  expect(loadedBy(`${TRANSPORT} ${calls}`)).toEqual([]);
});

it('the reader loads with the first definition that is read', () => {
  const read = "console.log((await (await networks.get('lab')).read()).kind);";
  expect(loadedBy(`${TRANSPORT} ${read}`)).toEqual(['fast-xml-parser']);
});

it('calls on one network keep their order while the code of the first one loads', () => {
  const calls = `const ended = [];
const net = await networks.get('lab');
await Promise.all([
  networks.ensure({ name: 'lab', assertDefinable() { throw new Error('refused'); } }).catch(() => ended.push('ensure')),
  net.info().then(() => ended.push('info')),
]);
process.stderr.write(ended.join());`;
  const { stderr } = run(process.execPath, ['--input-type=module', '-e', `${TRANSPORT} ${calls}`], { cwd: root });
  expect(stderr).toBe('ensure,info');
});
