import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/errors/index.js';
import { type ExecRequest, type VirshTransport, virsh } from '../../src/virsh/index.js';
import { caught } from '../support/caught.js';
import { announce, type Random, runs } from '../support/random.js';

const LETTERS = [...'abcXYZ019-._~!$*+,;=:@%\'"'];
const secretOf = (random: Random): string => `S${random.list(6, 20, () => random.pick(LETTERS)).join('')}S`;

/** Where a secret can be given, and how it can come back in what virsh, ssh and libvirt print. */
const places = (secret: string) => ({
  uris: [
    `qemu+ssh://me:${encodeURIComponent(secret)}@host/system`,
    `qemu+ssh://me:${secret.replaceAll(/['"%]/g, '')}@host/system`,
    `qemu+ssh://host/system?keyfile=/keys/${encodeURIComponent(secret)}`,
    `qemu+tls://host/system?pkipath=/pki/${encodeURIComponent(secret)}&x=1`,
    `qemu+ext://host/system?command=/bin/${encodeURIComponent(secret)}`,
    'qemu:///system',
  ],
  words: (uri: string) => [
    `Cannot recv data: ${uri}: Connection reset by peer`,
    `something new about ${uri}`,
    `Cannot recv data: Load key "/keys/${secret}": Permission denied: Connection reset by peer`,
    `Cannot read CA certificate '/pki/${secret}/cacert.pem': No such file or directory`,
    `Failed to connect socket to '/run/${secret}': No such file or directory`,
    `Cannot recv data: TOKEN=${secret}: Connection reset by peer`,
  ],
});

const ended = async (transport: VirshTransport): Promise<unknown> => {
  const events = transport.events()[Symbol.asyncIterator]();
  return caught(events.next());
};

describe('no secret is shown', () => {
  it('in messages, inspect, JSON, labels and logs, whatever it looks like and whatever virsh says', async () => {
    const count = runs(1000);
    const random = announce('secrets', count);
    for (let i = 0; i < count; i++) {
      const secret = secretOf(random);
      const { uris, words } = places(secret);
      const uri = random.pick(uris);
      const stderr = `Warning: ${secret}\nerror: failed to connect to the hypervisor\nerror: ${random.pick(words(uri))}\n`;
      const log: string[] = [];
      const exec = async (_: ExecRequest) => ({ exitCode: 1, stdout: '', stderr });
      const transport = virsh({ uri, env: { TOKEN: secret }, exec, log: (line) => log.push(line) });
      const errors = [await caught(transport.call('network.start', { network: 'a' })), await ended(transport)];
      const shown = [
        ...errors.flatMap((error) => [
          String(error),
          inspect(error, { depth: 9, showHidden: true }),
          JSON.stringify(error),
        ]),
        inspect(transport, { depth: 9, showHidden: true }),
        JSON.stringify(transport),
        transport.label,
        ...log,
      ];
      for (const text of shown) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(encodeURIComponent(secret));
      }
    }
  });

  it('but the rest of a URI is', () => {
    expect(redact('qemu+ssh://me:secret@host/system?keyfile=/home/me/.ssh/id&x=1')).toBe(
      'qemu+ssh://***@host/system?keyfile=***&x=1',
    );
    expect(redact('qemu:///system')).toBe('qemu:///system');
  });

  it('and what is said after a URI that is redacted already', () => {
    const text = 'on qemu+ssh://***@host/system?keyfile=***: Connection refused';
    expect(redact(text)).toBe(text);
  });

  it('values that are known to be secret are taken out, longest first, and short ones are left', () => {
    expect(redact('hunter22 and hunter2 and it', ['hunter2', 'hunter22', 'it'])).toBe('*** and *** and it');
  });
});
