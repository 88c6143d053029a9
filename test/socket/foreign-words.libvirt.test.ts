import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, type Operation, OperationError } from '../../src/index.js';
import { type SocketTransport, socket } from '../../src/socket/index.js';
import type { Operations } from '../../src/transport-entry.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { Translator } from './translator.js';

needs('daemon 9.0', 'daemon 12.9');

type Call = { readonly [K in Operation]: readonly [K, Operations[K]['input']] }[Operation];

const BRIDGED = "<forward mode='bridge'/><bridge name='br0'/>";
const named = (name: string, inside = BRIDGED): string => `<network><name>${name}</name>${inside}</network>`;
const UUID = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';
const BRIEF = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a12';
const off = { network: 'off', name: 'off' };
const brief = { network: 'brief', name: 'brief' };
const live = { live: true, config: false };
const stored = { live: false, config: true };
const host = { section: 'dns-host', xml: "<host ip='10.0.0.1'><hostname>a</hostname></host>" } as const;

/** Calls that libvirt refuses, and the code of each; `off` is stored and stopped, `brief` runs and is not stored. */
const REFUSED: readonly (readonly [code: ErrorCode, ...call: Call])[] = [
  ['NETWORK_NOT_FOUND', 'network.lookup', { network: 'nowhere' }],
  ['NETWORK_ACTIVE', 'network.start', brief],
  ['NETWORK_ACTIVE', 'network.create', { xml: named('brief', `<uuid>${BRIEF}</uuid>${BRIDGED}`) }],
  ['NETWORK_EXISTS', 'network.create', { xml: named('brief') }],
  ['NETWORK_EXISTS', 'network.define', { xml: named('other', `<uuid>${BRIEF}</uuid>${BRIDGED}`) }],
  ['NETWORK_INACTIVE', 'network.destroy', off],
  ['NETWORK_INACTIVE', 'network.ports', off],
  ['NOT_FOUND', 'port.dump', { ...brief, port: UUID }],
  ['NETWORK_INACTIVE', 'network.update', { ...off, ...live, ...host, command: 'add-last' }],
  ['NETWORK_TRANSIENT', 'network.update', { ...brief, ...stored, ...host, command: 'add-last' }],
  ['NETWORK_TRANSIENT', 'network.undefine', brief],
  ['NETWORK_TRANSIENT', 'network.autostart', { ...brief, enabled: true }],
  ['NETWORK_EXISTS', 'network.define', { xml: named('off', `<uuid>${UUID}</uuid>${BRIDGED}`) }],
  ['BRIDGE_IN_USE', 'network.define', { xml: named('third', "<bridge name='words0'/>") }],
  [
    'LIBVIRT',
    'network.define',
    {
      xml: named(
        'third',
        "<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.9' end='10.0.0.2'/></dhcp></ip>",
      ),
    },
  ],
  ['UPDATE_REFUSED', 'network.update', { ...off, ...stored, ...host, command: 'delete' }],
  ['UPDATE_REFUSED', 'network.update', { ...off, ...stored, ...host, command: 'modify' }],
  ['UNSUPPORTED', 'interface.dump', { name: 'lo' }],
];

/** Refusals of operations that only some releases have. */
const LATER: Readonly<Record<string, typeof REFUSED>> = {
  '9.0': [['UNSUPPORTED', 'metadata.get', { ...off, uri: 'urn:o' }]],
  '12.9': [
    ['NETWORK_INACTIVE', 'text.set', { ...off, ...live, kind: 'title', text: 'a' }],
    ['NETWORK_TRANSIENT', 'metadata.set', { ...brief, ...stored, uri: 'urn:o', key: 'o', xml: '<a/>' }],
  ],
};

describe.each(['9.0', '12.9'] as const)('a daemon of libvirt %s that speaks another language', (release) => {
  let daemon: Daemon;
  let translator: Translator;
  let ways: readonly SocketTransport[];
  const to = (path: string, readOnly = false) => socket({ uri: 'network:///system', path, readOnly });
  beforeAll(async () => {
    daemon = startDaemon(release);
    const path = join(daemon.dir, 'run/libvirt-sock');
    translator = new Translator(path);
    await translator.start();
    ways = [to(path), to(translator.path)];
    await ways[0]?.call('network.define', { xml: named('off') });
    await ways[0]?.call('network.define', { xml: named('bridge', "<bridge name='words0'/>") });
    await ways[0]?.call('network.create', { xml: named('brief', `<uuid>${BRIEF}</uuid>${BRIDGED}`) });
  });
  afterAll(async () => {
    for (const way of ways) await way.close();
    await translator.stop();
    daemon.stop();
  });

  const calls = [...REFUSED, ...(LATER[release] ?? [])];
  it.each(calls.map((call) => [`${call[1]} with ${call[0]}`, call] as const))(
    'refuses %s',
    async (_, [code, operation, input]) => {
      const before = translator.replaced.length;
      const [english, foreign] = await Promise.all(ways.map((way) => caught(way.call(operation, input))));
      expect({ code, number: numberOf(english) }).toEqual({ code: codeOf(english), number: numberOf(foreign) });
      expect(codeOf(foreign)).toBe(code);
      expect(translator.replaced.length).toBeGreaterThan(before);
    },
  );

  it('refuses a change over a connection that only reads', async () => {
    const transport = to(translator.path, true);
    const error = await caught(transport.call('network.undefine', off));
    await transport.close();
    expect(codeOf(error)).toBe('READ_ONLY');
  });

  if (release === '9.0')
    it('refuses events of metadata', async () => {
      const events = ways[1]?.events({ metadata: true })[Symbol.asyncIterator]();
      expect(codeOf(await caught(events?.next() ?? Promise.resolve()))).toBe('UNSUPPORTED');
    });

  it('keeps its own words in the message', async () => {
    const error = await caught(ways[1]?.call('network.destroy', off) ?? Promise.resolve());
    expect(String(error)).toContain('das geht nicht');
  });
});

const codeOf = (error: unknown): unknown => (error instanceof OperationError ? error.code : error);
const numberOf = (error: unknown): unknown => (error instanceof OperationError ? error.libvirtNumber : error);
