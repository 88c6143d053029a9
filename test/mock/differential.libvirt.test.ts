import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, runs } from '../support/random.js';
import { sequenceOf } from '../support/sequences.js';
import { Twins } from '../support/twins.js';
import { FOUND, LINE_BREAKS, LINE_BREAKS_AT_START } from './differential-cases.js';
import { eventsOf } from './events-of.js';
import { LEASES, LENDING, statusOf } from './leases.js';

needs('daemon of every release');

const LENGTH = 12;
/** Over all releases. */
const SEQUENCES = 2000;
/** Divergences that are looked for before giving up. */
const MOST = Number(process.env['SHOW'] ?? 3);

describe.each(RELEASES)('the mock and a real daemon of libvirt %s', (release) => {
  let daemon: Daemon;
  let twins: Twins;
  beforeAll(() => {
    daemon = startDaemon(release);
    twins = new Twins(release, daemon);
  });
  afterAll(async () => {
    await twins.close();
    daemon.stop();
  });

  const cases = [
    ...FOUND,
    ...(release === '9.0' ? [] : LINE_BREAKS),
    ...(release === '12.9' ? LINE_BREAKS_AT_START : []),
  ];
  for (const [name, steps] of cases) {
    it(name, async () => {
      expect(await twins.compare(steps)).toBeUndefined();
    });
  }

  it('show the same leases', async () => {
    const real = virsh({ uri: daemon.uri, path: daemon.virsh });
    const mock = mockTransport({ libvirt: `${release}.0` });
    for (const transport of [real, mock]) await transport.call('network.create', { xml: LENDING });
    writeFileSync(join(daemon.dir, 'lib/dnsmasq/lendingbr.status'), JSON.stringify(LEASES.map(statusOf)));
    for (const lease of LEASES) mock.addLease('lending', lease);
    for (const mac of [undefined, '52:54:00:00:00:02', '52:54:0:0:0:2', '52:54:00:00:00:0F', 'zz']) {
      const ask = (transport: Transport) =>
        transport.call('network.leases', { network: 'lending', mac }).catch(({ code, libvirtMessage }) => ({
          code,
          libvirtMessage,
        }));
      expect(await ask(mock)).toEqual(await ask(real));
    }
    await real.call('network.destroy', { network: 'lending' });
  });

  it('tell of the same events', async () => {
    const metadata = release !== '9.0';
    const real = virsh({ uri: daemon.uri, path: daemon.virsh });
    const theirs = await eventsOf(real, metadata);
    expect(theirs.lifecycle.length).toBeGreaterThan(5);
    expect(theirs.metadata.length).toBe(metadata ? 4 : 0);
    expect(await eventsOf(mockTransport({ libvirt: `${release}.0` }), metadata)).toEqual(theirs);
  });

  it('do the same with any sequence of operations', { timeout: runs(3_600_000, 600_000) }, async () => {
    const count = Math.ceil(runs(SEQUENCES, 100) / RELEASES.length);
    const random = announce(`sequences of ${LENGTH} operations on ${release}`, count);
    const differences: string[] = [];
    let done = 0;
    while (done < count && differences.length < MOST) {
      done++;
      const steps = sequenceOf(random, LENGTH, release !== '9.0');
      if ((await twins.compare(steps)) === undefined) continue;
      differences.push(await twins.shortest(steps));
      console.log(`sequence ${done}:\n${differences.at(-1)}`);
    }
    console.log(`libvirt ${release}: ${done} sequences, ${differences.length} divergences`);
    expect(differences.join('\n\n')).toBe('');
  });
});
