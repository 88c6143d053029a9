import { connect, type Host } from 'libvirt-network';
import { type Filters, filters } from 'libvirt-network/guests';
import { socket } from 'libvirt-network/socket';
import { mockTransport } from 'libvirt-network/testing';
import { virsh } from 'libvirt-network/virsh';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, RELEASES, type Release, startDaemon } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { runs } from '../support/random.js';
import { FILTER_CASES } from './filter-host-cases.js';

needs('daemon of every release');

/** The whole matrix takes long; the share of CI has each release and both ways. */
const isInShare = (release: Release, way: string): boolean =>
  runs(1, 0) === 1 || release === '9.0' || way === 'a socket';

describe.each(RELEASES)('filters of libvirt %s', (release) => {
  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon(release);
    // libvirt does not take a filter for used where the device is missing.
    daemon.inside('ip link add tnic0 type veth peer name tnic1');
  });
  afterAll(() => daemon.stop());

  const ways = [
    ['virsh', () => virsh({ uri: daemon.uriOf('qemu'), path: daemon.virsh })],
    ['a socket', () => socket({ uri: daemon.uriOf('qemu') })],
  ] as const;
  describe.each(ways.filter(([way]) => isInShare(release, way)))('over %s', (_, transport) => {
    let host: Host;
    beforeAll(() => {
      host = connect(transport());
    });
    afterAll(() => host.close());

    it.each(Object.entries(FILTER_CASES))('%s', (__, run) => run(filters(host)));

    it('those that libvirt installs are read and printed as they are, without a complaint', async () => {
      const all = await filters(host).list();
      expect(all.length).toBeGreaterThanOrEqual(24);
      for (const filter of all) {
        expect(filter.validate({ libvirt: `${release}.0` })).toEqual([]);
        expect(filter.toXml()).toBe(await transport().call('filter.dump', { filter: filter.name }));
      }
    });

    it('those that libvirt installs are in the mock of the release too', async () => {
      const mock = filters(connect(mockTransport({ libvirt: `${release}.0` })));
      const textsOf = async (from: Filters) =>
        new Map((await from.list()).map((one) => [one.name, one.toXml().replace(/ *<uuid>.*<\/uuid>\n/, '')]));
      expect(await textsOf(mock)).toEqual(await textsOf(filters(host)));
    });
  });

  it('are not there with a driver that has none', async () => {
    await using host = connect(virsh({ uri: 'test:///default', path: daemon.virsh }));
    expect(await caught(filters(host).names())).toMatchObject({
      code: 'UNSUPPORTED',
      hint: 'the driver of this URI has no filters: connect to qemu:///system',
    });
  });
});
