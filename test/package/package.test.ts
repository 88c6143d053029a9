import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, runOrThrow } from '../support/run.js';
import { filesLoadedBy } from './loaded.js';
import { programOf } from './program.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-package-'));
const installed = join(folder, 'node_modules/libvirt-network');

/** What npm packs, put where npm would install it, with the dependencies of the project. Needs no registry. */
beforeAll(() => {
  const [{ files }] = JSON.parse(runOrThrow('npm', ['pack', '--json', '--dry-run', '--ignore-scripts'], { cwd: root }));
  for (const { path } of files) {
    mkdirSync(dirname(join(installed, path)), { recursive: true });
    cpSync(join(root, path), join(installed, path));
  }
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package, put into an empty project', () => {
  it('can be imported', () => {
    writeFileSync(join(folder, 'main.mjs'), programOf('import'));
    const { stdout, stderr } = run(process.execPath, ['main.mjs'], { cwd: folder });
    expect([stdout.trim(), stderr]).toEqual(['fine', '']);
  });

  it('can be required', () => {
    writeFileSync(join(folder, 'main.cjs'), programOf('require'));
    const { stdout, stderr } = run(process.execPath, ['--no-warnings', 'main.cjs'], { cwd: folder });
    expect([stdout.trim(), stderr]).toEqual(['fine', '']);
  });

  it('the build entry runs nothing of fast-xml-parser or execa', () => {
    const loaded = (entry: string) => filesLoadedBy(`await import('${entry}')`, folder).join();
    const byBuild = loaded('libvirt-network/build');
    expect(byBuild).toMatch(/libvirt-network\/dist\/build\.js/);
    expect(byBuild).not.toMatch(/fast-xml-parser|execa/);
    expect(loaded('libvirt-network')).toMatch(/fast-xml-parser/);
  });

  it('holds what it should and nothing else', () => {
    const inside = readdirSync(installed)
      .filter((name) => name !== 'node_modules')
      .sort();
    expect(inside).toEqual([
      ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md'],
      ...['dist', 'docs', 'package.json', 'src'],
    ]);
    expect(existsSync(join(installed, 'dist/index.js'))).toBe(true);
  });

  it('holds every source once', () => {
    const maps = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.js.map'),
    );
    expect(maps.length).toBeGreaterThan(5);
    for (const map of maps)
      expect(JSON.parse(readFileSync(join(installed, 'dist', map), 'utf8')), map).not.toHaveProperty('sourcesContent');
  });

  it('holds the target of every relative link of its pages', () => {
    const pages = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.md') && !name.startsWith('node_modules'),
    );
    expect(pages).toContain('docs/hosts.md');
    const links = pages.flatMap((page) =>
      [...readFileSync(join(installed, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)\s#]+)/g)].map(
        ([, to = '']) => [page, to] as const,
      ),
    );
    expect(links.length).toBeGreaterThan(30);
    const dead = links.filter(([page, to]) => !existsSync(join(installed, dirname(page), to)));
    expect(dead).toEqual([]);
  });
});
