import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { modulesNamedIn } from './support/imports.js';
import { declaredNeeds, setOf, testFolder, textOf } from './support/suites.js';

const files = testFolder();
const suites = (set: ReturnType<typeof setOf>) => files.filter((path) => setOf(path) === set);

/** The files of the test folder that a file imports, or names as programs to be built. */
const reachedFrom = (path: string): string[] => {
  const text = textOf(path);
  const imports = [...text.matchAll(/from '(\.[^']+)\.js'/g)].map(([, to = '']) => `${join(dirname(path), to)}.ts`);
  const programs = [
    ...[...text.matchAll(/'(test\/[\w/-]+\.ts)'/g)].map(([, path = '']) => path),
    ...[...text.matchAll(/'([\w-]+-process)'/g)].map(([, name = '']) => `test/support/${name}.ts`),
  ];
  const hooks = [...text.matchAll(/(?:globalSetup: |setupFiles: |source\()'(.*?)'/g)].map(([, to = '']) => to);
  return [...imports, ...programs, ...hooks].filter((file) => file.startsWith('test/'));
};

it('every file that has tests is in one of the two sets by its name', () => {
  const others = suites(undefined).filter((path) => !path.endsWith('.test-d.ts'));
  expect(others.filter((path) => /\.(?:test|spec)\./.test(path))).toEqual([]);
  expect(others.filter((path) => /^(?:describe|it|test)\b[.(]/m.test(textOf(path)))).toEqual([]);
});

it('every file of the test folder is part of a suite, or of the lab and of the programs that make fixtures', () => {
  const reached = new Set(files.filter((path) => setOf(path) !== undefined || path.endsWith('.test-d.ts')));
  for (const file of reachedFrom('vitest.config.ts')) reached.add(file);
  // The check of rules bundles this file by its name.
  reached.add('test/schema/rule-removal/entry.ts');
  // A set is walked in the order in which it grows.
  for (const path of reached) for (const file of reachedFrom(path)) if (existsSync(file)) reached.add(file);
  const parts = files.filter((path) => !/^test\/(?:lab|fixtures)\//.test(path));
  expect(parts.filter((path) => !reached.has(path))).toEqual([]);
});

it('every suite that needs more than Node.js declares at its top what it needs, and no other does', () => {
  expect(suites('libvirt').filter((path) => declaredNeeds(path) === undefined)).toEqual([]);
  expect(suites('node').filter((path) => /^needs\(/m.test(textOf(path)))).toEqual([]);
});

/** The files that may start programs: each of them gives every program a limit. */
const STARTERS = ['test/lab/cache.ts', 'test/lab/setup/run.ts', 'test/support/run.ts'];

it('every program is started with a limit, by the few files that may start one', () => {
  const starts = (path: string): boolean => {
    const text = textOf(path).replaceAll(/^import type .*;$/gm, '');
    // Few files need a closer look.
    return (
      /child_process|execa/.test(text) &&
      modulesNamedIn(text).some((name) => /^(?:node:)?child_process$|^execa$/.test(name))
    );
  };
  expect(files.filter(starts)).toEqual(STARTERS);
  expect(STARTERS.filter((path) => !/\btimeout\b|setTimeout/.test(textOf(path)))).toEqual([]);
});

it('no test is skipped or runs alone', () => {
  const marks = /\b(?:describe|it|test)(?:\.\w+)*\.(?:skip|skipIf|runIf|todo|only)\b|\.skip\(/;
  expect(files.filter((path) => marks.test(textOf(path)))).toEqual([]);
});
