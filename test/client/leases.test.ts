import { describe, expect, it } from 'vitest';
import { newestLeases } from '../../src/client/wait/leases.js';
import {
  connect,
  IsolatedNetwork,
  type LeaseRecord,
  OperationError,
  type XmlElement,
  xmlMetadata,
} from '../../src/index.js';
import { caught } from '../support/caught.js';
import { type Answers, TableTransport } from '../support/table-transport.js';

const uuid = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';
const state = { name: 'lab', uuid, active: true, persistent: true, autostart: false };
const served = IsolatedNetwork.create('lab')
  .withUuid(uuid)
  .subnet('10.0.0.1/24', (subnet) => subnet.dhcp('10.0.0.10', '10.0.0.11'));
const lease = (address: string, more: Partial<LeaseRecord> = {}): LeaseRecord => ({
  mac: '52:54:00:00:00:01',
  family: 'ipv4',
  address,
  prefix: 24,
  ...more,
});
const netOf = (answers: Answers) =>
  connect(
    new TableTransport({
      'network.lookup': () => state,
      'network.dump': () => served.toXml(),
      'network.leases': () => [],
      ...answers,
    }),
  ).networks.get('lab');

describe('leases', () => {
  it('are the newest of each MAC address in each family; one without an end is newest', () => {
    const leases = [
      lease('10.0.0.10', { expiry: new Date(2000) }),
      lease('10.0.0.11', { expiry: new Date(1000) }),
      lease('fd00::5', { family: 'ipv6', expiry: new Date(500) }),
      lease('10.0.0.12', { mac: '52:54:00:00:00:02', expiry: new Date(9000) }),
      lease('10.0.0.13', { mac: '52:54:00:00:00:02' }),
    ];
    expect(newestLeases(leases).map(({ address }) => address)).toEqual(['10.0.0.10', 'fd00::5', '10.0.0.13']);
  });
});

describe('waiting for a lease', () => {
  const quick = { timeoutMs: 30, everyMs: 5 };
  const guest = { mac: '52:54:0:0:0:1' };

  it('ends with the lease, known by MAC address in any spelling, by name in any case, or by both', async () => {
    let looks = 0;
    const there = [lease('10.0.0.10', { hostname: 'Db' })];
    const net = await netOf({ 'network.leases': () => (++looks < 3 ? [] : there) });
    expect((await net.waitForLease(guest, { everyMs: 1 })).address).toBe('10.0.0.10');
    expect(looks).toBe(3);
    expect((await net.waitForLease({ hostname: 'dB' })).address).toBe('10.0.0.10');
    expect(await caught(net.waitForLease({ ...guest, hostname: 'other' }, quick))).toMatchObject({ code: 'TIMEOUT' });
  });

  it('says why there may be none', async () => {
    const full = [lease('10.0.0.10', { mac: '52:54:00:00:00:08' }), lease('10.0.0.11', { mac: '52:54:00:00:00:09' })];
    const reserved = served.with({
      ips: [{ address: '10.0.0.1', prefix: 24, dhcp: { hosts: [{ name: 'a', ip: '10.0.0.5' }] } }],
    });
    const cases: readonly (readonly [hint: RegExp, answers: Answers])[] = [
      [/is not running: start it/, { 'network.lookup': () => ({ ...state, active: false }) }],
      [/no DHCP range and no reservation/, { 'network.dump': () => served.with({ ips: undefined }).toXml() }],
      [/only guests with a reservation/, { 'network.dump': () => reserved.toXml() }],
      [/all 2 addresses are leased/, { 'network.leases': () => full }],
      [/the guest has not asked/, {}],
    ];
    for (const [hint, answers] of cases) {
      const error = await caught((await netOf(answers)).waitForLease(guest, quick));
      expect(error).toMatchObject({ code: 'TIMEOUT', network: 'lab', hint: expect.stringMatching(hint) });
      expect(String(error)).toContain('has no lease for 52:54:0:0:0:1 after 30 ms');
    }
  });

  it('is refused when nothing or nonsense is waited for', async () => {
    const net = await netOf({});
    expect(await caught(net.waitForLease({}))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await caught(net.waitForLease({ mac: 'zz' }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('ends with an abort, and with any other error', async () => {
    const net = await netOf({});
    const abort = new AbortController();
    const waiting = caught(net.waitForLease(guest, { signal: abort.signal }));
    abort.abort('enough');
    expect(await waiting).toBe('enough');
    const gone = await netOf({
      'network.leases': () => Promise.reject(new OperationError('NETWORK_NOT_FOUND', 'gone')),
    });
    expect(await caught(gone.waitForLease(guest))).toMatchObject({ code: 'NETWORK_NOT_FOUND' });
  });
});

describe('waiting for a state', () => {
  const after = (looks: number, then: () => unknown): Answers => {
    let seen = -1; // the look-up of the handle does not count
    return { 'network.lookup': () => (++seen < looks ? state : (then() as typeof state)) };
  };
  const notFound = () => Promise.reject(new OperationError('NETWORK_NOT_FOUND', 'gone'));

  it('ends when it is there; what is gone is inactive too', async () => {
    await (await netOf({})).waitUntil('active');
    await (await netOf(after(3, () => ({ ...state, active: false })))).waitUntil('inactive', { everyMs: 1 });
    await (await netOf(after(2, notFound))).waitUntil('inactive', { everyMs: 1 });
    await (await netOf(after(2, notFound))).waitUntil('gone', { everyMs: 1 });
  });

  it('says what did not come', async () => {
    const error = await caught((await netOf({})).waitUntil('inactive', { timeoutMs: 10, everyMs: 2 }));
    expect(error).toMatchObject({ code: 'TIMEOUT', message: 'network "lab" on the table is not inactive after 10 ms' });
  });
});

describe('metadata', () => {
  const owner = {
    ...xmlMetadata('urn:owner', 'o'),
    read: ({ attributes }: XmlElement) => attributes['name'] ?? '',
    write: (name: string): XmlElement => ({ type: 'element', name: 'team', attributes: { name }, children: [] }),
  };

  it('is typed by its namespace, and written to the copies that are there', async () => {
    let kept: Readonly<Record<string, unknown>> = {};
    const net = await netOf({
      'metadata.set': (input) => {
        kept = { ...input };
        return undefined;
      },
      'metadata.get': () => "<team name='storage'/>",
    });
    await net.setMetadata(owner, 'storage');
    expect(kept).toEqual({
      network: uuid,
      name: 'lab',
      uri: 'urn:owner',
      key: 'o',
      xml: "<team name='storage'/>",
      live: true,
      config: true,
    });
    expect(await net.getMetadata(owner)).toBe('storage');
    await net.removeMetadata(owner);
    expect(kept['xml']).toBeUndefined();
  });

  it('is read from the definition where libvirt has no call for it, whatever its prefix', async () => {
    const tooOld = () => Promise.reject(new OperationError('UNSUPPORTED', 'no'));
    for (const [open, name] of [
      ["<x:team xmlns:x='urn:owner' name='storage'>", 'x:team'],
      ["<team xmlns='urn:owner' name='storage'>", 'team'],
    ] as const) {
      const xml = `<network><name>lab</name><metadata>${open}<x:a xmlns:x='urn:owner'/></${name}></metadata></network>`;
      const net = await netOf({ 'metadata.get': tooOld, 'network.dump': () => xml });
      const element = await net.getMetadata(xmlMetadata('urn:owner', 'o'));
      expect([element?.name, element?.attributes]).toEqual(['team', { name: 'storage' }]);
      expect(await net.getMetadata({ ...owner, uri: 'urn:other' })).toBeUndefined();
    }
  });
});
