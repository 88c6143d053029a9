import { describe, expect, it } from 'vitest';
import {
  BridgedNetwork,
  connect,
  IsolatedNetwork,
  NatNetwork,
  OperationError,
  RoutedNetwork,
  TransportError,
} from '../../src/index.js';
import { caught } from '../support/caught.js';
import { type Answers, TableTransport } from '../support/table-transport.js';

const uuid = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';
const lab = IsolatedNetwork.create('lab').subnet('10.0.0.1/24');
const state = { name: 'lab', uuid, active: false, persistent: true, autostart: false };
const notFound = () => Promise.reject(new OperationError('NETWORK_NOT_FOUND', 'no such network'));
const done = () => undefined;

/** A host that answers from a table, with what was sent to it. */
function hostOf(answers: Answers) {
  const transport = new TableTransport({ 'network.lookup': () => state, 'network.define': done, ...answers });
  const sent = (operation: string) => transport.asked.find((one) => one.operation === operation)?.input;
  return { transport, sent, networks: connect(transport).networks };
}

describe('define', () => {
  const stored = lab.withUuid(uuid).mac('52:54:00:00:00:01').bridge('virbr7', { stp: false });

  it('keeps uuid, MAC address and bridge name of the network that is there, and asks no more than needed', async () => {
    const { transport, sent, networks } = hostOf({ 'network.dump': () => stored.toXml() });
    const handle = await networks.define(lab);
    expect(handle.uuid).toBe(uuid);
    expect(sent('network.define')?.['xml']).toBe(lab.withUuid(uuid).mac('52:54:00:00:00:01').bridge('virbr7').toXml());
    expect(transport.operations).toEqual(['network.dump', 'network.define']);
    expect(sent('network.dump')).toMatchObject({ network: 'lab', inactive: true });
  });

  it('what the new definition says itself counts', async () => {
    const { sent, networks } = hostOf({ 'network.dump': () => stored.toXml() });
    const own = lab.mac('52:54:00:00:00:02').bridge('virbr9');
    await networks.define(own);
    expect(sent('network.define')?.['xml']).toBe(own.withUuid(uuid).toXml());
  });

  it('a bridge of the host is not kept for a network of another kind', async () => {
    const lan = BridgedNetwork.create({ name: 'lab', bridge: 'br0' }).withUuid(uuid);
    const { sent, networks } = hostOf({ 'network.dump': () => lan.toXml() });
    await networks.define(lab);
    expect(sent('network.define')?.['xml']).toBe(lab.withUuid(uuid).toXml());
  });

  it('another uuid is left to libvirt, which refuses it', async () => {
    const { sent, networks } = hostOf({ 'network.dump': () => stored.toXml() });
    const other = lab.withUuid('6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a12');
    await networks.define(other);
    expect(sent('network.define')?.['xml']).toBe(other.toXml());
  });

  it('a definition that cannot be read is replaced whole', async () => {
    const { sent, networks } = hostOf({
      'network.dump': () => "<network>\n  <name>lab</name>\n  <domain name='a'b'/>\n</network>\n",
    });
    await networks.define(lab);
    expect(sent('network.define')?.['xml']).toBe(lab.withUuid(uuid).toXml());
  });

  it('a new network gets the uuid that libvirt made; when that is not told, the error says that it is defined', async () => {
    const { transport, networks } = hostOf({ 'network.dump': notFound });
    expect((await networks.define(lab)).uuid).toBe(uuid);
    expect(transport.operations).toEqual(['network.dump', 'network.define', 'network.lookup']);
    const lookup = () => Promise.reject(new TransportError('TIMEOUT', 'cannot look up network "lab"'));
    const error = await caught(hostOf({ 'network.dump': notFound, 'network.lookup': lookup }).networks.define(lab));
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      mayHaveChanged: true,
      message: 'cannot look up network "lab"; the network is defined',
    });
  });

  it('refuses before anything is asked: broken rules, names like uuids, and what libvirt could not return', async () => {
    const { transport, networks } = hostOf({ 'network.dump': notFound });
    expect(await caught(networks.define(NatNetwork.create('lab')))).toMatchObject({ code: 'VALIDATION' });
    expect(await caught(networks.define(lab.named(uuid)))).toMatchObject({ code: 'VALIDATION' });
    expect(await caught(networks.create(lab.named(uuid.toUpperCase())))).toMatchObject({ code: 'VALIDATION' });
    expect(transport.operations).toEqual([]);
    const huge = lab.description('x'.repeat(4 * 1024 * 1024));
    expect(await caught(networks.define(huge))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(transport.operations).toEqual(['network.dump']);
  });

  it('prints for the release that it is given', async () => {
    const { sent, networks } = hostOf({ 'network.dump': notFound });
    await networks.define(lab.title('for 9.7'), { libvirt: '9.0.0', validate: true });
    expect(sent('network.define')).toEqual({ xml: lab.toXml({ libvirt: '9.0.0' }), name: 'lab', validate: true });
  });
});

describe('temporary networks', () => {
  it('have a uuid of their own, and are stopped by it', async () => {
    const { sent, networks } = hostOf({ 'network.create': done, 'network.destroy': done });
    {
      await using net = await networks.temporary(lab);
      expect(sent('network.create')?.['xml']).toContain(`<uuid>${net.uuid}</uuid>`);
    }
    expect(sent('network.destroy')).toMatchObject({
      network: /<uuid>(.*)<\/uuid>/.exec(String(sent('network.create')?.['xml']))?.[1],
    });
  });

  it('are stopped if they may have been created', async () => {
    const lost = () => Promise.reject(new TransportError('CONNECTION_FAILED', 'lost', { mayHaveChanged: true }));
    const { transport, networks } = hostOf({ 'network.create': lost, 'network.destroy': notFound });
    expect(await caught(networks.temporary(lab))).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(transport.operations).toEqual(['network.create', 'network.destroy']);
  });

  it('that were refused are left alone, and so are those that somebody else has stopped', async () => {
    const refused = () => Promise.reject(new OperationError('NETWORK_EXISTS', 'there'));
    const { transport, networks } = hostOf({ 'network.create': refused });
    expect(await caught(networks.temporary(lab))).toMatchObject({ code: 'NETWORK_EXISTS' });
    expect(transport.operations).toEqual(['network.create']);
    const other = hostOf({ 'network.create': done, 'network.destroy': notFound });
    const net = await other.networks.temporary(lab);
    await net[Symbol.asyncDispose]();
  });
});

describe('lists', () => {
  it('one definition that cannot be read does not keep the others from being listed', async () => {
    const { networks } = hostOf({
      'network.list': () => [
        { ...state, xml: lab.toXml() },
        { ...state, name: 'odd', xml: "<network>\n  <name>odd</name>\n  <domain name='a'b'/>\n</network>\n" },
      ],
    });
    const [one, two] = await networks.readAll();
    expect([one?.network?.kind, one?.handle.name, two?.error?.code, two?.handle.name]).toEqual([
      'isolated',
      'lab',
      'XML_SYNTAX',
      'odd',
    ]);
  });
});

describe('a start that would cost the host a device', () => {
  const bridged = lab.bridge('docker0');
  const answers = (daemon: string | undefined, devices: readonly string[]): Answers => ({
    'host.capabilities': () => ({ ...(daemon === undefined ? {} : { daemon }), missing: [] }),
    'host.interfaces': () => devices.map((name) => ({ name, active: true, mac: '' })),
    'network.dump': () => bridged.withUuid(uuid).toXml(),
    'network.start': done,
    'network.create': done,
  });

  it('is refused where libvirt would delete the device, and where that is not known', async () => {
    for (const daemon of ['10.8.0', '11.3.0', undefined]) {
      const { transport, networks } = hostOf(answers(daemon, ['eth0', 'docker0']));
      const net = await networks.get('lab');
      expect(await caught(net.start())).toMatchObject({ code: 'BRIDGE_EXISTS', network: 'lab' });
      expect(await caught(networks.create(bridged))).toMatchObject({ code: 'BRIDGE_EXISTS' });
      expect(transport.operations).not.toContain('network.start');
      expect(transport.operations).not.toContain('network.create');
    }
  });

  it('is left to older releases, which refuse it without harm, and asks them nothing more', async () => {
    const { transport, networks } = hostOf(answers('10.7.0', ['docker0']));
    const net = await networks.get('lab');
    await net.start();
    await net.start();
    expect(transport.asked.map(({ operation }) => operation)).toEqual([
      'network.lookup',
      'host.capabilities',
      'network.start',
      'network.start',
    ]);
  });

  it('is none when the device is not there, the bridge is the host’s own, or the network runs', async () => {
    const free = hostOf(answers('11.3.0', ['eth0']));
    await (await free.networks.get('lab')).start();
    const lan = BridgedNetwork.create({ name: 'lab', bridge: 'docker0' });
    await hostOf(answers('11.3.0', ['docker0'])).networks.create(lan.withUuid(uuid));
    const runs = hostOf({ ...answers('11.3.0', ['docker0']), 'network.lookup': () => ({ ...state, active: true }) });
    await (await runs.networks.get('lab')).start();
  });

  it('cannot be seen where the driver does not tell devices; libvirt’s refusal then says what it may have cost', async () => {
    const exists = () => Promise.reject(new OperationError('BRIDGE_EXISTS', 'File exists'));
    const { networks } = hostOf({
      ...answers('11.3.0', []),
      'host.interfaces': () => Promise.reject(new OperationError('UNSUPPORTED', 'no')),
      'network.start': exists,
    });
    const error = await caught((await networks.get('lab')).start());
    expect(error).toMatchObject({ code: 'BRIDGE_EXISTS' });
    expect(String(error)).toContain('check whether it still exists');
  });
});

describe('the time of a call', () => {
  it('is that of all its operations together', async () => {
    const times: (number | undefined)[] = [];
    const answer =
      <T>(value: T) =>
      (_: unknown, { timeoutMs }: { timeoutMs?: number | undefined }) => {
        times.push(timeoutMs);
        return value;
      };
    const { networks } = hostOf({
      'network.lookup': answer({ ...state, active: true }),
      'network.dump': answer(lab.withUuid(uuid).toXml()),
      'network.update': answer(undefined),
    });
    const net = await networks.get('lab');
    await net.update('dns-txt', 'add-last', { name: 'a', value: 'b' }, { timeoutMs: 5000 });
    const [, ...rest] = times;
    expect(rest).toHaveLength(4);
    expect(rest.every((ms) => ms !== undefined && ms > 0 && ms <= 5000)).toBe(true);
    expect(rest).toEqual([...rest].sort((a, b) => (b ?? 0) - (a ?? 0)));
  });

  it('counts the waiting for other calls on the same network', async () => {
    let release = () => {};
    const { networks } = hostOf({
      'network.destroy': () => new Promise<undefined>((resolve) => (release = () => resolve(undefined))),
    });
    const net = await networks.get('lab');
    const first = net.destroy();
    const late = await caught(net.setAutostart(true, { timeoutMs: 5 }));
    expect(late).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: false, operation: 'network.autostart' });
    release();
    await first;
  });
});

describe('a handle', () => {
  it('goes by uuid, and names the network in messages', async () => {
    const { sent, networks } = hostOf({ 'network.undefine': done });
    await (await networks.get('lab')).undefine();
    expect(sent('network.undefine')).toEqual({ network: uuid, name: 'lab' });
  });

  it('of a kind does not give a network of another kind', async () => {
    const routed = RoutedNetwork.create('lab').subnet('10.0.0.1/24').withUuid(uuid);
    const { networks } = hostOf({ 'network.dump': () => routed.toXml() });
    const any = await networks.get('lab');
    expect((await any.read()).kind).toBe('route');
    const isolated = await networks.define(lab);
    expect(await caught(isolated.read())).toMatchObject({ code: 'UNEXPECTED_REPLY' });
  });

  it('updates nothing when neither copy is to be changed', async () => {
    const { networks } = hostOf({});
    const net = await networks.get('lab');
    const copies = { live: false, config: false };
    expect(await caught(net.update('dns-txt', 'delete', { name: 'a' }, { copies }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('says what was done when the second of two steps fails', async () => {
    const running = lab.subnet('10.0.9.1/24').withUuid(uuid);
    let calls = 0;
    const { networks } = hostOf({
      'network.lookup': () => ({ ...state, active: true }),
      'network.dump': ({ inactive }) =>
        (inactive ? lab.withUuid(uuid).subnet('10.0.8.1/24').subnet('10.0.9.1/24') : running).toXml(),
      'network.update': () => (++calls === 2 ? Promise.reject(new OperationError('UPDATE_REFUSED', 'no')) : undefined),
    });
    const net = await networks.get('lab');
    const error = await caught(net.update('ip-dhcp-host', 'add-last', { name: 'a', ip: '10.0.9.5' }));
    expect(error).toMatchObject({ code: 'UPDATE_REFUSED', message: 'no; the stored definition was changed' });
  });
});
