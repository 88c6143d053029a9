import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { entries } from '../../scripts/entries.mjs';
import { runOrThrow } from '../support/run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bundles a program into one ESM file for Node. */
async function bundled(contents: string, banner = ''): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    banner: { js: banner },
    ...{ bundle: true, format: 'esm', platform: 'node', write: false, logLevel: 'silent' },
  });
  return outputFiles[0]?.text ?? '';
}

/** yaml, which readers of host files need, calls `require`: docs/modules.md says what bundles of it need. */
const CALLS_REQUIRE = 'libvirt-network/host-files';
/** execa, which starts programs, gets a `require` while it loads. */
const GETS_REQUIRE = ['libvirt-network/virsh', 'libvirt-network/node', 'libvirt-network/host'];
const others = entries.map(({ name }) => name).filter((name) => ![CALLS_REQUIRE, ...GETS_REQUIRE].includes(name));

it.each(others)('a bundle of %s calls no require, which ESM does not have', async (name) => {
  expect(await bundled(`export * from '${name}';`)).not.toMatch(/Dynamic require of/);
});

it('the check sees a package that calls require', async () => {
  expect(await bundled(`export * from '${CALLS_REQUIRE}';`)).toMatch(/Dynamic require of/);
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
