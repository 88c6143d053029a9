import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { HostBridge, LibvirtError, NatNetwork } from '../../src/index.js';

const root = new URL('../../', import.meta.url);

/** Whether the page of a link has the place that the link names. */
function resolves(link: string | undefined): boolean {
  const [page = '', place = ''] = (link ?? '').split('#');
  return readFileSync(fileURLToPath(new URL(page, root)), 'utf8').includes(`<a id="${place}"></a>`);
}

/** The codes of the union, read from its source: types have no values at run time. */
const codes = [...readFileSync(new URL('src/errors/codes.ts', root), 'utf8').matchAll(/^\s+\| '(\w+)'/gm)].flatMap(
  ([, code]) => (code === undefined ? [] : [code]),
);

it('every error links to the entry of its code', () => {
  expect(codes).toContain('NETWORK_NOT_FOUND');
  for (const code of codes) {
    const error = Reflect.construct(LibvirtError, [code, 'a message']);
    expect(error.docs).toBe(`docs/errors.md#${code.toLowerCase().replaceAll('_', '-')}`);
    expect(resolves(error.docs), error.docs).toBe(true);
  }
});

it('every issue of a network links to the entry of its rule', () => {
  const issues = NatNetwork.create('a/b').bridge('a-name-of-far-too-many-letters').validate();
  expect(issues.length).toBeGreaterThan(1);
  for (const { docs } of issues) expect(resolves(docs), docs).toBe(true);
  expect(issues[0]?.docs).toBe('docs/rules.md#name-slash');
});

it('every issue of a host bridge links to the entry of its rule', () => {
  const issues = HostBridge.create('br0').mac('00:00:00:00:00:00').validate();
  expect(issues.length).toBeGreaterThan(0);
  for (const { docs } of issues) expect(resolves(docs), docs).toBe(true);
});
