import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { entries } from '../../scripts/entries.mjs';
import { runOrThrow } from '../support/run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SETTINGS = { bundle: true, format: 'esm', platform: 'node', write: false, logLevel: 'silent' } as const;

/** Bundles a program into one ESM file for Node. */
async function bundled(contents: string, banner = ''): Promise<string> {
  const { outputFiles } = await build({
    ...SETTINGS,
    stdin: { contents, resolveDir: root },
    banner: { js: banner },
  });
  return outputFiles[0]?.text ?? '';
}

/** Bundles entries, each into a file of its own, and returns them by their names; what they share is read once. */
async function bundlesOf(chosen: typeof entries): Promise<ReadonlyMap<string, string>> {
  const entryPoints = chosen.map(({ source }, i) => ({ in: join(root, source), out: `${i}` }));
  const { outputFiles } = await build({ ...SETTINGS, entryPoints, outdir: folder });
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path, '.js'), text]));
  return new Map(chosen.map(({ name }, i) => [name, texts.get(`${i}`) ?? '']));
}

/** yaml, which readers of host files need, calls `require`: docs/modules.md says what bundles of it need. */
const CALLS_REQUIRE = 'libvirt-network/host-files';
/** execa, which starts programs, gets a `require` while it loads. */
const GETS_REQUIRE = ['libvirt-network/virsh', 'libvirt-network/node', 'libvirt-network/host'];
const others = entries.map(({ name }) => name).filter((name) => ![CALLS_REQUIRE, ...GETS_REQUIRE].includes(name));

const bundles = await bundlesOf(entries.filter(({ name }) => !GETS_REQUIRE.includes(name)));

it.each(others)('a bundle of %s calls no require, which ESM does not have', (name) => {
  expect(bundles.get(name)).toMatch(/^export \{/m);
  expect(bundles.get(name)).not.toMatch(/Dynamic require of/);
});

it('the check sees a package that calls require', () => {
  expect(bundles.get(CALLS_REQUIRE)).toMatch(/Dynamic require of/);
});

it('a program bundled into one file starts programs, and leaves no require to others', async () => {
  const program = `import { localExec } from 'libvirt-network/virsh';
const { signal } = new AbortController();
const { stdout } = await localExec({ file: 'sh', args: ['-c', 'echo fine'], env: {}, signal });
console.log(stdout.trim(), typeof globalThis.require);`;
  const file = join(folder, 'program.mjs');
  writeFileSync(file, await bundled(program));
  expect(runOrThrow(process.execPath, [file])).toBe('fine undefined');
});

it('with the banner that docs/modules.md shows, a bundle of it runs', async () => {
  const [, banner] = /--banner:js="([^"]+)"/.exec(readFileSync(`${root}docs/modules.md`, 'utf8')) ?? [];
  const program = `import { readHostBridge } from '${CALLS_REQUIRE}';
const content = 'network: { bridges: { br0: { interfaces: [eno1], dhcp4: true } } }';
console.log(String(readHostBridge('netplan', [{ path: '/etc/netplan/a.yaml', content }]).bridge));`;
  const input = await bundled(program, banner);
  expect(runOrThrow(process.execPath, ['--input-type=module'], { input })).toBe('HostBridge br0');
});
