import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NatNetwork } from '../../src/index.js';
import { type Ovn as Cloud, ovn } from '../../src/ovn/index.js';
import { lab, type Ovn, type OvnGuest } from '../lab/index.js';
import { needs } from '../support/needs.js';

needs('Open vSwitch and OVN');

const LAB = NatNetwork.create('lab')
  .domain('lab.test')
  .mtu(1400)
  .subnet('172.30.0.1/24', (s) =>
    s.dhcp('172.30.0.100', '172.30.0.199').host({ mac: '52:54:00:00:00:01', ip: '172.30.0.11', name: 'db' }),
  )
  .forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: '172.30.0.11', port: 7777 } });

/** Asks again while the first packets of a way are lost. */
const until = (command: string): string => `for n in $(seq 20); do ${command} && exit; done; exit 1`;

/** Serves TCP: whoever connects is sent the connections that the server has. */
const serve = (guest: OvnGuest | undefined, port: number): void => {
  guest?.sh(`busybox nc -ll -p ${port} -e busybox netstat -tn </dev/null >/dev/null 2>&1 &`);
};

/** The address by which a guest is known where it connects to. */
const seenAt = (guest: OvnGuest, ip: string, port: number): string | undefined => {
  const printed = guest.sh(until(`sleep 1 | busybox nc -w 3 ${ip} ${port} | busybox grep ESTABLISHED`));
  return /(?:::ffff:)?([\d.]+):\d+\s+ESTABLISHED/.exec(printed)?.[1];
};

describe('a NAT network on two hosts', () => {
  let hosts: Ovn;
  let cloud: Cloud;
  let outside: OvnGuest;
  let guests: readonly OvnGuest[] = [];
  beforeAll(async () => {
    hosts = lab.ovn();
    outside = hosts.lan('h1', '198.51.100.2/24');
    cloud = ovn({
      northbound: hosts.northbound,
      outside: {
        physicalNetwork: 'lan',
        addresses: ['198.51.100.10/24'],
        gateways: ['198.51.100.2'],
        chassis: 'chassis1',
      },
    });
    await cloud.networks.ensure(LAB);
    const plugs = ['52:54:00:00:00:01', '52:54:00:00:00:02'].map(async (mac, i) => {
      const { id } = await cloud.networks.port('lab', { mac });
      return hosts.guest(`g${i + 1}`, { host: i === 0 ? 'h1' : 'h2', port: id, mac });
    });
    guests = await Promise.all(plugs);
    hosts.sync();
  });
  afterAll(async () => {
    await cloud.close();
    hosts.stop();
  });

  it('gives guests the reserved address and the first free one', () => {
    expect(guests.map((guest) => guest.lease())).toEqual([
      '172.30.0.11/24 from 172.30.0.1',
      '172.30.0.100/24 from 172.30.0.1',
    ]);
  });

  it('lets guests of different hosts reach each other, and find each other by name', () => {
    const [, second] = guests;
    second?.sh(until('busybox ping -c 1 -W 1 172.30.0.11 >/dev/null'));
    expect(second?.sh('busybox nslookup db.lab.test 172.30.0.1')).toContain('172.30.0.11');
  });

  it('lets guests of both hosts reach the outside, with the source address of the router', () => {
    serve(outside, 9000);
    expect(guests.map((guest) => seenAt(guest, '198.51.100.2', 9000))).toEqual(['198.51.100.10', '198.51.100.10']);
  });

  it('is closed from outside, but for its port forward', () => {
    outside.sh('ip route replace 172.30.0.0/24 via 198.51.100.10');
    serve(guests[0], 7777);
    expect(seenAt(outside, '198.51.100.10', 80)).toBe('198.51.100.2');
    expect(outside.sh('busybox ping -c 2 -W 1 172.30.0.100 >/dev/null && echo open || echo closed')).toBe('closed');
    serve(guests[0], 7000);
    expect(outside.sh('busybox nc -w 2 172.30.0.11 7000 </dev/null && echo open || echo closed')).toBe('closed');
  });

  it('has no row that OVN cannot parse', () => {
    expect([hosts.complaints('h1'), hosts.complaints('h2')]).toEqual(['', '']);
  });

  it('keeps its guests and their addresses through a change', async () => {
    await cloud.networks.ensure(LAB.withoutDhcpRange('172.30.0.100').mtu(1300));
    hosts.sync();
    const [, second] = guests;
    expect(second?.lease()).toBe('172.30.0.100/24 from 172.30.0.1');
    second?.sh(until('busybox ping -c 1 -W 1 172.30.0.11 >/dev/null'));
  });
});
