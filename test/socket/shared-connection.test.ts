import { afterEach, describe, expect, it } from 'vitest';
import { OperationError, TransportError } from '../../src/index.js';
import { type SocketOptions, socket } from '../../src/socket/index.js';
import { CALLS } from '../../src/socket/wire/procedures.js';
import { type Answer, body, FakeDaemon } from './fake-daemon.js';

const NETWORK = { name: 'lab', uuid: '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11' };

const answers: Answer = (procedure) => {
  if (procedure === CALLS.NETWORK_LOOKUP_BY_NAME.number) return body(CALLS.NETWORK_LOOKUP_BY_NAME, { net: NETWORK });
  if (procedure === CALLS.NETWORK_GET_XML_DESC.number) return body(CALLS.NETWORK_GET_XML_DESC, { xml: '<network/>' });
  if (procedure === CALLS.NETWORK_DEFINE_XML.number) return body(CALLS.NETWORK_DEFINE_XML, { net: NETWORK });
  return Buffer.alloc(28);
};

describe('the connection of a socket transport', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function daemonOf(answer: Answer): Promise<FakeDaemon> {
    const daemon = await FakeDaemon.start(answer);
    ends.push(() => daemon.stop());
    return daemon;
  }
  function to(daemon: FakeDaemon, options: SocketOptions = {}) {
    const transport = socket({ uri: 'network:///system', path: daemon.path, timeoutMs: 5000, ...options });
    ends.push(() => transport.close());
    return transport;
  }

  const dump = { network: NETWORK.uuid, name: NETWORK.name };

  it('is shared by all calls, and has at most four of them on their way', async () => {
    const held: (() => void)[] = [];
    const daemon = await daemonOf(answers);
    daemon.send = (connection, message) => held.push(() => connection.write(message));
    const transport = to(daemon);
    const calls = Array.from({ length: 10 }, () => transport.call('network.dump', dump));
    await expect.poll(() => held.length).toBe(4);
    daemon.send = (connection, message) => connection.write(message);
    for (const answer of held) answer();
    await Promise.all(calls);
    expect({ connections: daemon.connections, calls: daemon.asked.length }).toEqual({ connections: 1, calls: 10 });
  });

  it('is opened again after the daemon has hung up, for the very next call', async () => {
    const daemon = await daemonOf(answers);
    const transport = to(daemon);
    await transport.call('network.dump', dump);
    daemon.hangUp();
    await expect(transport.call('network.dump', dump)).resolves.toBe('<network/>');
    expect(daemon.connections).toBe(2);
  });

  it('asks again for what only reads when it is lost on the way', async () => {
    const daemon = await daemonOf(answers);
    daemon.send = (connection, message) =>
      daemon.connections === 1 ? connection.destroy() : connection.write(message);
    await expect(to(daemon).call('network.dump', dump)).resolves.toBe('<network/>');
  });

  it('never repeats a change that was sent, and says that it may have been made', async () => {
    const daemon = await daemonOf(answers);
    daemon.send = (connection) => connection.destroy();
    const error: unknown = await to(daemon)
      .call('network.define', { xml: '<network/>' })
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', mayHaveChanged: true });
    expect(daemon.asked).toEqual([CALLS.NETWORK_DEFINE_XML.number]);
  });

  it("gives the caller's own reason at once after an abort, and goes on with other calls", async () => {
    const held: (() => void)[] = [];
    const daemon = await daemonOf(answers);
    daemon.send = (connection, message) => held.push(() => connection.write(message));
    const transport = to(daemon);
    const stop = new AbortController();
    const call = transport.call('network.define', { xml: '<network/>' }, { signal: stop.signal });
    await expect.poll(() => held.length).toBe(1);
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(call).rejects.toBe(reason);
    daemon.send = (connection, message) => connection.write(message);
    for (const answer of held) answer();
    await expect(transport.call('network.dump', dump)).resolves.toBe('<network/>');
    expect(daemon.connections).toBe(1);
  });

  it('is refused by the number of the error, in whatever language the daemon speaks', async () => {
    const daemon = await daemonOf(() => ({
      code: 43,
      message: 'Netzwerk nicht gefunden: kein Netzwerk mit dem Namen »lab«',
    }));
    const error: unknown = await to(daemon)
      .call('network.dump', { network: 'lab' })
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(OperationError);
    expect(error).toMatchObject({ code: 'NETWORK_NOT_FOUND', libvirtNumber: 43 });
  });

  it('is refused for a wrong password by the number of the error, in whatever language the daemon speaks', async () => {
    const daemon = await daemonOf((procedure) =>
      procedure === CALLS.AUTH_SASL_INIT.number
        ? body(CALLS.AUTH_SASL_INIT, { mechlist: 'PLAIN' })
        : { code: 45, message: 'Authentifizierung fehlgeschlagen' },
    );
    daemon.asksForAccount = true;
    const transport = to(daemon, { sasl: { user: 'alice', password: 'wrong' } });
    const refused = { code: 'LOGIN_FAILED', hint: expect.stringContaining('saslpasswd2') };
    await expect(transport.call('network.dump', dump)).rejects.toMatchObject(refused);
  });

  it.each([
    ['no socket', { path: '/nowhere/libvirt-sock' }, 'SOCKET_MISSING'],
    ['a program that does not exist', { command: ['/nowhere/ssh'] as const }, 'TOOL_MISSING'],
    [
      'a program that says why it fails',
      { command: ['sh', '-c', 'echo "ssh: connect to host kvm1 port 22: Connection refused" >&2; exit 255'] as const },
      'SSH_FAILED',
    ],
    ['a driver that runs in its client', { uri: 'test:///default' }, 'UNSUPPORTED'],
    ['a URI without a driver', { uri: 'system' }, 'INVALID_ARGUMENT'],
  ] satisfies [string, SocketOptions, string][])('with %s fails with a code of its own', async (_, options, code) => {
    const call = async () => {
      const transport = socket({ timeoutMs: 5000, ...options });
      return transport.call('network.list', {}).finally(() => transport.close());
    };
    await expect(call()).rejects.toMatchObject({ code });
  });

  it('shows the words of the daemon without blanks at their end, as virsh does', async () => {
    const words = 'internal error: range 10.250.0.140 - 10.250.0.130 is reversed';
    const daemon = await daemonOf(() => ({ code: 1, message: `${words} ` }));
    await expect(to(daemon).call('network.dump', dump)).rejects.toMatchObject({ libvirtMessage: words });
  });

  it('ends a stream of events at once with an abort, although the daemon does not answer', async () => {
    const daemon = await daemonOf(() => undefined);
    const stop = new AbortController();
    const events = to(daemon).events({ signal: stop.signal })[Symbol.asyncIterator]();
    const next = events.next();
    await expect.poll(() => daemon.asked.length).toBe(1);
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(next).rejects.toBe(reason);
  });

  it.each([
    ['a time of', { timeoutMs: Number.NaN }],
    ['no time at', { timeoutMs: 0 }],
    ['an empty', { uri: '' }],
    ['a line break in the', { path: '/run/a\nb' }],
  ] satisfies [string, SocketOptions][])('refuses %s %j', (_, options) => {
    expect(() => socket(options)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('cannot be opened to a daemon that says nothing: the error says so in time, and the next call tries again', async () => {
    const daemon = await daemonOf(answers);
    daemon.isMute = true;
    const transport = to(daemon, { timeoutMs: 300 });
    const error: unknown = await transport.call('network.dump', dump, { timeoutMs: 5000 }).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', message: expect.stringContaining('within 300 ms') });
    daemon.isMute = false;
    await expect(transport.call('network.dump', dump)).resolves.toBe('<network/>');
  });

  it('opens a tunnel through a program, whose words explain its end', async () => {
    const command = ['sh', '-c', 'echo "Host key verification failed." >&2; exit 255'] as const;
    const transport = socket({ uri: 'qemu+ssh://kvm1/system', command, timeoutMs: 5000 });
    const error: unknown = await transport.call('network.list', {}).catch((reason) => reason);
    await transport.close();
    expect(String(error)).toContain('Host key verification failed.');
  });
});
