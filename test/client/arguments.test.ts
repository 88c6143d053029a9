import { describe, expect, it } from 'vitest';
import { connect, IsolatedNetwork, NatNetwork } from '../../src/index.js';
import { caught } from '../support/caught.js';
import { TableTransport } from '../support/table-transport.js';

const transport = new TableTransport({});
const { networks } = connect(transport);
const lab = IsolatedNetwork.create('lab');
/** What plain JavaScript may pass. */
const any = (text: string) => JSON.parse(text);

describe('a call that the compiler would refuse is refused with an error of ours, before anything is sent', () => {
  it.each<[what: string, call: () => Promise<unknown>, message: string]>([
    ['define', () => networks.define(any('null')), 'network.define needs a network, not null'],
    ['create', () => networks.create(any('"lab"')), 'network.create needs a network, not string'],
    ['get', () => networks.get(any('5')), 'get needs the name or uuid of a network, not number'],
    ['get without a name', () => networks.get(''), 'get needs the name or uuid of a network, not empty text'],
    ['plan', () => networks.plan(any('{}')), 'plan needs a network, not object'],
    ['ensure', () => networks.ensure(any('{"name":"lab"}')), 'ensure needs a network, not object'],
    [
      'ensure with a word that is not a policy',
      () => networks.ensure(lab, { restart: any('"sometimes"') }),
      'restart must be never, if-unused or always, not "sometimes"',
    ],
    ['ensureAll', () => networks.ensureAll([lab, any('null')]), 'ensureAll needs a network, not null'],
    ['ensureAbsent', () => networks.ensureAbsent(any('null')), 'ensureAbsent needs the name of a network, not null'],
    ['prune', () => networks.prune(any('""')), 'prune needs an owner, not empty text'],
    ['preflight', () => networks.preflight(any('null')), 'preflight needs a network, not null'],
    ['auto', () => networks.auto(any('"lab"'), 'lab'), 'auto needs a network class as its first argument, not string'],
    ['auto without a name', () => networks.auto(NatNetwork, any('null')), 'auto needs a name, not null'],
  ])('%s', async (_, call, message) => {
    expect(await caught(call())).toMatchObject({ code: 'INVALID_ARGUMENT', message });
    expect(transport.asked).toEqual([]);
  });

  it('connect', () => {
    expect(() => connect(any('{}'))).toThrow('connect needs a transport, not object');
  });
});
