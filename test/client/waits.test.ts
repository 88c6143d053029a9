import { describe, expect, it } from 'vitest';
import { connect, type EventOptions, IsolatedNetwork, type NetworkEvent, TransportError } from '../../src/index.js';
import { MockTransport } from '../../src/testing/index.js';
import { caught } from '../support/caught.js';

const lab = IsolatedNetwork.create('lab').subnet('10.0.0.1/24', (subnet) => subnet.dhcp('10.0.0.10', '10.0.0.11'));
const mac = '52:54:00:00:00:01';
const lease = { mac, family: 'ipv4', address: '10.0.0.10', prefix: 24 } as const;

/** Far longer than the whole wait may take: only an event ends it before. */
const RARELY = { everyMs: 600_000, timeoutMs: 10_000 };

/** A mock that counts the streams of events, and does something when one begins. */
class Counting extends MockTransport {
  begun = 0;
  open = 0;
  begin = (): void => {};

  override async *events(options: EventOptions = {}): AsyncIterable<NetworkEvent> {
    this.begun++;
    this.open++;
    try {
      this.begin();
      yield* super.events(options);
    } finally {
      this.open--;
    }
  }
}

/** A mock as transports are whose events cost a program. */
class Costly extends Counting {
  override readonly hasCheapEvents = false as unknown as true;
}

async function started<M extends Counting>(mock: M) {
  const host = connect(mock);
  return { mock, host, net: await host.networks.get('lab') };
}
const counting = () => started(new Counting({ networks: [lab] }));

/** Resolves when a wait listens, after its first look. */
const listening = (mock: Counting) => expect.poll(() => mock.open).toBe(1);

describe('a wait over a transport whose events are cheap', () => {
  it('ends with the event that it waits for', async () => {
    const { mock, net } = await counting();
    const active = net.waitUntil('active', RARELY);
    await listening(mock);
    await net.start();
    await active;
    const inactive = net.waitUntil('inactive', RARELY);
    await listening(mock);
    await net.destroy();
    await inactive;
    const gone = net.waitUntil('gone', RARELY);
    await listening(mock);
    await net.undefine();
    await gone;
    expect(mock.open).toBe(0);
  });

  it('ends when the host is closed', async () => {
    const { mock, host, net } = await counting();
    const active = caught(net.waitUntil('active', RARELY));
    await listening(mock);
    await host.close();
    expect(await active).toMatchObject({ code: 'CLOSED' });
    expect(mock.open).toBe(0);
  });

  it('looks again when it has begun to listen: what happened before was not heard', async () => {
    const { mock, net } = await counting();
    await net.start();
    const running = mock.snapshot();
    await net.destroy();
    mock.begin = () => mock.restore(running);
    await net.waitUntil('active', RARELY);
    expect(mock.open).toBe(0);
  });

  it('looks at the leases when the network changes', async () => {
    const { mock, host, net } = await counting();
    await net.start();
    const waiting = net.waitForLease({ mac }, RARELY);
    await listening(mock);
    mock.addLease('lab', lease);
    await host.networks.define(lab.named('other').with({ bridge: { name: 'virbr7' } }));
    await host.networks.define((await net.read({ inactive: true })).with({ domain: { name: 'lab' } }));
    expect(await waiting).toEqual(lease);
    expect(mock.open).toBe(0);
  });

  it('does not look for the events of other networks', async () => {
    const { mock, host, net } = await counting();
    const waiting = net.waitUntil('active', RARELY);
    await listening(mock);
    await expect.poll(() => looks(mock, net.uuid)).toBe(2);
    await host.networks.define(lab.named('other'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(looks(mock, net.uuid)).toBe(2);
    await net.start();
    await waiting;
  });

  it('looks every while all the same, since an event can get lost', async () => {
    const { mock, net } = await counting();
    await net.start();
    const running = mock.snapshot();
    await net.destroy();
    const waiting = net.waitUntil('active', { everyMs: 5, timeoutMs: 10_000 });
    await listening(mock);
    await expect.poll(() => looks(mock, net.uuid)).toBeGreaterThan(4);
    mock.restore(running);
    await waiting;
  });

  it('goes on where the events fail', async () => {
    const { mock, net } = await counting();
    mock.begin = () => {
      throw new TransportError('UNEXPECTED_REPLY', 'no events');
    };
    const waiting = net.waitUntil('active', { everyMs: 5, timeoutMs: 10_000 });
    await expect.poll(() => mock.begun).toBe(1);
    await net.start();
    await waiting;
    expect(mock.begun).toBe(1);
  });

  it('looks when the connection is there again', async () => {
    const { mock, net } = await counting();
    await net.start();
    const running = mock.snapshot();
    await net.destroy();
    const before = looks(mock, net.uuid);
    const waiting = net.waitUntil('active', RARELY);
    await expect.poll(() => looks(mock, net.uuid)).toBe(before + 2);
    mock.once('host.capabilities', { disconnect: true });
    await caught(mock.call('host.capabilities', {}));
    mock.restore(running);
    mock.reconnect();
    await waiting;
  });

  it('no longer listens when it ends by an abort, a time limit or an error', async () => {
    const { mock, net } = await counting();
    const abort = new AbortController();
    const aborted = caught(net.waitUntil('active', { ...RARELY, signal: abort.signal }));
    await listening(mock);
    abort.abort('enough');
    expect(await aborted).toBe('enough');
    expect(mock.open).toBe(0);
    expect(await caught(net.waitUntil('active', { everyMs: 5, timeoutMs: 30 }))).toMatchObject({ code: 'TIMEOUT' });
    expect(mock.open).toBe(0);
    const failing = caught(net.waitForLease({ mac }, RARELY));
    await listening(mock);
    await net.undefine();
    expect(await failing).toMatchObject({ code: 'NETWORK_NOT_FOUND' });
    expect(mock.open).toBe(0);
  });

  it('does not listen where the first look is enough', async () => {
    const { mock, net } = await counting();
    await net.waitUntil('inactive', RARELY);
    expect(mock.begun).toBe(0);
  });
});

it('a wait over a transport whose events cost a program only looks', async () => {
  const { mock, net } = await started(new Costly({ networks: [lab] }));
  const waiting = net.waitUntil('active', { everyMs: 5, timeoutMs: 10_000 });
  await expect.poll(() => looks(mock, net.uuid)).toBeGreaterThan(3);
  await net.start();
  await waiting;
  expect(mock.begun).toBe(0);
});

const looks = (mock: MockTransport, uuid: string): number =>
  mock.calls.filter(({ operation, input }) => operation === 'network.lookup' && input['network'] === uuid).length;

it('a wait for a state that networks do not have is refused', async () => {
  const { net } = await counting();
  const error = await caught(net.waitUntil('stopped' as 'active', RARELY));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', hint: 'wait for one of active, inactive, gone' });
});
