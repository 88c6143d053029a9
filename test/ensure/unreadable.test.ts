import { describe, expect, it } from 'vitest';
import { connect, NatNetwork, type Transport, withOwner } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { caught } from '../support/caught.js';

const lab = withOwner(NatNetwork.create('lab').subnet('10.0.0.1/24'), 'ci');

/** What a daemon may print that cannot be read, with what the error says of it. */
const FAULTS: readonly (readonly [what: string, from: string, to: string, told: string])[] = [
  ['a value that the library does not accept', "address='10.0.0.1'", "address='10.0.0.256'", '10.0.0.256'],
  ['a value that libvirt does not escape', "<bridge name='", "<bridge name='it's", 'the tag <bridge> is malformed'],
];

/** A host with a stored network whose definition cannot be read until it is defined again. */
async function hostWith(from: string, to: string) {
  const mock = mockTransport();
  await mock.call('network.define', { xml: lab.toXml() });
  let isSpoiled = true;
  const changed: string[] = [];
  const spoil = (text: string) => (isSpoiled ? text.replace(from, to) : text);
  const transport: Transport = {
    label: mock.label,
    call: async (operation, input, options) => {
      if (/define|update|destroy/.test(operation)) changed.push(operation);
      if (operation === 'network.define') isSpoiled = false;
      // Every text in an answer is the definition, or has nothing of it.
      return JSON.parse(JSON.stringify([await mock.call(operation, input, options)]), (_, value: unknown) =>
        typeof value === 'string' ? spoil(value) : value,
      )[0];
    },
    events: (options) => mock.events(options),
    close: () => mock.close(),
  };
  return { changed, mock, networks: connect(transport).networks };
}

describe.each(FAULTS)('where a daemon prints %s', (_, from, to, told) => {
  it('ensure does not replace the network, and says what it could not read', async () => {
    const { changed, networks } = await hostWith(from, to);
    const error = await caught(networks.ensure(lab.domain('x.test')));
    expect(error).toMatchObject({ code: 'UNREADABLE', network: 'lab' });
    const what = 'the stored definition of network "lab" cannot be read, so the network is not replaced: ';
    expect(String(error)).toContain(what);
    expect(String(error)).toContain(told);
    expect(String(error)).toContain('replaceUnreadable: true');
    expect(changed).toEqual([]);
  });

  it('plan, ensureAll and dry runs refuse as ensure does', async () => {
    const { changed, networks } = await hostWith(from, to);
    expect(await caught(networks.plan(lab))).toMatchObject({ code: 'UNREADABLE' });
    expect(await caught(networks.ensure(lab, { dryRun: true }))).toMatchObject({ code: 'UNREADABLE' });
    const [result] = await networks.ensureAll([lab]);
    expect(result).toMatchObject({ status: 'failed', error: { code: 'UNREADABLE' } });
    expect(await caught(networks.auto(NatNetwork, 'lab'))).toMatchObject({ code: 'UNREADABLE' });
    expect(changed).toEqual([]);
  });

  it('ensureAbsent and prune do not remove it', async () => {
    const { changed, networks } = await hostWith(from, to);
    expect(await caught(networks.ensureAbsent('lab', { owner: 'ci' }))).toMatchObject({ code: 'UNREADABLE' });
    const { removed, failed, unreadable } = await networks.prune('ci');
    expect(removed).toEqual([]);
    expect([...failed.map(({ network, error }) => [network, error.code].join()), ...unreadable].length).toBe(1);
    expect(changed).toEqual([]);
  });

  it('update does not change it', async () => {
    const { changed, networks } = await hostWith(from, to);
    const handle = await networks.get('lab');
    const error = await caught(handle.update('ip-dhcp-host', 'add-last', { mac: '52:54:00:00:00:01', ip: '10.0.0.2' }));
    expect(error).toMatchObject({ code: 'UNREADABLE', message: expect.stringContaining('is not changed') });
    expect(changed).toEqual([]);
  });

  it('replaceUnreadable lets update change it and ensure replace it', async () => {
    const { changed, mock, networks } = await hostWith(from, to);
    const handle = await networks.get('lab');
    const replaceUnreadable = true;
    await handle.update('dns-txt', 'add-last', { name: 'a', value: 'b' }, { replaceUnreadable });
    expect(await mock.call('network.dump', { network: 'lab' })).toContain("<txt name='a' value='b'/>");
    const { changed: isChanged } = await networks.ensure(lab.domain('x.test'), { replaceUnreadable });
    expect(isChanged).toBe(true);
    expect(await mock.call('network.dump', { network: 'lab' })).toContain("<domain name='x.test'/>");
    expect(changed).toEqual(['network.update', 'network.define']);
  });

  it('replaceUnreadable lets ensureAbsent remove it', async () => {
    const { changed, networks } = await hostWith(from, to);
    await networks.ensureAbsent('lab', { foreign: true, replaceUnreadable: true });
    expect(changed).toEqual(['network.undefine']);
  });
});

it('prune finds the owner in what can be read, and names the networks of which nothing can', async () => {
  const [refused, malformed] = await Promise.all(FAULTS.map(([, from, to]) => hostWith(from, to)));
  expect(await refused?.networks.prune('ci')).toMatchObject({
    failed: [{ network: 'lab', error: { code: 'UNREADABLE' } }],
    unreadable: [],
  });
  expect(await malformed?.networks.prune('ci')).toEqual({ removed: [], failed: [], unreadable: ['lab'] });
  const { networks } = await hostWith("address='10.0.0.1'", "address='10.0.0.256'");
  expect(await networks.prune('ci', { replaceUnreadable: true })).toMatchObject({ removed: ['lab'], failed: [] });
});
