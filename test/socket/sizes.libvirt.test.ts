import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SocketTransport, socket } from '../../src/socket/index.js';
import { printedMetadata, printedNetwork } from '../../src/socket/printed-size.js';
import { LIMITS } from '../../src/socket/wire/procedures.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { runs } from '../support/random.js';
import { run } from '../support/run.js';

needs('daemon 9.0', 'daemon 12.9');

/** Records on one line, each of which a daemon prints on a line of its own. */
const RECORDS = Array.from({ length: 500 }, (_, i) => `<txt name='r${i}' value='a "text"'/>`).join('');

/** A network that a daemon completes with a uuid and a MAC address. */
const large = (fill: number): string =>
  `<network><name>large</name><bridge name='large0'/><dns>${RECORDS}<txt name='fill' value='${'x'.repeat(fill)}'/></dns></network>`;

/** What surrounds the element in the text whose size {@link printedMetadata} returns. */
const EMPTY = '<network>\n</network>\n';

/** Networks that a daemon completes, each in its own way, and starts. */
const SMALL: readonly string[] = [
  "<forward/><ip address='10.99.0.1' prefix='24'><dhcp><range start='10.99.0.5' end='10.99.0.9'/></dhcp></ip>",
  "<!-- a remark --><forward mode='route'/><unknown/><ip family='ipv6' address='fd99::1' prefix='64'><dhcp><host name='a' ip='fd99::5'/></dhcp></ip>",
  "<bridge name='large0'/><mac address='52:54:00:12:34:56'/><domain name='lab'/>",
  "<forward mode='bridge'/><bridge name='br0'/>",
  `<bridge name='large0'/><metadata><m:a xmlns:m='urn:a' b='${'é€😀'.repeat(100)}'>é€</m:a></metadata>`,
];

/** The newest release alone, with the oldest under SOAK=1. */
const releases = (['12.9', '9.0'] as const).slice(0, runs(2, 1));

describe.each(releases)('a network that libvirt %s could take and never send', (release) => {
  let daemon: Daemon;
  let transport: SocketTransport;
  /** How long the value is with which the network is as large as a daemon can print. */
  let most: number;
  beforeAll(async () => {
    daemon = startDaemon(release);
    transport = socket({ uri: 'network:///system', path: join(daemon.dir, 'run/libvirt-sock') });
    await transport.call('network.define', { xml: large(1) });
    most = LIMITS.text - (await size()) + 1;
    await transport.call('network.undefine', { network: 'large' });
  });
  afterAll(async () => {
    await transport.close();
    daemon.stop();
  });

  const size = async (): Promise<number> =>
    Buffer.byteLength(await transport.call('network.dump', { network: 'large' }));
  const names = (): string => daemon.ask('net-list', '--all', '--name');
  const tooLarge = {
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/4,194,305 bytes, .*at most 4,194,304/),
    hint: expect.stringContaining('several networks'),
  };

  it('is taken, read and removed while it is just small enough', async () => {
    await transport.call('network.define', { xml: large(most) });
    expect(await size()).toBe(LIMITS.text);
    await transport.call('network.undefine', { network: 'large' });
    await transport.call('network.create', { xml: large(most) });
    expect(await size()).toBe(LIMITS.text);
    await transport.call('network.destroy', { network: 'large' });
    expect(names()).toBe('');
  });

  it('is known by the size that this daemon prints it with, while it runs', async () => {
    for (const parts of SMALL) {
      const xml = `<network><name>large</name>${parts}</network>`;
      await transport.call('network.create', { xml });
      expect({ xml, size: printedNetwork(xml) }).toEqual({ xml, size: await size() });
      await transport.call('network.destroy', { network: 'large' });
    }
  });

  it('is refused with one byte more, which the daemon itself would take', async () => {
    const xml = large(most + 1);
    expect(Buffer.byteLength(xml)).toBeLessThan(LIMITS.text);
    for (const operation of ['network.define', 'network.create'] as const)
      expect(await caught(transport.call(operation, { xml, name: 'large' }))).toMatchObject(tooLarge);
    expect(names()).toBe('');
    const file = join(daemon.dir, 'large.xml');
    writeFileSync(file, xml);
    daemon.ask('net-define', file);
    const { status, stderr } = run(daemon.virsh, ['-c', daemon.uri, 'net-dumpxml', 'large']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('encode message payload') });
    daemon.ask('net-undefine', 'large');
  });

  // Until 9.7, libvirt had neither for networks.
  if (release === '12.9')
    it('comes about by metadata or a title too, which are refused', async () => {
      const self = { network: 'large', live: false, config: true };
      await transport.call('network.define', { xml: large(1) });
      const before = await size();
      const element = { uri: 'urn:owner', key: 'o' };
      const xml = `<team>${"<a b='c'/>".repeat(1000)}</team>`;
      await transport.call('metadata.set', { ...self, ...element, xml });
      expect((await size()) - before).toBe(printedMetadata({ ...element, xml }) - EMPTY.length);
      const parts = '<a/>'.repeat(20_000);
      const growing = { ...self, uri: 'urn:owner', key: 'o'.repeat(250), xml: `<team>${parts}</team>` };
      await expect(transport.call('metadata.set', growing)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      const title = { ...self, kind: 'title', text: '&'.repeat(1_000_000) } as const;
      await expect(transport.call('text.set', title)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      await transport.call('network.undefine', { network: 'large' });
    });
});
