import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/index.js';
import { socket } from '../../src/socket/index.js';
import { CALLS } from '../../src/socket/wire/procedures.js';
import type { Operations } from '../../src/transport-entry.js';
import { caught } from '../support/caught.js';
import { body, FakeDaemon } from './fake-daemon.js';

const NETWORK = { name: 'lab', uuid: '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11' };
const MEBIBYTE = 2 ** 20;
const SELF = { network: 'lab', live: true, config: true };
/** Records of 837 bytes on one line, each of which a daemon prints on a line of its own. */
const RECORDS = `<txt name='a' value='${'x'.repeat(813)}'/>`.repeat(5000);

const documentOf = (inside: string): string => `<network><name>lab</name>${inside}</network>`;

type Call = { readonly [K in Operation]: readonly [K, Operations[K]['input']] }[Operation];

describe('what a daemon could never send', () => {
  const calls: readonly (readonly [what: string, call: Call])[] = [
    [
      'a definition that grows over 4 MiB by indentation',
      ['network.define', { xml: documentOf(`<dns>${RECORDS}</dns>`), name: 'lab' }],
    ],
    [
      'a network that grows over 4 MiB by escapes',
      ['network.create', { xml: documentOf(`<title>${"'".repeat(MEBIBYTE)}</title>`), name: 'lab' }],
    ],
    [
      'metadata that grows over 4 MiB by its prefix',
      ['metadata.set', { ...SELF, uri: 'urn:o', key: 'x'.repeat(400), xml: `<a>${'<b/>'.repeat(12_000)}</a>` }],
    ],
    ['a description that grows over 4 MiB', ['text.set', { ...SELF, kind: 'description', text: '"'.repeat(MEBIBYTE) }]],
    [
      'an entry of more than 4 MiB',
      [
        'network.update',
        {
          ...SELF,
          section: 'dns-txt',
          command: 'add-last',
          xml: `<txt name='a' value='${'x'.repeat(4 * MEBIBYTE)}'/>`,
        },
      ],
    ],
    [
      'a name of more than 4 MiB in characters of two bytes',
      ['network.start', { network: 'ä'.repeat(2 * MEBIBYTE + 1) }],
    ],
  ];

  it.each(calls)('is refused before anything is sent: %s', async (_, [operation, input]) => {
    const daemon = await FakeDaemon.start(() => undefined);
    const transport = socket({ uri: 'network:///system', path: daemon.path, timeoutMs: 20_000 });
    const error = await caught(transport.call(operation, input));
    await transport.close();
    await daemon.stop();
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/[\d,]+ bytes.*at most 4,194,304/),
      hint: expect.any(String),
      operation,
    });
    expect(daemon.connections).toBe(0);
  });
});

describe('what a daemon prints with less', () => {
  it.each([
    ['comments', `<!--${"'".repeat(3 * MEBIBYTE)}-->`],
    ['unknown elements', '<unknown/>'.repeat(70_000)],
  ])('is taken: %s', async (_, inside) => {
    const daemon = await FakeDaemon.start(() => body(CALLS.NETWORK_DEFINE_XML, { net: NETWORK }));
    const transport = socket({ uri: 'network:///system', path: daemon.path, timeoutMs: 20_000 });
    const defined = transport.call('network.define', { xml: documentOf(inside) });
    await expect(defined).resolves.toBeUndefined();
    await transport.close();
    await daemon.stop();
  });

  it('a text that cannot be read is left to libvirt, whose parser says what is wrong', async () => {
    const daemon = await FakeDaemon.start(() => ({ code: 27, message: 'XML error: unclosed' }));
    const transport = socket({ uri: 'network:///system', path: daemon.path, timeoutMs: 20_000 });
    const defined = transport.call('network.define', { xml: `<network>${' '.repeat(3 * MEBIBYTE)}` });
    await expect(defined).rejects.toMatchObject({ libvirtMessage: 'XML error: unclosed' });
    await transport.close();
    await daemon.stop();
  });
});
