import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { entries } from '../scripts/entries.mjs';
import { clashesOf, exportsOf } from './support/exports.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const exported = new Map(entries.map(({ name, source }) => [name, exportsOf(`${root}${source.slice(2)}`)]));

/** More names than that are too many to find something by looking through them. */
const MOST_NAMES = 200;

describe('the entries of the package', () => {
  it('are those that tsconfig.json names', () => {
    const listed = entries.map(({ name, file, types }) => {
      const subpath = name.replace('libvirt-network', '.');
      return [subpath, { types, default: `./dist/${file}.js` }];
    });
    const files = { './schema/*.json': './dist/schema/*.json', './package.json': './package.json' };
    expect(manifest.exports).toEqual({ ...Object.fromEntries(listed), ...files });
  });

  it('export these names and no others', async () => {
    const lists = [...exported].map(([entry, names]) => [
      entry,
      ...[...names.keys()].sort().map((name) => `  ${name}`),
      '',
    ]);
    await expect(lists.flat().join('\n')).toMatchFileSnapshot('./exported-names.txt');
  });

  it('never use one name for two things, apart from connect, which takes a transport or a URI', () => {
    expect(clashesOf(exported)).toEqual(['connect']);
  });

  it('keep the main entry small enough to look through', () => {
    expect(exported.get('libvirt-network')?.size).toBeLessThanOrEqual(MOST_NAMES);
  });

  it.each(['plan', 'within', 'redact', 'Mac', 'Ip', 'Stop', 'Feed', 'Limits', 'Extra', 'Owner', 'Command'])(
    'do not export %s, which means something else to most people, from the main entry',
    (name) => {
      expect([...(exported.get('libvirt-network')?.keys() ?? [])]).not.toContain(name);
    },
  );
});

it('the check of names finds one that two entries use for two things', () => {
  const [one, two] = [new Map([['Owner', 'a.ts#Owner']]), new Map([['Owner', 'b.ts#Owner']])];
  expect(clashesOf(new Map(Object.entries({ one, two })))).toEqual(['Owner']);
  expect(clashesOf(new Map(Object.entries({ one, again: one })))).toEqual([]);
});
