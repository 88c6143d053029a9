import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { entries } from '../../scripts/entries.mjs';
import { runOrThrow } from '../support/run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

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
const others = entries.map(({ name }) => name).filter((name) => name !== CALLS_REQUIRE);

it.each(others)('a bundle of %s calls no require, which ESM does not have', async (name) => {
  expect(await bundled(`export * from '${name}';`)).not.toMatch(/Dynamic require of/);
});

it('the check sees a package that calls require', async () => {
  expect(await bundled(`export * from '${CALLS_REQUIRE}';`)).toMatch(/Dynamic require of/);
});

it('with the banner that docs/modules.md shows, a bundle of it runs', async () => {
  const [, banner] = /--banner:js="([^"]+)"/.exec(readFileSync(`${root}docs/modules.md`, 'utf8')) ?? [];
  const program = `import { readHostBridge } from '${CALLS_REQUIRE}';
const content = 'network: { bridges: { br0: { interfaces: [eno1], dhcp4: true } } }';
console.log(String(readHostBridge('netplan', [{ path: '/etc/netplan/a.yaml', content }]).bridge));`;
  const input = await bundled(program, banner);
  expect(runOrThrow(process.execPath, ['--input-type=module'], { input })).toBe('HostBridge br0');
});
