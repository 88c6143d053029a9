import { describe, expect, it, vi } from 'vitest';
import { writeRestartMark } from '../../src/client/ensure/restart-marker.js';
import {
  type ApplyAllOptions,
  type ApplyProgress,
  type ApplyTarget,
  applyAll,
  connect,
  IsolatedNetwork,
  LibvirtError,
  progressLine,
  TransportError,
  type VirtualNetwork,
} from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { caught } from '../support/caught.js';
import { FakeHost } from '../support/fake-host.js';

const net = (i: number): VirtualNetwork =>
  IsolatedNetwork.create(`net${i}`)
    .bridge(`br-net${i}`)
    .subnet(`10.90.${i}.1/24`, (subnet) => subnet.dhcp(`10.90.${i}.100`, `10.90.${i}.199`));
const some = (count: number) => Array.from({ length: count }, (_, i) => net(i));

describe('applyAll', () => {
  it('brings several hosts to what is wanted, and does nothing a second time', async () => {
    const mocks = [mockTransport(), mockTransport(), mockTransport()];
    const hosts = mocks.map((mock) => connect(mock));
    await hosts[0]?.networks.ensure(IsolatedNetwork.create('old'), { running: true });
    const targets = hosts.map((host) => ({ host, networks: some(5), absent: ['old'], running: true, autostart: true }));
    const report = await applyAll(targets);
    expect(report.ok).toBe(true);
    expect(report.results.map(({ network, status }) => `${network} ${status}`)).toEqual([
      'old changed',
      ...[0, 1, 2, 3, 4].map((i) => `net${i} changed`),
      ...[1, 2].flatMap(() => ['old unchanged', ...[0, 1, 2, 3, 4].map((i) => `net${i} changed`)]),
    ]);
    for (const mock of mocks) mock.calls.length = 0;
    const again = await applyAll(targets);
    expect(again.results.every(({ status }) => status === 'unchanged')).toBe(true);
    // What is up to date costs one list.
    for (const { calls } of mocks) expect(calls.map(({ operation }) => operation)).toEqual(['network.list']);
  });

  it('looks once at the host for what restarts have left, however many networks there are', async () => {
    const host = new FakeHost();
    const look = vi.fn(host.view.look);
    const view = { ...host.view, look };
    const transport = host.transport();
    const call = vi.spyOn(transport, 'call');
    await connect(transport).networks.ensureAll(some(5), { running: true });
    call.mockClear();
    const results = await connect(transport).networks.ensureAll(some(5), { running: true, view });
    expect(results.map(({ status }) => status)).toEqual(Array(5).fill('unchanged'));
    expect(look).toHaveBeenCalledTimes(1);
    expect(call.mock.calls.map(([operation]) => operation)).toEqual(['host.capabilities', 'network.list']);
    // One of them had a restart that was not finished.
    const net3 = await connect(transport).networks.get('net3');
    host.add({ name: 'tap0', addresses: [], alias: writeRestartMark({ network: net3.uuid, before: '' }) });
    await connect(transport).networks.ensureAll(some(5), { running: true, view });
    expect(host.device('tap0')?.master).toBe('br-net3');
  });

  it('reports what failed and where, and a second call completes it', async () => {
    const [one, two] = [mockTransport(), mockTransport()];
    const targets = [one, two].map((mock) => ({ host: connect(mock), networks: some(4), running: true }));
    one.once('network.start', { error: new LibvirtError('DNSMASQ_FAILED', 'no') });
    const report = await applyAll(targets, { perHost: 1 });
    expect(report.ok).toBe(false);
    const failed = report.results.filter(({ status }) => status === 'failed');
    expect(failed.map(({ network, error }) => `${network} ${error?.code}`)).toEqual(['net0 DNSMASQ_FAILED']);
    expect(report.results.filter(({ status }) => status === 'changed')).toHaveLength(7);
    const again = await applyAll(targets);
    expect([again.ok, again.results.filter(({ status }) => status === 'changed')]).toMatchObject([
      true,
      [{ network: 'net0' }],
    ]);
  });

  it('leaves a host alone that has gone away, and says so of each of its networks', async () => {
    const [one, two] = [mockTransport(), mockTransport()];
    const targets = [one, two].map((mock) => ({ host: connect(mock), networks: some(4) }));
    two.once('network.define', { delayMs: 0 });
    two.once('network.define', { disconnect: true });
    const { results } = await applyAll(targets, { perHost: 1 });
    expect(results.map(({ status }) => status)).toEqual([
      ...['changed', 'changed', 'changed', 'changed'],
      ...['changed', 'failed', 'skipped', 'skipped'],
    ]);
    for (const { error } of results.slice(5)) expect(error?.code).toBe('CONNECTION_FAILED');
    two.reconnect();
    expect((await applyAll(targets)).ok).toBe(true);
  });

  it('a host that cannot be reached at all', async () => {
    const mock = mockTransport();
    mock.once('network.list', { error: new TransportError('SSH_FAILED', 'no route') });
    const { results } = await applyAll([{ host: connect(mock), networks: some(2) }]);
    expect(results.map(({ status, error }) => `${status} ${error?.code}`)).toEqual([
      'skipped SSH_FAILED',
      'skipped SSH_FAILED',
    ]);
  });

  it('networks that swap their bridges are done in two rounds', async () => {
    const host = connect(mockTransport());
    const pair = (a: string, b: string) => [
      IsolatedNetwork.create('x').bridge(a).subnet('10.1.0.1/24'),
      IsolatedNetwork.create('y').bridge(b).subnet('10.2.0.1/24'),
    ];
    await applyAll([{ host, networks: pair('virbr1', 'virbr2') }]);
    const report = await applyAll([{ host, networks: pair('virbr2', 'virbr3') }], { perHost: 1 });
    expect(report.results.map(({ status }) => status)).toEqual(['changed', 'changed']);
  });

  it('a network that guests use is removed only where that is allowed', async () => {
    const host = connect(mockTransport());
    const { network } = await host.networks.ensure(net(0), { running: true });
    await network.createPort({
      uuid: '5d744f21-ba4a-4d6e-bdb2-30a35ff3207d',
      owner: { name: 'web', uuid: '8cbd3f2a-0001-4000-8000-000000000001' },
      mac: { address: '52:54:00:00:00:07' },
    });
    const [refused] = (await applyAll([{ host, absent: ['net0'] }])).results;
    expect([refused?.status, refused?.error?.code]).toEqual(['failed', 'NETWORK_IN_USE']);
    expect((await applyAll([{ host, absent: ['net0'], inUse: true }])).ok).toBe(true);
  });

  it('tells of each network when it begins, steps and ends', async () => {
    const seen: ApplyProgress[] = [];
    await applyAll([{ host: connect(mockTransport()), networks: some(2), running: true }], {
      perHost: 1,
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen.map(({ network, status, step, done, total }) => [network, status, step?.action, done, total])).toEqual([
      [undefined, 'reading', undefined, 0, 2],
      ['net0', 'working', 'define', 0, 2],
      ['net0', 'working', 'start', 0, 2],
      ['net0', 'changed', undefined, 1, 2],
      ['net1', 'working', 'define', 1, 2],
      ['net1', 'working', 'start', 1, 2],
      ['net1', 'changed', undefined, 2, 2],
    ]);
  });

  it('an abort ends it with the caller’s reason', async () => {
    const mock = mockTransport();
    mock.once('network.start', { hang: true });
    const stop = new AbortController();
    const onProgress = ({ step }: ApplyProgress) => {
      if (step?.action === 'start') queueMicrotask(() => stop.abort(new Error('enough')));
    };
    const targets = [{ host: connect(mock), networks: some(3), running: true }];
    await expect(applyAll(targets, { signal: stop.signal, onProgress, perHost: 1 })).rejects.toThrow('enough');
  });

  it('refuses lists that contradict themselves, and a number that is none, before anything is done', async () => {
    const [good, bad] = [mockTransport(), mockTransport()];
    const first = { host: connect(good), networks: some(2) };
    const refused = async (target: Partial<ApplyTarget>, options: ApplyAllOptions = {}) =>
      String(await caught(applyAll([first, { host: connect(bad), ...target }], options)));
    expect(await refused({ networks: [net(1), net(1).domain('x.test')] })).toContain(
      'network "net1" is listed more than once',
    );
    expect(await refused({ networks: [net(1)], absent: ['net1'] })).toContain(
      'network "net1" is listed more than once',
    );
    expect(await refused({ networks: [net(1)] }, { perHost: 0 })).toContain(
      'perHost must be a whole number from 1, not 0',
    );
    expect([...good.calls, ...bad.calls]).toEqual([]);
  });

  it('changes nothing in a dry run', async () => {
    const mock = mockTransport();
    const { results } = await applyAll([{ host: connect(mock), networks: some(2) }], { dryRun: true });
    expect(results.map(({ changes }) => changes.map(({ action }) => action))).toEqual([['define'], ['define']]);
    expect(await mock.call('network.list', {})).toEqual([]);
  });
});

describe('the progress line', () => {
  const lines = async (isTTY: boolean): Promise<string> => {
    const written: string[] = [];
    const mock = mockTransport();
    mock.once('network.define', { error: new LibvirtError('LIBVIRT', 'no') });
    const stream = { isTTY, columns: 40, write: (text: string) => written.push(text) };
    await applyAll([{ host: connect(mock), networks: some(2) }], { perHost: 1, onProgress: progressLine(stream) });
    return written.join('');
  };

  it('is written again on a terminal, failures stay above it', async () => {
    expect(await lines(true)).toBe(
      [
        '\r\u001b[K[0/2] the mock reading',
        '\r\u001b[K[0/2] the mock net0: define the network',
        '\r\u001b[K[1/2, 1 failed] the mock net0: failed\n',
        '\r\u001b[K[1/2, 1 failed] the mock net1: define t',
        '\r\u001b[K[2/2, 1 failed] the mock net1: changed\n',
      ].join(''),
    );
  });

  it('elsewhere it is a line for each network that was changed or failed', async () => {
    expect(await lines(false)).toBe('[1/2, 1 failed] the mock net0: failed\n[2/2, 1 failed] the mock net1: changed\n');
  });
});
