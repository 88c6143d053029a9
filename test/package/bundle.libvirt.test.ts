import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { runOrThrow } from '../support/run.js';

needs('virsh');

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = `import { connect } from 'libvirt-network';
import { virsh } from 'libvirt-network/virsh';

const host = connect(virsh({ uri: 'test:///default' }));
for (const { name } of await host.networks.list()) console.log(name);
await host.close();`;

it.each([false, true])('a program bundled into a single ESM file lists networks, minified: %s', async (minify) => {
  const file = join(folder, `program-${minify}.mjs`);
  await build({
    stdin: { contents: PROGRAM, resolveDir: root },
    ...{ bundle: true, format: 'esm', platform: 'node', minify, outfile: file, logLevel: 'silent' },
  });
  expect(runOrThrow(process.execPath, [file], { cwd: folder })).toBe('default');
});
