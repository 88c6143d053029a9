import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ovn as Cloud, ovn } from '../../src/ovn/index.js';
import { lab, type Ovn, type OvnGuest } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, runs } from '../support/random.js';
import { addForeignRows, foreignRows } from './foreign-rows.js';
import { type Desired, randomEdit, randomNetwork } from './random-networks.js';

needs('Open vSwitch and OVN', 'python3');

const GUESTS = [
  { name: 'g1', host: 'h1', mac: '52:54:00:00:09:01', ip: '10.1.0.201' },
  { name: 'g2', host: 'h2', mac: '52:54:00:00:09:02', ip: '10.1.0.202' },
] as const;

/** Another guest, the router, and a machine outside. */
const TARGETS = ['10.1.0.202', '10.1.0.1', '198.51.100.2'] as const;

/** The LAN has the way to the network by one address of its router. */
const onTheLan = ({ network, outside }: Desired): Desired => ({
  network,
  outside: {
    ...outside,
    physicalNetwork: 'lan',
    vlan: undefined,
    addresses: ['198.51.100.10/24', '2001:db8:ffff::10/64'],
  },
});

describe('guests of a network on OVN that changes', () => {
  let hosts: Ovn;
  let cloud: Cloud;
  let guest: OvnGuest;
  beforeAll(async () => {
    hosts = lab.ovn();
    hosts
      .lan(['h1', 'h2'], '198.51.100.2/24')
      .sh('ip route add 10.1.0.0/24 via 198.51.100.10; ip route add default dev eth0');
    cloud = ovn({ northbound: hosts.northbound });
    await addForeignRows(cloud.northbound);
    // northd says of every port whether it is up, in a transaction of its own.
    hosts.nbctl('--timeout=20', 'wait-until', 'Logical_Switch_Port', 'neutron-port', 'up=false');
  }, 60_000);
  afterAll(async () => {
    await cloud.close();
    hosts.stop();
  });

  const reach = async ({ network, outside }: Desired) => {
    await cloud.networks.ensure(network, { outside });
    hosts.nbctl('--wait=hv', 'sync');
  };

  const answering = async () => {
    // The router may have another hardware address.
    guest.sh('ip neigh flush dev eth0');
    const probes = await guest.probes(
      TARGETS.map((target) => `ping ${target}`),
      2,
    );
    return TARGETS.filter((_, i) => probes[i]?.ok);
  };

  it('notice nothing where the plan says so, and nor do rows of others', {
    timeout: runs(1_200_000, 120_000),
  }, async () => {
    const count = runs(50, 3);
    const random = announce('changes of a network on OVN under running pings', count);
    const foreign = await foreignRows(cloud.northbound);
    expect(foreign.length).toBeGreaterThan(12);
    const first = onTheLan(randomNetwork('pair', random));
    await reach(first);
    for (const { name, host, mac, ip } of GUESTS) {
      const { id } = await cloud.networks.port('pair', { mac, ip });
      const plugged = hosts.guest(name, { host, port: id, mac });
      plugged.sh(`ip addr add ${ip}/24 dev eth0; ip route add default via 10.1.0.1`);
      if (ip === GUESTS[0].ip) guest = plugged;
    }
    hosts.sync();
    let live = 0;
    for (let i = 0, current = first; i < count; i++) {
      const desired = random.chance(0.7) ? randomEdit(current, random) : onTheLan(randomNetwork('pair', random));
      const targets = await answering();
      const { steps } = await cloud.networks.plan(desired.network, { outside: desired.outside });
      guest.beginPings(targets);
      await reach(desired);
      const pings = guest.endPings(targets);
      if (steps.every(({ effect }) => effect === 'live')) {
        const what = `from ${current.network.toXml()} to ${desired.network.toXml()}`;
        expect(
          pings.map(({ lost }) => lost),
          what,
        ).toEqual(targets.map(() => []));
        live++;
      }
      current = desired;
    }
    console.log(`${live} of them without an effect on guests`);
    expect(await foreignRows(cloud.northbound)).toEqual(foreign);
  });
});
