import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NatNetwork } from '../../src/index.js';
import { type Ovn as Cloud, type OvnTopology, ovn } from '../../src/ovn/index.js';
import { explainFlow } from '../../src/preview/index.js';
import { lab, type Ovn, type OvnGuest } from '../lab/index.js';
import { needs } from '../support/needs.js';

needs('Open vSwitch and OVN', 'python3');

const ALL = ['chassis1', 'chassis2', 'chassis3'];
const OUTSIDE = '198.51.100.2';

/** A network with a port forward to its guest on the first host. */
const networkOf = (number: number, mac: string) =>
  NatNetwork.create(`net${number}`)
    .mtu(1400)
    .subnet(`172.30.${number}.1/24`, (s) => s.host({ mac, ip: `172.30.${number}.11` }))
    .forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: `172.30.${number}.11`, port: 7777 } });

describe('a machine outside that has a route to a network with NAT', () => {
  let hosts: Ovn;
  let cloud: Cloud;
  let machine: OvnGuest;
  beforeAll(() => {
    hosts = lab.ovn({ hosts: 3 });
    machine = hosts.lan(['h1', 'h2', 'h3'], `${OUTSIDE}/24`);
    cloud = ovn({ northbound: hosts.northbound });
  }, 60_000);
  afterAll(async () => {
    await cloud.close();
    hosts.stop();
  });

  it.each([
    { number: 1, by: 'a gateway router', chassis: ['chassis2'], verdict: 'delivered' },
    { number: 2, by: 'a distributed router', chassis: ALL, verdict: 'timeout' },
  ])('reaches a forwarded port by the router’s address, and at the guest’s own by $by: $verdict', async (one) => {
    const { number, chassis, verdict } = one;
    const [mac, ip, own] = [`52:54:00:00:0${number}:01`, `172.30.${number}.11`, `198.51.100.1${number}`];
    const network = networkOf(number, mac);
    const outside = { physicalNetwork: 'lan', addresses: [`${own}/24`], gateways: [OUTSIDE], chassis };
    await cloud.networks.ensure(network, { outside });
    const { id } = await cloud.networks.port(network.name, { mac });
    const guest = hosts.guest(`g${number}`, { host: 'h1', port: id, mac });
    guest.sh(`ip addr add ${ip}/24 dev eth0; ip route add default via 172.30.${number}.1`);
    machine.sh(`ip route add 172.30.${number}.0/24 via ${own}`);
    hosts.sync();
    guest.serve();
    const probes = await machine.probes([`tcp ${own} 80`, `tcp ${ip} 7777`]);
    expect(probes.map(({ ok, error }) => (ok ? 'delivered' : error))).toEqual(['delivered', verdict]);
    const topology: OvnTopology = {
      chassis: ALL.map((name) => ({ name })),
      networks: [{ network, outside }],
      guests: [{ name: 'g', network: network.name, chassis: 'chassis1', mac }],
      outside: [{ physicalNetwork: 'lan', addresses: [`${OUTSIDE}/24`] }],
    };
    const flow = explainFlow(topology, { from: 'outside', to: 'g', protocol: 'tcp', port: 7777 });
    expect(flow.verdict).toBe(verdict);
  });
});
