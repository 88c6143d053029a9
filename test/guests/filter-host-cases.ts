import { expect } from 'vitest';
import type { Filters } from '../../src/guests/index.js';
import { FilterBinding, NwFilter } from '../../src/index.js';
import { caught } from '../support/caught.js';

const uuid = '4d2b6c3a-0000-4000-8000-0000000000f1';
const bindingOf = (device: string, filter: string) =>
  FilterBinding.from({
    owner: { name: 'guest', uuid },
    portdev: { name: device },
    mac: { address: '52:54:00:00:00:f1' },
    filterref: { filter, parameters: [{ name: 'IP', value: '10.0.0.5' }] },
  });

type Case = (filters: Filters) => Promise<void>;

/** What every way to a daemon does with filters. None of them remains. */
export const FILTER_CASES: Readonly<Record<string, Case>> = {
  'a filter is defined, read, listed and undefined': async (filters) => {
    const web = NwFilter.create('t-web')
      .noSpoofing()
      .allow('in', { protocol: 'tcp', ports: [22, 80] })
      .dropOthers();
    const stored = await filters.define(web);
    expect(stored.uuid).toMatch(/^[\da-f-]{36}$/);
    expect(stored.equals(web.withUuid(stored.uuid ?? ''))).toBe(true);
    expect((await filters.get(stored.uuid ?? '')).toXml()).toBe(stored.toXml());
    expect((await filters.list()).map(String)).toContain('NwFilter t-web');
    expect(await filters.names()).toContainEqual({ name: 't-web', uuid: stored.uuid });
    await filters.undefine('t-web');
    expect(await caught(filters.get('t-web'))).toMatchObject({ code: 'FILTER_NOT_FOUND' });
  },
  'a filter that is defined again keeps its uuid': async (filters) => {
    const before = await filters.define(NwFilter.create('t-again').allow('in'));
    const after = await filters.define(NwFilter.create('t-again').drop('in'));
    expect(after.uuid).toBe(before.uuid);
    expect(after.document.entries?.[0]?.rule?.action).toBe('drop');
    await filters.undefine('t-again');
  },
  'a name or uuid that another filter has is refused': async (filters) => {
    const first = await filters.define(NwFilter.create('t-first'));
    const sameName = await caught(filters.define(NwFilter.create('t-first').withUuid(uuid)));
    expect(sameName).toMatchObject({ code: 'FILTER_EXISTS', hint: expect.stringContaining('uuid') });
    const sameUuid = await caught(filters.define(NwFilter.create('t-second').withUuid(first.uuid ?? '')));
    expect(sameUuid).toMatchObject({ code: 'FILTER_EXISTS' });
    await filters.undefine('t-first');
  },
  'a loop of filters is refused, and nothing is sent for a filter that libvirt would refuse': async (filters) => {
    await filters.define(NwFilter.create('t-a').include('t-b'));
    const loop = await caught(filters.define(NwFilter.create('t-b').include('t-a')));
    expect(loop).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('loop') });
    const broken = NwFilter.from({ name: 't-c', chain: 'nonsense' });
    expect(await caught(filters.define(broken))).toMatchObject({ code: 'VALIDATION' });
    expect((await filters.names()).map(({ name }) => name)).not.toContain('t-c');
    await filters.undefine('t-a');
  },
  'a filter that is in force cannot be undefined, also not through another one': async (filters) => {
    await filters.define(NwFilter.create('t-inner').allow('in'));
    await filters.define(NwFilter.create('t-outer').include('t-inner'));
    await filters.bind(bindingOf('tnic0', 't-outer'));
    expect(await caught(filters.bind(bindingOf('tnic0', 't-outer')))).toMatchObject({ code: 'BINDING_EXISTS' });
    const [binding, ...others] = (await filters.bindings()).filter(({ device }) => device === 'tnic0');
    expect([binding?.filter, others]).toEqual(['t-outer', []]);
    expect(binding?.document.filterref.parameters).toContainEqual({ name: 'IP', value: '10.0.0.5' });
    for (const name of ['t-inner', 't-outer'])
      expect(await caught(filters.undefine(name))).toMatchObject({ code: 'FILTER_IN_USE' });
    await filters.unbind('tnic0');
    expect(await caught(filters.unbind('tnic0'))).toMatchObject({ code: 'NOT_FOUND' });
    await filters.undefine('t-outer');
    await filters.undefine('t-inner');
  },
  'names that are hard to print are found': async (filters) => {
    for (const name of ['t two words', 't-ä€', 't-$x;`y`']) {
      const stored = await filters.define(NwFilter.create(name));
      expect((await filters.names()).find((one) => one.uuid === stored.uuid)?.name).toBe(name);
      expect((await filters.get(name)).uuid).toBe(stored.uuid);
      await filters.undefine(name);
    }
  },
  'names that look like something else are not found, or refused': async (filters) => {
    for (const name of [
      'nosuch',
      '-x',
      '--help',
      "a'; nwfilter-undefine b; '",
      'x'.repeat(300),
      '../../etc',
      'ä',
      uuid,
    ]) {
      expect(await caught(filters.get(name)), name).toMatchObject({ code: 'FILTER_NOT_FOUND' });
      expect(await caught(filters.undefine(name)), name).toMatchObject({ code: 'FILTER_NOT_FOUND' });
      expect(await caught(filters.unbind(name)), name).toMatchObject({ code: 'NOT_FOUND' });
    }
  },
  'two definitions of one filter at once keep one uuid': async (filters) => {
    const [one, other] = await Promise.all(
      ['in', 'out'].map((way) => filters.define(NwFilter.create('t-twice').allow(way === 'in' ? 'in' : 'out'))),
    );
    expect(other?.uuid).toBe(one?.uuid);
    await filters.undefine('t-twice');
  },
};
