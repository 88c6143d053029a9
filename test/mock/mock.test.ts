import { describe, expect, it } from 'vitest';
import { guests } from '../../src/guests/index.js';
import { connect, IsolatedNetwork, NatNetwork, TransportError, type XmlElement, xmlMetadata } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { textOf } from '../../src/xml/index.js';

const lab = NatNetwork.create('lab').subnet('10.0.0.1/24', (subnet) => subnet.dhcp('10.0.0.10', '10.0.0.20'));
const caught = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the mock', () => {
  it('makes the same uuids and MAC addresses in every run', async () => {
    const read = async () =>
      (await (await connect(mockTransport({ networks: [lab] })).networks.get('lab')).read()).document;
    const [first, second] = [await read(), await read()];
    expect([first.uuid, first.mac?.address, first.bridge?.name]).toEqual([second.uuid, second.mac?.address, 'virbr0']);
    expect(first.mac?.address).toMatch(/^52:54:00:/);
  });

  it('lets an operation fail once', async () => {
    const mock = mockTransport({ networks: [lab] });
    const net = await connect(mock).networks.get('lab');
    const fault = new TransportError('DNSMASQ_PORT_IN_USE', 'port 53 is taken');
    mock.once('network.start', { error: fault });
    expect(await caught(net.start())).toBe(fault);
    expect(await caught(net.start())).toBeUndefined();
  });

  it('hangs until a timeout or an abort', async () => {
    const mock = mockTransport({ networks: [lab] });
    const net = await connect(mock).networks.get('lab');
    mock.once('network.start', { hang: true });
    expect(await caught(net.start({ timeoutMs: 5 }))).toMatchObject({ code: 'TIMEOUT' });
    mock.once('network.start', { hang: true });
    const reason = new Error('enough');
    const abort = new AbortController();
    const call = caught(net.start({ signal: abort.signal }));
    abort.abort(reason);
    expect(await call).toBe(reason);
  });

  it('loses the connection until the test ends that', async () => {
    const mock = mockTransport({ networks: [lab] });
    const host = connect(mock);
    mock.once('network.list', { disconnect: true });
    expect(await caught(host.networks.states())).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(await caught(host.networks.get('lab'))).toMatchObject({ code: 'CONNECTION_FAILED' });
    mock.reconnect();
    expect((await host.networks.states()).length).toBe(1);
  });

  it('remembers what it was asked, and goes back to a snapshot', async () => {
    const mock = mockTransport();
    const before = mock.snapshot();
    await connect(mock).networks.define(lab);
    expect(mock.calls.map(({ operation }) => operation)).toEqual(['network.dump', 'network.define', 'network.lookup']);
    mock.restore(before);
    expect(await connect(mock).networks.states()).toEqual([]);
  });

  it('tells what happens, and marks what a slow reader missed', async () => {
    const mock = mockTransport({ now: () => new Date(0) });
    const host = connect(mock);
    const events = host.networks.events({ buffer: 3 })[Symbol.asyncIterator]();
    const first = events.next();
    await host.networks.define(IsolatedNetwork.create('first'));
    expect((await first).value?.network).toBe('first');
    const net = await host.networks.define(IsolatedNetwork.create('a'));
    await net.start();
    await net.destroy();
    await net.undefine();
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) seen.push((await events.next()).value?.type);
    expect(seen).toEqual(['started', 'stopped', 'undefined', 'gap']);
    await host.close();
    expect(await caught(events.next())).toMatchObject({ code: 'CLOSED' });
  });

  it('a change that hangs may have happened, a look may not', async () => {
    const mock = mockTransport({ networks: [lab] });
    const net = await connect(mock).networks.get('lab');
    mock.once('network.start', { hang: true });
    expect(await caught(net.start({ timeoutMs: 5 }))).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: true });
    mock.once('network.lookup', { hang: true });
    expect(await caught(net.info({ timeoutMs: 5 }))).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: false });
  });

  it('closing ends a call that hangs', async () => {
    const mock = mockTransport({ networks: [lab] });
    const host = connect(mock);
    const net = await host.networks.get('lab');
    mock.once('network.start', { hang: true });
    const call = caught(net.start());
    while (mock.calls.at(-1)?.operation !== 'network.start') await Promise.resolve();
    await host.close();
    expect(await call).toMatchObject({ code: 'CLOSED', mayHaveChanged: true });
    expect(await caught(net.info())).toMatchObject({ code: 'CLOSED', mayHaveChanged: false });
  });

  it('a lost connection ends streams of events, and leaves a gap in those that wait for its return', async () => {
    const mock = mockTransport();
    const host = connect(mock);
    const plain = host.networks.events()[Symbol.asyncIterator]();
    let heard = 0;
    const patient = host.networks.events({ reconnect: true, onListening: () => heard++ })[Symbol.asyncIterator]();
    const [ended, first] = [caught(plain.next()), patient.next()];
    mock.once('network.list', { disconnect: true });
    await caught(host.networks.states());
    expect(await ended).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(await caught(host.networks.events()[Symbol.asyncIterator]().next())).toMatchObject({
      code: 'CONNECTION_FAILED',
    });
    mock.reconnect();
    expect((await first).value?.type).toBe('gap');
    await host.networks.define(lab);
    expect((await patient.next()).value).toMatchObject({ type: 'defined', network: 'lab' });
    expect(heard).toBe(2);
  });

  it.each([
    [
      'throws',
      (error: Error) => () => {
        throw error;
      },
    ],
    [
      'rejects',
      (error: Error) => async () => {
        throw error;
      },
    ],
  ] as const)('a listener that %s ends its stream with that', async (_, failing) => {
    const error = new Error('the listener fails');
    const host = connect(mockTransport());
    const onListening = failing(error);
    for (const events of [host.networks.events({ onListening }), guests(host).events({ onListening })])
      expect(await caught(events[Symbol.asyncIterator]().next())).toBe(error);
  });

  it('tells of changed titles and metadata those who ask, since 9.8', async () => {
    const next = async (libvirt: string) => {
      const host = connect(mockTransport({ networks: [lab], libvirt }));
      const event = host.networks.events({ metadata: true })[Symbol.asyncIterator]().next();
      await caught((await host.networks.get('lab')).setTitle('x'));
      return event;
    };
    expect((await next('9.8.0')).value).toMatchObject({ type: 'metadata-changed', network: 'lab' });
    expect(await caught(next('9.7.0'))).toMatchObject({ code: 'CLIENT_TOO_OLD' });
  });

  it('lends addresses that tests put in; waiting finds the newest', async () => {
    let seconds = 0;
    const mock = mockTransport({ networks: [lab], now: () => new Date(1000 * seconds) });
    const net = await connect(mock).networks.get('lab');
    const lease = { mac: '52:54:00:00:00:01', family: 'ipv4', prefix: 24 } as const;
    mock.addLease('lab', { ...lease, address: '10.0.0.10', expiry: new Date(1000) });
    mock.addLease('lab', { ...lease, address: '10.0.0.11', expiry: new Date(2000), hostname: 'db' });
    expect((await net.leases()).map(({ address }) => address)).toEqual(['10.0.0.11']);
    expect((await net.waitForLease({ mac: '52:54:0:0:0:1' })).address).toBe('10.0.0.11');
    expect(await caught(net.waitForLease({ hostname: 'nobody' }, { timeoutMs: 5 }))).toMatchObject({ code: 'TIMEOUT' });
    seconds = 3;
    expect(await net.leases()).toEqual([]);
  });

  it('behaves as the release that it is given', async () => {
    const old = await connect(mockTransport({ networks: [lab], libvirt: '9.0.0' })).networks.get('lab');
    const now = await connect(mockTransport({ networks: [lab] })).networks.get('lab');
    expect(await caught(old.setTitle('x'))).toMatchObject({ code: 'CLIENT_TOO_OLD' });
    await now.setTitle('x');
    expect((await now.read()).document.title).toBe('x');
    const notes = {
      ...xmlMetadata('urn:app', 'app'),
      read: textOf,
      write: (text: string): XmlElement => ({
        type: 'element',
        name: 'note',
        attributes: {},
        children: [{ type: 'text', text }],
      }),
    };
    await now.setMetadata(notes, 'hi');
    expect(await now.getMetadata(notes)).toBe('hi');
  });

  it('two calls on one network wait for each other', async () => {
    const mock = mockTransport({ networks: [lab] });
    const net = await connect(mock).networks.get('lab');
    mock.once('network.start', { delayMs: 5 });
    const outcomes = await Promise.all([caught(net.start()), caught(net.destroy()), caught(net.start())]);
    expect(outcomes).toEqual([undefined, undefined, undefined]);
    expect((await net.info()).active).toBe(true);
  });
});
