import { describe, expect, it } from 'vitest';
import { NetworkMutex } from '../../src/client/network-mutex.js';
import { mayHaveChanged, TransportError } from '../../src/index.js';
import { type Subject, within } from '../../src/transport-entry.js';
import { caught } from '../support/caught.js';

const change: Subject = { operation: 'network.start', network: 'lab', label: 'here' };
const look: Subject = { operation: 'network.dump', network: 'lab', label: 'here' };

/** Work that ends on request. */
const untilStopped = (signal: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
  );

/** How many listeners a signal has, as far as this library puts them there. */
function counted(signal: AbortSignal): () => number {
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof addEventListener>) => {
      count++;
      addEventListener.apply(signal, args);
    },
    removeEventListener: (...args: Parameters<typeof removeEventListener>) => {
      count--;
      removeEventListener.apply(signal, args);
    },
  });
  return () => count;
}

describe('work that must end in time', () => {
  it('gives its result, and leaves no timer and no listener', async () => {
    const { signal } = new AbortController();
    const { signal: closed } = new AbortController();
    const listeners = [counted(signal), counted(closed)];
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    expect(await within(look, { signal, closed, timeoutMs: 60_000 }, async () => 7)).toBe(7);
    expect(listeners.map((count) => count())).toEqual([0, 0]);
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBe(timers);
  });

  it('throws its own error unchanged', async () => {
    const error = new Error('own');
    expect(await caught(within(look, {}, () => Promise.reject(error)))).toBe(error);
  });

  it('says on what it was late, and whether it may have had an effect', async () => {
    const late = await caught(
      within(change, { timeoutMs: 5 }, ({ signal, begin }) => {
        begin();
        return untilStopped(signal);
      }),
    );
    expect(late).toBeInstanceOf(TransportError);
    expect(late).toMatchObject({
      code: 'TIMEOUT',
      mayHaveChanged: true,
      message: 'cannot start network "lab" on here within 5 ms; the change may still have been applied',
    });
    const waiting = await caught(within(change, { timeoutMs: 5 }, ({ signal }) => untilStopped(signal)));
    expect(waiting).toMatchObject({ mayHaveChanged: false, message: 'cannot start network "lab" on here within 5 ms' });
  });

  it('one signal can end hundreds of works without a warning, and only its reason is thrown', async () => {
    const abort = new AbortController();
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    const works = Array.from({ length: 300 }, () =>
      caught(within(look, { signal: abort.signal }, ({ signal }) => untilStopped(signal))),
    );
    const reason = { why: 'enough' };
    abort.abort(reason);
    expect(new Set(await Promise.all(works))).toEqual(new Set([reason]));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warn);
    expect(warnings).toEqual([]);
    expect(mayHaveChanged(reason)).toBe(false);
  });

  it('does not begin when it has been ended before', async () => {
    let begun = 0;
    const work = async () => {
      begun++;
    };
    const { signal } = new AbortController();
    const aborted = AbortSignal.abort('enough');
    expect(await caught(within(change, { signal: aborted }, work))).toBe('enough');
    expect(await caught(within(change, { signal, closed: aborted }, work))).toMatchObject({ code: 'CLOSED' });
    expect(begun).toBe(0);
  });

  it('a result that comes after the end is not given', async () => {
    const abort = new AbortController();
    const work = within(change, { signal: abort.signal }, async ({ signal, begin }) => {
      begin();
      await caught(untilStopped(signal));
      return 'too late';
    });
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await caught(work)).toBe(reason);
    expect(mayHaveChanged(reason)).toBe(true);
  });

  it('of reasons that cannot be told apart it is not said that nothing has changed', () => {
    expect([mayHaveChanged('enough'), mayHaveChanged(undefined), mayHaveChanged({})]).toEqual([true, true, false]);
  });
});

describe('calls on one network', () => {
  const queue = new NetworkMutex(change.label);
  const run = <T>(name: string, work: () => Promise<T>, timeoutMs?: number) =>
    queue.inTurn({ operation: change.operation, network: name }, { timeoutMs }, work);

  it('wait for each other in order, also after one that failed; others do not', async () => {
    const seen: string[] = [];
    let release = () => {};
    const first = run('a', () => new Promise<void>((resolve) => (release = resolve)).then(() => seen.push('a1')));
    const second = caught(run('a', async () => Promise.reject(seen.push('a2'))));
    const third = run('a', async () => seen.push('a3'));
    await run('b', async () => seen.push('b1'));
    release();
    await Promise.all([first, second, third]);
    expect(seen).toEqual(['b1', 'a1', 'a2', 'a3']);
  });

  it('give up waiting in time, without having begun and without letting others in', async () => {
    const seen: string[] = [];
    let release = () => {};
    const first = run('a', () => new Promise<void>((resolve) => (release = resolve)).then(() => seen.push('first')));
    const late = await caught(run('a', async () => seen.push('late'), 5));
    expect(late).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: false });
    const third = run('a', async () => seen.push('third'));
    release();
    await Promise.all([first, third]);
    expect(seen).toEqual(['first', 'third']);
  });
});
