// Checks what a bundle of the library weighs and carries. Fails when a budget is broken.
import { strict as assert } from 'node:assert';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { entries } from './entries.mjs';

const root = new URL('..', import.meta.url).pathname;
/** Entries that run on Node alone. */
const ON_NODE = ['virsh', 'socket', 'ovn', 'node', 'host', 'doctor'];
const fileOf = (entry) => `./dist/${entry}.js`;

/** The modules of which something is left in the bundle. */
const kept = ({ outputs }) =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );

async function bundle(contents, options = {}) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, loader: 'js' },
    bundle: true,
    minify: true,
    treeShaking: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    metafile: true,
    logLevel: 'silent',
    ...options,
  });
  const text = outputFiles[0].text;
  return { gzip: gzipSync(text).length, text, inputs: kept(metafile) };
}

const index = JSON.stringify(fileOf('index'));
const xml = JSON.stringify(fileOf('xml'));
// docs/decisions/005-size.md says where the bytes are.
const budgets = [
  [
    'print a plain document, unchecked',
    10_000,
    `import { writeNetwork } from ${xml}; console.log(writeNetwork({ name: 'a', ips: [{ address: '10.0.0.1', prefix: 24 }] }));`,
  ],
  [
    'build a NAT network and print it',
    46_600,
    `import { NatNetwork } from ${index}; console.log(NatNetwork.create('a').subnet('10.0.0.1/24').toXml());`,
  ],
  [
    'read and print',
    84_000,
    `import { NatNetwork, Network } from ${index}; console.log(Network.parse(NatNetwork.create('a').subnet('10.0.0.1/24').toXml()).toXml());`,
  ],
];

for (const [what, limit, code] of budgets) {
  const { gzip, inputs } = await bundle(code);
  console.log(`${what}: ${gzip} of ${limit} bytes gzip`);
  assert.ok(gzip <= limit, `${what} is over its budget`);
  if (!what.startsWith('read'))
    assert.deepEqual(
      inputs.filter((path) => /fast-xml-parser|execa/.test(path)),
      [],
      'only reading needs a parser',
    );
}

for (const { name, file } of entries) {
  if (ON_NODE.includes(file)) continue;
  const { text, gzip } = await bundle(`export * from ${JSON.stringify(fileOf(file))};`);
  assert.ok(!/["'`]node:/.test(text), `${name} names a node: module`);
  console.log(`${name}: bundles for a browser without node:, ${gzip} bytes gzip in full`);
}

/** Leaves out what loads when it is needed. */
const notYet = {
  name: 'not-yet',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ kind }) => (kind === 'dynamic-import' ? { external: true } : null)),
};

/** The size of what a program on Node loads before it does anything. */
const loadedAtFirst = async (contents) =>
  (await bundle(contents, { platform: 'node', target: 'node20', plugins: [notYet] })).gzip;

const SOCKET_LIMIT = 12_000;
const client = `import { connect } from ${JSON.stringify(fileOf('client'))}; console.log(connect);`;
const withSocket = `${client}import { socket } from ${JSON.stringify(fileOf('socket'))}; console.log(socket);`;
const added = (await loadedAtFirst(withSocket)) - (await loadedAtFirst(client));
console.log(`the socket beyond the client: ${added} of ${SOCKET_LIMIT} bytes gzip`);
assert.ok(added <= SOCKET_LIMIT, 'the socket is over its budget');
