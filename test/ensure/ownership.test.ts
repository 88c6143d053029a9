import { describe, expect, it } from 'vitest';
import {
  connect,
  IsolatedNetwork,
  LibvirtError,
  Network,
  type NetworkPort,
  ownerOf,
  withOwner,
} from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';

const lab = (name = 'lab') => IsolatedNetwork.create(name).subnet('10.0.0.1/24');
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (LibvirtError.is(error) ? error.code : String(error)),
  );
const port: NetworkPort = {
  uuid: '5d744f21-ba4a-4d6e-bdb2-30a35ff3207d',
  owner: { name: 'web', uuid: '8cbd3f2a-0001-4000-8000-000000000001' },
  mac: { address: '52:54:00:00:00:07' },
};

for (const libvirt of ['9.0.0', '11.3.0']) {
  describe(`the owner of a network, libvirt ${libvirt}`, () => {
    const hostOf = (mock = mockTransport({ libvirt })) => ({ mock, networks: connect(mock).networks });

    it('is written into both copies, and kept by those who say none', async () => {
      const { networks } = hostOf();
      const { network } = await networks.ensure(lab(), { owner: 'ci', running: true });
      expect([await network.read(), await network.read({ inactive: true })].map(ownerOf)).toEqual(['ci', 'ci']);
      expect((await networks.ensure(lab().domain('x.test'))).changed).toBe(true);
      expect(ownerOf(await network.read({ inactive: true }))).toBe('ci');
      expect((await networks.ensure(lab().domain('x.test'), { owner: 'ci' })).changed).toBe(false);
    });

    it('keeps others from taking it over or removing it, unless an option allows it', async () => {
      const { networks } = hostOf();
      await networks.ensure(lab(), { owner: 'ci', running: true });
      for (const owner of ['other', 'ci2']) expect(await codeOf(networks.ensure(lab(), { owner }))).toBe('NOT_OWNER');
      for (const options of [{}, { owner: 'other' }])
        expect(await codeOf(networks.ensureAbsent('lab', options))).toBe('NOT_OWNER');
      expect(await networks.states()).toHaveLength(1);
      expect((await networks.ensureAbsent('lab', { foreign: true })).changed).toBe(true);
      expect(await networks.states()).toEqual([]);
    });

    it('a network without one is nobody’s: an owner must be told to take it over', async () => {
      const { networks } = hostOf();
      await networks.ensure(lab(), { running: true });
      expect(await codeOf(networks.ensure(lab(), { owner: 'ci' }))).toBe('NOT_OWNER');
      expect(await codeOf(networks.ensureAbsent('lab', { owner: 'ci' }))).toBe('NOT_OWNER');
      const { network, restartNeeded } = await networks.ensure(lab(), { owner: 'ci', foreign: true });
      expect([ownerOf(await network.read({ inactive: true })), restartNeeded]).toEqual(['ci', false]);
      expect((await networks.ensureAbsent('lab', { owner: 'ci' })).changed).toBe(true);
    });
  });
}

describe('ensureAbsent', () => {
  it('removes what runs and what is stored, says what it did, and does nothing a second time', async () => {
    const { networks } = connect(mockTransport());
    await networks.ensure(lab(), { running: true, autostart: true });
    expect((await networks.ensureAbsent('lab', { dryRun: true })).changes.map(({ action }) => action)).toEqual([
      'undefine',
      'stop',
    ]);
    expect(await networks.states()).toHaveLength(1);
    expect((await networks.ensureAbsent('lab')).changed).toBe(true);
    expect(await networks.ensureAbsent('lab')).toEqual({ changed: false, changes: [] });
  });

  it('a transient and a stopped network', async () => {
    const { networks } = connect(mockTransport());
    await networks.create(lab('a'));
    await networks.define(lab('b'));
    for (const name of ['a', 'b']) await networks.ensureAbsent(name);
    expect(await networks.states()).toEqual([]);
  });

  it('leaves a network that guests use, and names them', async () => {
    const { networks } = connect(mockTransport());
    const { network } = await networks.ensure(lab(), { running: true });
    await network.createPort(port);
    await expect(networks.ensureAbsent('lab')).rejects.toMatchObject({
      code: 'NETWORK_IN_USE',
      message: expect.stringContaining('web 52:54:00:00:00:07'),
    });
    expect(await network.info()).toMatchObject({ active: true, persistent: true });
    expect((await networks.ensureAbsent('lab', { inUse: true })).changed).toBe(true);
  });

  it('puts everything back when libvirt does not stop the network', async () => {
    const mock = mockTransport();
    const { networks } = connect(mock);
    const { network } = await networks.ensure(lab(), { running: true, autostart: true });
    const before = mock.snapshot();
    mock.once('network.destroy', { error: new LibvirtError('LIBVIRT', 'no') });
    await expect(networks.ensureAbsent('lab')).rejects.toMatchObject({ code: 'LIBVIRT', left: [] });
    expect(await network.info()).toMatchObject({ active: true, persistent: true, autostart: true });
    expect([...mock.snapshot().networks.values()][0]?.config?.ips).toEqual(
      [...before.networks.values()][0]?.config?.ips,
    );
  });
});

describe('prune', () => {
  it('removes what an owner made, but what stays and what guests use', async () => {
    const { networks } = connect(mockTransport());
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      const network = IsolatedNetwork.create(name).subnet(`10.0.${i}.1/24`);
      await networks.ensure(network, { owner: 'ci', running: name !== 'b' });
    }
    await networks.ensure(lab('other'), { owner: 'someone' });
    await networks.ensure(lab('nobody'));
    await (await networks.get('c')).createPort(port);
    expect((await networks.prune('ci', { keep: ['a'], dryRun: true })).removed).toEqual(['b']);
    const { removed, failed } = await networks.prune('ci', { keep: ['a'] });
    expect(removed).toEqual(['b']);
    expect(failed.map(({ network, error }) => `${network} ${error.code}`)).toEqual(['c NETWORK_IN_USE']);
    expect((await networks.states()).map(({ name }) => name)).toEqual(['a', 'c', 'nobody', 'other']);
  });
});

describe('a network', () => {
  it('can be tagged by hand', () => {
    expect(ownerOf(withOwner(lab(), 'me'))).toBe('me');
    expect(ownerOf(Network.parse(withOwner(lab(), 'a&"b').toXml()))).toBe('a&"b');
    expect(ownerOf(lab())).toBeUndefined();
  });
});
