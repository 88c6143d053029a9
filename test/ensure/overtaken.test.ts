import { describe, expect, it } from 'vitest';
import { connect, EnsureError, NatNetwork, type Operation, type Transport } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { caught } from '../support/caught.js';

const lab = NatNetwork.create('lab').bridge('virbr7').subnet('10.7.0.1/24');
const other = NatNetwork.create('lab').bridge('virbr8').subnet('10.8.0.1/24');

/** A transport that does something else around each call of an operation. */
function around(
  transport: Transport,
  wrap: (operation: Operation, call: () => Promise<unknown>) => Promise<unknown>,
): Transport {
  const call = (operation: Operation, input: never, options?: object) =>
    wrap(operation, () => transport.call(operation, input, options));
  return {
    label: transport.label,
    call: call as Transport['call'],
    events: (options) => transport.events(options),
    close: () => transport.close(),
  };
}

/** Refuses one operation for good, and does something before. */
const refusing = (transport: Transport, refused: Operation, before: () => Promise<unknown>) =>
  around(transport, async (operation, call) => {
    if (operation !== refused) return call();
    await before();
    throw new Error('refused for the test');
  });

describe('an ensure that fails', () => {
  it('does not remove a network that another program has taken over', async () => {
    const mock = mockTransport({ networks: [] });
    const rival = connect(mock).networks;
    let mtu = 1400;
    const takeOver = () => rival.ensure(other.mtu(++mtu), { running: true, restart: 'always' });
    const { networks } = connect(refusing(mock, 'network.autostart', takeOver));
    const error = await caught(networks.ensure(lab, { running: true, autostart: true, restart: 'always' }));
    expect(error).toMatchObject({ overtaken: true, left: expect.arrayContaining([expect.stringContaining('mtu')]) });
    expect(String(error)).toContain('another program has changed the network since, so nothing was rolled back');
    expect(await rival.plan(other.mtu(mtu), { running: true })).toMatchObject({ steps: [] });
  });

  it('does not take back what another program has stored', async () => {
    const mock = mockTransport({ networks: [lab] });
    const rival = connect(mock).networks;
    let mtu = 1400;
    const { networks } = connect(refusing(mock, 'network.start', () => rival.define(lab.mtu(++mtu))));
    const error = await caught(networks.ensure(lab, { running: true }));
    expect(error).toBeInstanceOf(EnsureError);
    expect(error).toMatchObject({ overtaken: true, left: [expect.stringContaining('mtu')] });
    expect((await (await rival.get('lab')).read()).document.mtu).toEqual({ size: mtu });
  });

  it('leaves a network removed that another program has removed', async () => {
    const mock = mockTransport({ networks: [lab] });
    const rival = connect(mock).networks;
    const { networks } = connect(refusing(mock, 'network.autostart', () => rival.ensureAbsent('lab')));
    expect(await caught(networks.ensure(lab, { autostart: true }))).toMatchObject({ code: 'LIBVIRT', left: [] });
    expect(await rival.states()).toEqual([]);
  });

  it('undoes its own steps where nobody else has changed anything', async () => {
    const mock = mockTransport({ networks: [lab] });
    const { networks } = connect(refusing(mock, 'network.start', async () => undefined));
    const error = await caught(networks.ensure(lab.mtu(1400), { running: true, autostart: true }));
    expect(error).toMatchObject({ overtaken: false, left: [] });
    expect((await (await networks.get('lab')).read()).document.mtu).toBeUndefined();
  });

  it('succeeds when another program has started the network first', async () => {
    const mock = mockTransport({ networks: [lab] });
    const { networks } = connect(
      around(mock, async (operation, call) => {
        if (operation === 'network.start') await (await connect(mock).networks.get('lab')).start();
        return call();
      }),
    );
    expect(await networks.ensure(lab, { running: true })).toMatchObject({ changed: true });
  });
});

/** Does something once, before the first call of an operation after a network was started. */
function onceStarted(transport: Transport, at: Operation, act: () => Promise<unknown>): Transport {
  let state: 'waiting' | 'started' | 'over' = 'waiting';
  return around(transport, async (operation, call) => {
    if (operation === at && state === 'started') {
      state = 'over';
      await act();
    }
    const result = await call();
    if (operation === 'network.start' && state === 'waiting') state = 'started';
    return result;
  });
}

describe('an ensure of a network that another program stops', () => {
  it('starts it again when that happens before it has read back what it did', async () => {
    const mock = mockTransport({ networks: [] });
    const rival = connect(mock).networks;
    await rival.ensure(lab, { running: true });
    const stop = async () => (await rival.get('lab')).destroy();
    const { networks } = connect(onceStarted(mock, 'network.lookup', stop));
    expect(await networks.ensure(lab.mtu(1400), { running: true, restart: 'always' })).toMatchObject({ changed: true });
    expect(await rival.plan(lab.mtu(1400), { running: true })).toMatchObject({ steps: [] });
  });

  it.each(['network.ports', 'network.leases'] as const)('while it asks for %s', async (at) => {
    const mock = mockTransport({ networks: [] });
    const reserved = (mac: string) => lab.reserve({ mac, ip: '10.7.0.9' });
    const rival = connect(mock).networks;
    await rival.ensure(reserved('52:54:00:00:00:01'), { running: true });
    let isOver = false;
    const { networks } = connect(
      around(mock, async (operation, call) => {
        if (operation === at && !isOver) {
          isOver = true;
          await (await rival.get('lab')).destroy();
        }
        return call();
      }),
    );
    // Guests are looked up for a restart, leases where an address moves.
    const moved = reserved('52:54:00:00:00:02');
    const desired = at === 'network.ports' ? moved.mtu(1400) : moved;
    expect(await networks.ensure(desired, { running: true, restart: 'always' })).toMatchObject({ changed: true });
    expect(isOver).toBe(true);
    expect(await rival.plan(desired, { running: true })).toMatchObject({ steps: [] });
  });
});

describe('an ensure whose signal is aborted', () => {
  const operations = ['network.define', 'network.autostart', 'network.start', 'network.lookup'] as const;

  it.each(operations)('during %s rejects with the reason, and nothing remains', async (at) => {
    const mock = mockTransport({ networks: [] });
    const abort = new AbortController();
    let isDefined = false;
    const { networks } = connect(
      around(mock, async (operation, call) => {
        const result = await call();
        isDefined ||= operation === 'network.define';
        // The answer is there all the same: the last operation, which reads back what was done, is over too.
        if (operation === at && isDefined) abort.abort(new Error('enough'));
        return result;
      }),
    );
    const error = await caught(networks.ensure(lab, { running: true, autostart: true, signal: abort.signal }));
    expect(error).toBe(abort.signal.reason);
    expect(await connect(mock).networks.states()).toEqual([]);
  });
});
