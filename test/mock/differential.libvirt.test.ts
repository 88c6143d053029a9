import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeaseRecord, Transport } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, runs } from '../support/random.js';
import { type Step, sequenceOf } from '../support/sequences.js';
import { TRANSPORTS } from '../support/transports.js';
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

/** Leases are in no particular order. */
const inOrder = (leases: readonly LeaseRecord[]) => leases.toSorted((a, b) => (a.address < b.address ? -1 : 1));

describe.each(RELEASES)('the mock and a real daemon of libvirt %s', (release) => {
  let daemon: Daemon;
  let twins: Twins;
  beforeAll(() => {
    daemon = startDaemon(release);
    twins = Twins.overVirsh(release, daemon);
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

  it.each(Object.entries(TRANSPORTS))('show the same leases over %s', async (_, transportTo) => {
    const real = transportTo(daemon);
    const mock = mockTransport({ libvirt: `${release}.0` });
    for (const transport of [real, mock]) await transport.call('network.create', { xml: LENDING });
    writeFileSync(join(daemon.dir, 'lib/dnsmasq/lendingbr.status'), JSON.stringify(LEASES.map(statusOf)));
    for (const lease of LEASES) mock.addLease('lending', lease);
    for (const mac of [undefined, '52:54:00:00:00:02', '52:54:0:0:0:2', '52:54:00:00:00:0F', 'zz']) {
      const ask = (transport: Transport) =>
        transport.call('network.leases', { network: 'lending', mac }).then(inOrder, ({ code, libvirtMessage }) => ({
          code,
          libvirtMessage,
        }));
      expect(await ask(mock)).toEqual(await ask(real));
    }
    await real.call('network.destroy', { network: 'lending' });
    await real.close();
  });

  it.each(Object.entries(TRANSPORTS))('tell of the same events over %s', async (name, transportTo) => {
    // virsh sets a title in each copy by a command of its own, and so does the mock.
    const [notes, notesOfMock] = release === '9.0' ? [0, 0] : [name === 'virsh' ? 4 : 3, 4];
    const real = transportTo(daemon);
    const theirs = await eventsOf(real, notes);
    await real.close();
    expect(theirs.lifecycle.length).toBeGreaterThan(5);
    expect(theirs.metadata).toEqual(Array(notes).fill('metadata-changed told'));
    const ours = await eventsOf(mockTransport({ libvirt: `${release}.0` }), notesOfMock);
    expect(ours.lifecycle).toEqual(theirs.lifecycle);
    expect(ours.metadata).toEqual(Array(notesOfMock).fill('metadata-changed told'));
  });

  it('do the same with any sequence of operations', { timeout: runs(3_600_000, 600_000) }, async () => {
    await sequences(release, twins, Math.ceil(runs(SEQUENCES, 60) / RELEASES.length));
  });

  it('do the same over the socket of the daemon', { timeout: runs(3_600_000, 600_000) }, async () => {
    // It is virsh that refuses what is newer, and by the socket the daemon does.
    const isKnown = ({ operation }: Step) => release !== '9.0' || !/^(?:metadata|text)\./.test(operation);
    // virsh sets a text of both copies by two commands, of which the second can fail alone; the daemon sets both or none.
    const isOneCall = ({ operation, input }: Step) =>
      operation !== 'text.set' || !('live' in input && input.live && input.config);
    const isAlike = (step: Step) => isKnown(step) && isOneCall(step);
    const overSocket = Twins.overSocket(release, daemon);
    await sequences(`${release} over its socket`, overSocket, runs(1000, 20), isAlike).finally(() =>
      overSocket.close(),
    );
  });

  /** Compares random sequences, and shows the shortest ones by which mock and daemon differ. */
  async function sequences(label: string, pair: Twins, count: number, isFor = (_: Step) => true): Promise<void> {
    const random = announce(`sequences of ${LENGTH} operations on ${label}`, count);
    const differences: string[] = [];
    let done = 0;
    while (done < count && differences.length < MOST) {
      done++;
      const steps = sequenceOf(random, LENGTH, release !== '9.0').filter(isFor);
      if ((await pair.compare(steps)) === undefined) continue;
      differences.push(await pair.shortest(steps));
      console.log(`sequence ${done}:\n${differences.at(-1)}`);
    }
    console.log(`libvirt ${label}: ${done} sequences, ${differences.length} divergences`);
    expect(differences.join('\n\n')).toBe('');
  }
});
