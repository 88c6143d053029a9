import { judge } from 'libvirt-network/doctor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { DoctorHost } from './doctor-host.js';
import { HEALTHY } from './recipes/healthy.js';

needs('daemon 9.0', 'daemon 12.9');

const only = process.env['RECIPE'];
const TARGETS = ['nat', 'route', 'nat2', { guest: 'g1' }, { guest: 'g2' }];

describe.each(thinned('releases with healthy hosts', ['9.0', '12.9'] as const, 2))(
  'healthy hosts with libvirt %s',
  (release) => {
    const chosen =
      only === undefined
        ? thinned(`healthy hosts with libvirt ${release}`, HEALTHY, 15)
        : HEALTHY.filter(({ name }) => new RegExp(only).test(name));
    let host: DoctorHost;
    beforeAll(() => {
      host = new DoctorHost(release);
    });
    afterAll(() => host.stop());

    it.each(chosen)('have no finding: $name', async ({ makes, unmakes }) => {
      host.run(makes);
      const evidence = await host.look().finally(() => host.run(unmakes));
      const found = TARGETS.flatMap((target) => judge(evidence, target).findings);
      expect(found.map(({ id, what }) => `${id}: ${what}`)).toEqual([]);
      expect(evidence.notSeen.filter(({ what }) => what !== 'guests')).toEqual([]);
    });
  },
);
