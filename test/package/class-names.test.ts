import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { entries } from '../../scripts/entries.mjs';
import { runOrThrow } from '../support/run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a program that imports the built package. */
const outputOf = (program: string): string =>
  runOrThrow(process.execPath, ['--input-type=module', '-e', program], { cwd: root }).trim();

/** The exported classes of all entries: the name of the export, and the class's own. */
const classes = (): readonly (readonly [string, string])[] =>
  JSON.parse(
    outputOf(`const isClass = (value) => typeof value === 'function' && /^class\\b/.test(String(value));
const modules = await Promise.all(${JSON.stringify(entries.map(({ name }) => name))}.map((entry) => import(entry)));
const exported = modules.flatMap((module) => Object.entries(module)).filter(([, value]) => isClass(value));
console.log(JSON.stringify(exported.map(([name, value]) => [name, value.name])));`),
  );

it('every exported class of the built package has the name of its export', () => {
  const found = classes();
  expect(found.length).toBeGreaterThan(30);
  expect(found.filter(([exported, own]) => exported !== own)).toEqual([]);
});

it.each([
  ["NatNetwork.create('lab')", /^NatNetwork \{/],
  ["HostBridge.create('br0')", /^HostBridge \{/],
])('console.log(%s) prints the name of the class', (expression, start) => {
  const program = `import { HostBridge, NatNetwork } from 'libvirt-network'; console.log(${expression});`;
  expect(outputOf(program)).toMatch(start);
});

it('a stack trace has the name of the class', () => {
  const program = `import { Subnet } from 'libvirt-network';
try { Subnet.parse('nonsense'); } catch (error) { console.log(error.stack); }`;
  expect(outputOf(program)).toMatch(/at Subnet\.parse /);
});
