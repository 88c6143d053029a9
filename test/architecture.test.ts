import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));
const root = dirname(src);

/** From left to right; layers in one entry do not know each other. */
const LAYERS = [
  ['errors'],
  ['xml'],
  ['schema'],
  ['model'],
  ['preview', 'bridge'],
  ['client'],
  ['process'],
  ['virsh', 'testing', 'host'],
];
const rank = (layer: string): number => LAYERS.findIndex((names) => names.includes(layer));

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const importsOf = (file: string): readonly { readonly from: string; readonly isType: boolean }[] =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/(?:import|export)\s+(type\s)?[^'"]*?from '([^']+)'/g)].map(
    ([, type, from = '']) => ({ from, isType: type !== undefined }),
  );
const layerOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : 'entry');

describe('the layers', () => {
  for (const file of files) {
    it(`${file} imports only to its left`, () => {
      for (const { from } of importsOf(file)) {
        if (!from.startsWith('.')) continue;
        const target = layerOf(relative(src, join(src, dirname(file), from)));
        if (layerOf(file) === 'entry' || target === layerOf(file)) continue;
        expect(rank(target), `${file} imports ${from}`).toBeGreaterThanOrEqual(0);
        expect(rank(target), `${file} imports ${from}`).toBeLessThan(rank(layerOf(file)));
      }
    });
  }

  it('packages are imported where they belong, and Node only to run programs', () => {
    const allowed: Readonly<Record<string, string>> = {
      'fast-xml-parser': 'xml/read.ts',
      yaml: 'bridge/text/yaml.ts',
    };
    for (const file of files) {
      for (const { from } of importsOf(file))
        if (!from.startsWith('.') && !(from.startsWith('node:') && /^(?:process|virsh|host)\//.test(file)))
          expect(allowed[from], `${file} imports ${from}`).toBe(file);
    }
  });

  it('no modules import each other in a circle', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter(({ from, isType }) => from.startsWith('.') && !isType)
          .map(({ from }) => relative(src, join(src, dirname(file), from)).replace(/\.js$/, '.ts')),
      ]),
    );
    const circle = (file: string, path: readonly string[]): readonly string[] | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      for (const next of graph.get(file) ?? []) {
        const found = circle(next, [...path, file]);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    for (const file of files) expect(circle(file, [])).toBeUndefined();
  });
});

describe('the repository', () => {
  const tracked = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'package.json',
    'package-lock.json',
    '.ci/run',
    ...files.map((file) => `src/${file}`),
  ];

  it('the lock file names no registry', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved"|https?:\/\/[^"]*registry/);
  });

  it('no file names a path of somebody’s machine', () => {
    for (const file of tracked)
      expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(/\/(?:home|root|Users|work)\/\w/);
  });

  it('the newest version of the changelog is that of the package', () => {
    const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
    const newest = /^## \[(\d[^\]]*)\]/m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))?.[1];
    expect(newest ?? version).toBe(version);
  });
});
