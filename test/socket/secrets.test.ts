import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SocketOptions, socket } from '../../src/socket/index.js';
import { caught } from '../support/caught.js';
import { announce, type Random, runs } from '../support/random.js';
import { FakeDaemon } from './fake-daemon.js';

const LETTERS = [...'abcXYZ019-._~!$*+,;=:@%'];
const secretOf = (random: Random): string => `S${random.list(6, 20, () => random.pick(LETTERS)).join('')}S`;

/** Ways to fail with a secret in the options, each with words of a daemon or of a program that hold it too. */
const failures = (secret: string, daemon: FakeDaemon): readonly SocketOptions[] => {
  const coded = encodeURIComponent(secret);
  const says = (words: string) => ['sh', '-c', 'printf "%s\\n" "$0" >&2; exit 255', words] as const;
  return [
    { uri: `qemu+ssh://me:${coded}@host/system`, command: says(`me:${secret}@host: Permission denied (publickey).`) },
    { uri: `qemu+ssh://host/system?keyfile=/k/${coded}`, command: says(`Load key "/k/${secret}": bad permissions`) },
    { uri: `qemu+ssh://host/system?keyfile=/k/${coded}&command=/nowhere/ssh` },
    { uri: `qemu+ssh://host/system?command=/nowhere/${coded}` },
    { uri: `qemu+tls://127.0.0.1:1/system?pkipath=/pki/${coded}` },
    { uri: `qemu+tls://me:${coded}@127.0.0.1:1/system`, tls: { ca: secret, key: secret, cert: secret } },
    { path: daemon.path, sasl: { user: 'me', password: secret } },
    { uri: `qemu+libssh2://host/system?keyfile=/k/${coded}` },
    { uri: `no driver://me:${coded}@host` },
  ];
};

describe('no secret is shown', () => {
  let daemon: FakeDaemon;
  let said = '';
  beforeAll(async () => {
    daemon = await FakeDaemon.start(() => ({ code: 1, message: `internal error: ${said}` }));
  });
  afterAll(() => daemon.stop());

  /** What a caller can see of the failure. */
  async function seen(options: SocketOptions): Promise<readonly unknown[]> {
    const transport = await Promise.resolve()
      .then(() => socket({ timeoutMs: 5000, ...options }))
      .catch((error) => error);
    if (transport instanceof Error) return [transport];
    const calling = caught(transport.call('network.start', { network: 'a' }));
    const listening = caught(transport.events()[Symbol.asyncIterator]().next());
    const errors = await Promise.all([calling, listening]);
    await transport.close();
    return [...errors, transport, transport.label];
  }

  it('in messages, inspect, JSON and labels, whatever it looks like and whatever daemons and programs say', async () => {
    const count = runs(1000);
    const random = announce('secrets of sockets', count);
    for (let i = 0; i < count; i++) {
      const secret = secretOf(random);
      said = `password ${secret} in ${Buffer.from(secret).toString('base64')}`;
      for (const one of await seen(random.pick(failures(secret, daemon))))
        for (const text of [String(one), inspect(one, { depth: 9, showHidden: true }), JSON.stringify(one) ?? '']) {
          expect(text).not.toContain(secret);
          expect(text).not.toContain(encodeURIComponent(secret));
          expect(text).not.toContain(Buffer.from(secret).toString('base64'));
        }
    }
  });
});
