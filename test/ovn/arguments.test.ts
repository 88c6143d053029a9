import { expect, it } from 'vitest';
import { IsolatedNetwork } from '../../src/index.js';
import { ovn, ovsdb, ovsdbMock } from '../../src/ovn/index.js';
import { caught, thrown } from '../support/caught.js';

const LAB = IsolatedNetwork.create('lab').subnet('172.30.0.1/24');

/** A value of another type than the compiler lets through. */
const wrong = (json: string) => JSON.parse(json);

it('networks on OVN refuse options of another type than they have, and nothing is done', async () => {
  await using cloud = ovn({ northbound: ovsdbMock() });
  const { networks, northbound } = cloud;
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    foreign: () => networks.ensure(LAB, { foreign: wrong('"x"') }),
    inUse: () => networks.ensureAbsent('lab', { inUse: wrong('"x"') }),
    dryRun: () => networks.ensure(LAB, { dryRun: wrong('"yes"') }),
    onProgress: () => networks.ensure(LAB, { onProgress: wrong('5') }),
    signal: () => networks.ensure(LAB, { signal: wrong('5') }),
    'signal must': () => northbound.select('ACL', { signal: wrong('5') }),
    'plan needs a network': () => networks.plan(wrong('null')),
  };
  for (const [word, call] of Object.entries(calls)) {
    const error = await caught(call());
    expect(error, word).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(word) });
  }
  expect(await networks.list()).toEqual([]);
  await networks.ensure(LAB);
  const port = await caught(networks.port('lab', { mac: '52:54:00:00:00:01', ip: 'none' }));
  expect(port).toMatchObject({ code: 'INVALID_ARGUMENT', hint: expect.stringContaining('172.30.0.10') });
});

it('a connection to OVN refuses what it cannot be made with, by the name of the option', () => {
  const northbound = ovsdbMock();
  const made: readonly (readonly [string, () => unknown])[] = [
    ['northbound', () => ovn(wrong('{}'))],
    ['northbound', () => ovn({ northbound: [] })],
    ['southbound', () => ovn({ northbound, southbound: '' })],
    ['outside', () => ovn({ northbound, outside: wrong('5') })],
    ['leaderOnly', () => ovn({ northbound, leaderOnly: wrong('"no"') })],
    ['tls.ca', () => ovsdb({ endpoints: 'ssl:10.0.0.1:6641', tls: wrong('{ "ca": 5 }') })],
  ];
  for (const [word, make] of made)
    expect(thrown(make), word).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(word) });
});
