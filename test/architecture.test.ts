import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  circlesOf,
  foldersOf,
  type ImportGraph,
  type ImportRules,
  offences,
  readImports,
  resolveImports,
} from './support/imports.js';

const src = fileURLToPath(new URL('../src', import.meta.url));
const root = dirname(src);

/** The layers as CONTRIBUTING.md lists them, lowest first; layers in one entry do not import each other. */
const LAYERS = layersIn(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));

function layersIn(text: string): readonly (readonly string[])[] {
  const [, list = ''] = /<!-- layers -->\s*```text\n([^`]*)```/.exec(text) ?? [];
  return list
    .trim()
    .split(/\s*<\s*/)
    .map((names) => names.split(/\s*\|\s*/));
}

/** Packages and the one file that may import each; Node's own modules and the folders that may import them. */
const RULES: ImportRules = {
  layers: LAYERS,
  packages: {
    'fast-xml-parser': /^xml\/read\.ts$/,
    yaml: /^host-bridge\/text\/yaml\//,
    execa: /^process\//,
  },
  node: /^(?:process|dial|virsh|socket|ovn\/wire|host)\//,
};

const graph = readImports(src);

describe('the layers', () => {
  it('CONTRIBUTING.md lists every folder of src once', () => {
    expect(LAYERS.flat().sort()).toEqual([...foldersOf(graph)].sort());
  });

  it('every file imports only from layers below its own, and packages only where they belong', () => {
    expect(graph.size).toBeGreaterThan(200);
    expect(offences(graph, RULES)).toEqual([]);
  });

  it('no files import each other in a circle, types included', () => {
    expect(circlesOf(graph)).toEqual([]);
  });
});

describe('the checks of the layers', () => {
  const tree = (files: Readonly<Record<string, string>>): ImportGraph =>
    new Map(Object.entries(files).map(([file, text]) => [file, resolveImports(file, text)]));

  it.each([
    ['import()', "const { execa } = await import('execa');"],
    ['a type import', "import type { Options } from 'execa';"],
    ['an import type', "type Options = import('execa').Options;"],
    ['a re-export', "export { execa } from 'execa';"],
    ['an import for its effects', "import 'execa';"],
  ])('see %s of a package in the wrong layer', (_, text) => {
    expect(offences(tree({ 'client/host.ts': text }), RULES)).toEqual(['client/host.ts imports execa']);
    expect(offences(tree({ 'process/exec.ts': text }), RULES)).toEqual([]);
  });

  it.each([
    ['import()', "await import('../client/host.js');"],
    ['a type import', "import type { Host } from '../client/host.js';"],
    ['a re-export', "export * from '../client/host.js';"],
  ])('see %s of a higher layer', (_, text) => {
    const files = { 'schema/decode.ts': text, 'client/host.ts': '' };
    expect(offences(tree(files), RULES)).toEqual(['schema/decode.ts imports client/host.ts']);
  });

  it('see a package that nothing may import', () => {
    const files = { 'process/local.ts': "const { spawn } = await import('cross-spawn');" };
    expect(offences(tree(files), RULES)).toEqual(['process/local.ts imports cross-spawn']);
  });

  it('see modules of Node outside the layers that may use them', () => {
    expect(offences(tree({ 'model/base.ts': "import fs from 'node:fs';" }), RULES)).toEqual([
      'model/base.ts imports node:fs',
    ]);
  });

  it('see a circle that only types close', () => {
    const files = { 'model/a.ts': "import { b } from './b.js';", 'model/b.ts': "import type { A } from './a.js';" };
    expect(circlesOf(tree(files))).toEqual([['model/a.ts', 'model/b.ts']]);
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
    ...[...graph.keys()].map((file) => `src/${file}`),
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
