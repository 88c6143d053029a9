import { join } from 'node:path';
import { it } from 'vitest';
import { BridgedNetwork, connect } from '../../src/index.js';
import { socket } from '../../src/socket/index.js';
import { startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';

needs('daemon 9.0');

/** Far longer than the test may take: only events end the waits. */
const RARELY = { everyMs: 600_000, timeoutMs: 30_000 };

it('what others do to a network ends waits over the socket with its event', async (test) => {
  const daemon = startDaemon('9.0');
  test.onTestFinished(() => daemon.stop());
  const transport = socket({ uri: 'network:///system', path: join(daemon.dir, 'run/libvirt-sock') });
  const host = connect(transport);
  test.onTestFinished(() => host.close());
  const lan = await host.networks.define(BridgedNetwork.create({ name: 'lan', bridge: 'br0' }));
  // The second round shows that the first one has left the connection as it was.
  for (let round = 0; round < 2; round++) {
    const active = lan.waitUntil('active', RARELY);
    const other = lan.waitUntil('active', RARELY);
    await lan.info(); // the first looks have been made by then
    daemon.ask('net-start', 'lan');
    await Promise.all([active, other]);
    const inactive = lan.waitUntil('inactive', RARELY);
    await lan.info();
    daemon.ask('net-destroy', 'lan');
    await inactive;
  }
  const gone = lan.waitUntil('gone', RARELY);
  await lan.info();
  daemon.ask('net-undefine', 'lan');
  await gone;
});
