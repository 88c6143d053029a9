import { describe, expect, it } from 'vitest';
import type { EventOptions, NetworkEvent } from '../../src/index.js';
import { EventQueue, eventStream, type Feed } from '../../src/transport-entry.js';
import { caught } from '../support/caught.js';

const event = (network: string): NetworkEvent => ({ type: 'started', network, at: new Date(0) });
const names = (events: readonly (NetworkEvent | undefined)[]) =>
  events.map((one) => (one?.type === 'gap' ? 'gap' : one?.network));

describe('events on their way', () => {
  it('come in order, and the stream ends behind them', async () => {
    const queue = new EventQueue();
    queue.push(event('a'));
    queue.push(event('b'));
    queue.end();
    queue.push(event('too late'));
    expect(names([await queue.next(), await queue.next(), await queue.next()])).toEqual(['a', 'b', undefined]);
  });

  it('that do not fit are one gap after the newest', async () => {
    for (const size of [1, 2, 5]) {
      const queue = new EventQueue(size);
      for (let i = 0; i < 10; i++) queue.push(event(String(i)));
      queue.end();
      const seen: (NetworkEvent | undefined)[] = [];
      for (let one = await queue.next(); one !== undefined; one = await queue.next()) seen.push(one);
      expect(names(seen)).toEqual([...Array.from({ length: size }, (_, i) => String(10 - size + i)), 'gap']);
    }
  });

  it('that do not fit are one gap when a slow reader has caught up, however many they are', async () => {
    const queue = new EventQueue(10);
    const seen: (NetworkEvent | undefined)[] = [];
    for (let i = 0; i < 1000; i++) {
      queue.push(event(String(i)));
      if (i % 3 === 0) seen.push(await queue.next());
    }
    while (seen.at(-1)?.network !== '999') seen.push(await queue.next());
    seen.push(await queue.next());
    queue.push(event('later'));
    seen.push(await queue.next());
    expect(names(seen).filter((name) => name === 'gap')).toHaveLength(1);
    expect(names(seen).slice(-3)).toEqual(['999', 'gap', 'later']);
  });

  it('a gap of the source counts as one', async () => {
    const queue = new EventQueue(2);
    queue.push({ type: 'gap', network: '', at: new Date(0) });
    for (const name of ['a', 'b', 'c']) queue.push(event(name));
    queue.end(new Error('lost'));
    expect(names([await queue.next(), await queue.next(), await queue.next()])).toEqual(['b', 'c', 'gap']);
    expect(await caught(queue.next())).toEqual(new Error('lost'));
  });

  it('gaps of the source that nobody reads are one, at the place of the last', async () => {
    const queue = new EventQueue(2);
    const gap: NetworkEvent = { type: 'gap', network: '', at: new Date(0) };
    for (const one of [event('a'), gap, gap, event('b'), gap]) queue.push(one);
    expect(names([await queue.next(), await queue.next(), await queue.next()])).toEqual(['a', 'b', 'gap']);
    for (const one of [gap, event('c')]) queue.push(one);
    queue.end();
    expect(names([await queue.next(), await queue.next(), await queue.next()])).toEqual(['gap', 'c', undefined]);
  });

  it('need a size that is one', () => {
    for (const size of [0, -1, 1.5, Number.NaN]) expect(() => new EventQueue(size)).toThrow(/whole number/);
  });
});

/** A source that tells whether it runs. */
function source() {
  const state = { running: 0, queue: new EventQueue(), closed: new AbortController(), fail: (_: Error) => {} };
  const feed: Feed = (queue, signal) =>
    new Promise((resolve, reject) => {
      state.running++;
      state.queue = queue;
      const stop = () => {
        state.running--;
        resolve();
      };
      state.fail = (error) => {
        signal.removeEventListener('abort', stop);
        state.running--;
        reject(error);
      };
      signal.addEventListener('abort', stop, { once: true });
    });
  const stream = (options: EventOptions = {}) => eventStream('here', options, state.closed.signal, feed);
  return { state, stream };
}

describe('a stream of events', () => {
  it('starts with the first look, and what it started is gone after break', async () => {
    const { state, stream } = source();
    const events = stream();
    expect(state.running).toBe(0);
    const reading = (async () => {
      for await (const one of events) {
        expect(one.network).toBe('a');
        break;
      }
    })();
    expect(state.running).toBe(1);
    state.queue.push(event('a'));
    await reading;
    expect(state.running).toBe(0);
  });

  it('ends while somebody waits, when return is called', async () => {
    const { state, stream } = source();
    const iterator = stream()[Symbol.asyncIterator]();
    const waiting = iterator.next();
    await iterator.return?.();
    expect([(await waiting).done, (await iterator.next()).done, state.running]).toEqual([true, true, 0]);
  });

  it('throws the reason of an abort at once, and events that nobody has read are dropped', async () => {
    const abort = new AbortController();
    const { state, stream } = source();
    const iterator = stream({ signal: abort.signal })[Symbol.asyncIterator]();
    const first = iterator.next();
    state.queue.push(event('a'));
    await first;
    state.queue.push(event('b'));
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await caught(iterator.next())).toBe(reason);
    expect(state.running).toBe(0);
  });

  it('an abort before the first look starts nothing', async () => {
    const { state, stream } = source();
    const iterator = stream({ signal: AbortSignal.abort('early') })[Symbol.asyncIterator]();
    expect(await caught(iterator.next())).toBe('early');
    expect(state.running).toBe(0);
  });

  it('ends when the transport is closed, before and after the first look', async () => {
    const { state, stream } = source();
    const iterator = stream()[Symbol.asyncIterator]();
    const waiting = caught(iterator.next());
    state.closed.abort();
    expect(await waiting).toMatchObject({ code: 'CLOSED', operation: 'network.events' });
    expect(await caught(stream()[Symbol.asyncIterator]().next())).toMatchObject({ code: 'CLOSED' });
    expect(state.running).toBe(0);
  });

  it('throws what its source throws, behind the events that came before', async () => {
    const { state, stream } = source();
    const iterator = stream()[Symbol.asyncIterator]();
    const first = iterator.next();
    state.queue.push(event('a'));
    state.queue.push(event('b'));
    state.fail(new Error('lost'));
    expect(names([(await first).value, (await iterator.next()).value])).toEqual(['a', 'b']);
    expect(await caught(iterator.next())).toEqual(new Error('lost'));
    expect(state.running).toBe(0);
  });

  it('two readers of one stream have each their own', async () => {
    const { state, stream } = source();
    const events = stream();
    const [one, two] = [events[Symbol.asyncIterator](), events[Symbol.asyncIterator]()];
    const waiting = [one.next(), two.next()];
    expect(state.running).toBe(2);
    await Promise.all([one.return?.(), two.return?.(), ...waiting]);
    expect(state.running).toBe(0);
  });
});
