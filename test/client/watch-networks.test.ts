import { describe, expect, it } from 'vitest';
import { connect, IsolatedNetwork, OperationError, watchNetworks } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { caught } from '../support/caught.js';

const lab = IsolatedNetwork.create('lab').subnet('10.0.0.1/24');

function watched(options: Parameters<typeof watchNetworks>[1] = {}, networks = [lab]) {
  const mock = mockTransport({ networks });
  const host = connect(mock);
  const views = watchNetworks(host, options)[Symbol.asyncIterator]();
  /** The next view, in short: why, what is there, what changed, what went, what happened. */
  const next = async () => {
    const view = await views.next();
    if (view.done === true) throw new Error('there are no more views');
    const { cause, networks: all, changed, gone, events } = view.value;
    return {
      cause,
      all: all.map(({ state }) => `${state.name} ${state.active ? 'runs' : 'stopped'}`),
      changed: changed.map(({ state }) => state.name),
      gone: gone.map(({ name }) => name),
      events: events.map(({ type, network }) => `${type} ${network}`),
    };
  };
  return { mock, host, views, next };
}

describe('the networks of a host are watched', () => {
  it('from the first view on, with what each change makes of them', async () => {
    const { host, next } = watched();
    expect(await next()).toEqual({ cause: 'first', all: ['lab stopped'], changed: ['lab'], gone: [], events: [] });
    const net = await host.networks.get('lab');
    const change = { cause: 'change', gone: [] };
    await net.start();
    expect(await next()).toEqual({ ...change, all: ['lab runs'], changed: ['lab'], events: ['started lab'] });
    const more = await host.networks.define(lab.named('more').withUuid('11111111-2222-4333-8444-555555555555'));
    const all = ['lab runs', 'more stopped'];
    expect(await next()).toEqual({ ...change, all, changed: ['more'], events: ['defined more'] });
    await host.networks.define(lab.named('more').title('x'));
    expect(await next()).toEqual({ ...change, all, changed: ['more'], events: ['defined more'] });
    await more.undefine();
    const gone = { cause: 'change', all: ['lab runs'], changed: [], gone: ['more'] };
    expect(await next()).toEqual({ ...gone, events: ['undefined more'] });
  });

  it('what happens while the reader works is in the next view, also where it changes nothing in the end', async () => {
    const { host, next } = watched();
    await next();
    const net = await host.networks.get('lab');
    await net.start();
    await net.destroy();
    expect(await next()).toMatchObject({ changed: [], events: ['started lab', 'stopped lab'] });
  });

  it('more events than are kept are one gap, after which everything is right', async () => {
    const { host, next } = watched({ buffer: 2 });
    await next();
    for (const name of ['a', 'b', 'c', 'd']) await host.networks.define(lab.named(name));
    const all = ['a', 'b', 'c', 'd', 'lab'].map((name) => `${name} stopped`);
    expect(await next()).toEqual({ cause: 'gap', all, changed: ['a', 'b', 'c', 'd'], gone: [], events: [] });
    await host.networks.define(lab.named('e'));
    expect(await next()).toMatchObject({ cause: 'change', changed: ['e'] });
  });

  it('a daemon that is not there yet is awaited', async () => {
    const { mock, next } = watched();
    mock.once('network.list', { disconnect: true });
    await caught(mock.call('network.list', {}));
    const first = next();
    mock.reconnect();
    expect(await first).toMatchObject({ cause: 'first', changed: ['lab'] });
  });

  it('a connection that is lost while the networks are read is awaited', async () => {
    const { mock, host, next } = watched();
    await next();
    mock.once('network.list', { disconnect: true });
    await (await host.networks.get('lab')).start();
    const view = next();
    while (mock.calls.at(-1)?.operation !== 'network.list') await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    mock.reconnect();
    expect(await view).toMatchObject({ cause: 'change', all: ['lab runs'], events: ['started lab'] });
    expect(await next()).toMatchObject({ cause: 'gap', changed: [] });
  });

  it('what was missed while the connection was lost is found', async () => {
    const { mock, host, next } = watched({}, [lab, lab.named('old').withUuid('11111111-2222-4333-8444-555555555555')]);
    await next();
    mock.once('network.list', { disconnect: true });
    await caught(host.networks.states());
    const view = next();
    mock.restore(mockTransport({ networks: [lab.title('other'), lab.named('new')] }).snapshot());
    mock.reconnect();
    const { cause, changed, gone } = await view;
    expect({ cause, gone }).toEqual({ cause: 'gap', gone: expect.arrayContaining(['old']) });
    expect(changed).toEqual(['lab', 'new']);
  });
});

describe('a watch ends', () => {
  it('by break, with nothing left that listens', async () => {
    const { host, mock } = watched();
    for await (const view of watchNetworks(host)) {
      expect(view.networks).toHaveLength(1);
      break;
    }
    const before = mock.calls.length;
    await (await host.networks.get('lab')).start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(mock.calls.slice(before).map(({ operation }) => operation)).not.toContain('network.list');
  });

  it('by return, while somebody waits for a change', async () => {
    const { views, next } = watched();
    await next();
    const waiting = views.next();
    await views.return?.();
    expect([(await waiting).done, (await views.next()).done]).toEqual([true, true]);
  });

  it('by an abort, with its reason, before the first view and later', async () => {
    const reason = new Error('enough');
    expect(await caught(watched({ signal: AbortSignal.abort(reason) }).views.next())).toBe(reason);
    const abort = new AbortController();
    const { views, next } = watched({ signal: abort.signal });
    await next();
    const waiting = caught(views.next());
    abort.abort(reason);
    expect(await waiting).toBe(reason);
    expect((await views.next()).done).toBe(true);
  });

  it('when the host is closed, and with what a daemon refuses', async () => {
    const { host, views, next } = watched();
    await next();
    const waiting = caught(views.next());
    await host.close();
    expect(await waiting).toMatchObject({ code: 'CLOSED' });
    const other = watched();
    const error = new OperationError('ACCESS_DENIED', 'no');
    other.mock.once('network.list', { error });
    expect(await caught(other.views.next())).toBe(error);
  });

  it('with wrong options, before it begins', async () => {
    expect(() => watchNetworks(connect(mockTransport()), JSON.parse('{"interval": 5}'))).toThrow(/interval/);
    expect(await caught(watched({ buffer: 0 }).views.next())).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
