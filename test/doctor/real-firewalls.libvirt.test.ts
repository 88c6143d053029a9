import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFirewalld } from '../support/firewalld.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { startUfw } from '../support/ufw.js';
import { DoctorHost } from './doctor-host.js';
import { FIREWALLD } from './recipes/firewalld.js';
import { named } from './verdict.js';

needs('daemon 9.0', 'daemon 12.9', 'other firewalls');

const only = process.env['RECIPE'];

/** 12.9, started again beside firewalld, leaves the bridges of networks that run in the default zone. */
const ZONES = ['', '--permanent '].flatMap((scope) => [
  ...['virbr0', 'virbr2'].map((bridge) => `firewall-cmd ${scope}--zone=libvirt --change-interface=${bridge}`),
  `firewall-cmd ${scope}--zone=libvirt-routed --change-interface=virbr1`,
]);

describe.each(thinned('hosts with firewalld', ['9.0', '12.9'] as const, 2))(
  'a host with firewalld and libvirt %s',
  (release) => {
    const chosen =
      only === undefined
        ? thinned('recipes for the doctor beside firewalld', FIREWALLD, 13)
        : FIREWALLD.filter(({ name }) => new RegExp(only).test(name));
    let host: DoctorHost;
    beforeAll(() => {
      host = new DoctorHost(release);
      startFirewalld(host.lab.daemon, 'nftables');
      if (release === '12.9') host.run(ZONES);
      host.lab.makeForwards();
    });
    afterAll(() => host.stop());

    it.each(chosen)('is diagnosed: $name', async (recipe) => {
      host.run(recipe.breaks);
      const diagnosis = await host.diagnose(recipe.target).finally(() => host.run(recipe.restores));
      const expected = recipe.expected[release === '9.0' ? 'iptables' : 'nftables'];
      expect(named(diagnosis, expected), JSON.stringify(diagnosis.findings, undefined, 1)).toEqual(expected);
      expect((await host.diagnose(recipe.target)).findings, 'after it was taken back').toEqual([]);
    });
  },
);

/** What guests of a network with NAT, a port forward and a routed network need of ufw. */
const OPENED = [
  ...['67 proto udp', '53', '547 proto udp', '69 proto udp'].map(
    (port) => `ufw allow in on virbr0 to any port ${port}`,
  ),
  'ufw route allow in on virbr0',
  'ufw route allow in on ext0 out on virbr0 to 192.168.122.11 port 7777 proto tcp',
];

describe.each(thinned('hosts with ufw', ['9.0', '12.9'] as const, 2))('a host with ufw and libvirt %s', (release) => {
  let host: DoctorHost;
  beforeAll(() => {
    host = new DoctorHost(release);
    startUfw(host.lab.daemon);
    host.lab.makeForwards();
  });
  afterAll(() => host.stop());

  it('is named where libvirt leaves the host to it, and not where what guests need is open', async () => {
    const [first] = (await host.diagnose('nat')).findings;
    expect(first && { id: first.id, owner: first.owner }).toEqual(
      release === '12.9' ? { id: 'filtered', owner: 'ufw' } : undefined,
    );
    host.run(OPENED);
    expect((await host.diagnose('nat')).findings).toEqual([]);
  });
});
