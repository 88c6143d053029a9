import { describe, expect, it } from 'vitest';
import { filters } from '../../src/guests/index.js';
import { connect, NwFilter } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { caught } from '../support/caught.js';
import { FILTER_CASES } from './filter-host-cases.js';

describe('filters of the mock', () => {
  it.each(Object.entries(FILTER_CASES))('%s', (_, run) => run(filters(connect(mockTransport()))));

  it('are a part of its state', async () => {
    const mock = mockTransport();
    const before = mock.snapshot();
    await filters(connect(mock)).define(NwFilter.create('a'));
    mock.restore(before);
    expect((await filters(connect(mock)).names()).map(({ name }) => name)).not.toContain('a');
  });

  it('are refused in the words of libvirt', async () => {
    const mock = mockTransport();
    const define = (inner: string, attributes = "name='f'") =>
      caught(mock.call('filter.define', { xml: `<filter ${attributes}>${inner}</filter>` }));
    const rule = (match: string) => `<rule action='drop' direction='in'>${match}</rule>`;
    for (const [refused, words] of [
      [define(rule("<tcp dscp='64'/>")), 'internal error: dscp has illegal value 64'],
      [
        define("<rule action='Drop' direction='in'/>"),
        "XML error: Invalid value for attribute 'action' in element 'rule'",
      ],
      [define('', "name='f' chain='mac-12345678x'"), 'invalid argument: Name of chain is longer than 12 characters'],
      [define('<uuid>x</uuid>'), 'XML error: malformed uuid element'],
    ] as const)
      expect((await refused) as Error).toHaveProperty('libvirtMessage', expect.stringContaining(words));
  });
});

describe('two calls at once', () => {
  it('that define the same filter leave one, with one uuid', async () => {
    const mine = filters(connect(mockTransport()));
    const [one, other] = await Promise.all([
      mine.define(NwFilter.create('a').allow('in')),
      mine.define(NwFilter.create('a').drop('in')),
    ]);
    expect(other.uuid).toBe(one.uuid);
    expect((await mine.names()).filter(({ name }) => name === 'a')).toHaveLength(1);
  });
});

describe('arguments', () => {
  const mine = filters(connect(mockTransport()));

  it.each<readonly [string, () => Promise<unknown>]>([
    ['define', () => mine.define('<filter/>' as never)],
    ['bind', () => mine.bind(NwFilter.create('x') as never)],
    ['get', () => mine.get(5 as never)],
    ['undefine', () => mine.undefine(undefined as never)],
    ['unbind', () => mine.unbind({} as never)],
    ['a host', async () => filters({} as never)],
  ])('of %s are checked', async (_, call) => {
    expect(await caught(Promise.resolve().then(call))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
