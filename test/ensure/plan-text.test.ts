import { describe, expect, it } from 'vitest';
import { connect, formatPlan, IsolatedNetwork, NatNetwork, type SubnetBuilder } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';

const A = '52:54:00:00:00:0a';
const B = '52:54:00:00:00:0b';
const base = NatNetwork.create('lab')
  .bridge('virbr7')
  .subnet('10.7.0.1/24', (subnet) =>
    subnet.dhcp('10.7.0.100', '10.7.0.199').host({ mac: A, ip: '10.7.0.10', name: 'a' }),
  );

async function running() {
  const transport = mockTransport({ networks: [] });
  const { networks } = connect(transport);
  await networks.ensure(base, { running: true });
  return { transport, networks };
}

/** The network with other reservations. */
const reserving = (...hosts: readonly { mac: string; ip: string; name?: string; lease?: object }[]) =>
  base.with({
    ips: [
      {
        ...base.document.ips?.[0],
        address: '10.7.0.1',
        dhcp: { ranges: [{ start: '10.7.0.100', end: '10.7.0.199' }], hosts },
      },
    ],
  });

describe('the text of a plan', () => {
  it('shows subnet, bridge and DHCP of a new network', async () => {
    const { networks } = connect(mockTransport({ networks: [] }));
    const text = formatPlan(await networks.plan(base, { running: true }));
    for (const line of [
      'forward.mode: nat',
      'bridge.name: virbr7',
      'ips[0].address: 10.7.0.1',
      'ips[0].dhcp.ranges[0]: start=10.7.0.100 end=10.7.0.199',
      `ips[0].dhcp.hosts[0]: mac=${A} name=a ip=10.7.0.10`,
    ])
      expect(text).toContain(`  ${line}\n`);
  });

  it('shows each change as old and new, and no line more than once', async () => {
    const { networks } = await running();
    const other = base
      .mtu(9000)
      .domain('new.test')
      .dnsHost({ ip: '10.7.0.9', hostnames: ['x', 'y'] });
    const text = formatPlan(await networks.plan(other, { restart: 'always' }));
    expect(text).toContain('mtu: nothing → size=9000');
    expect(text).toContain('domain: nothing → name=new.test');
    const lines = text.split('\n').map((line) => line.trim());
    expect(lines.filter((line, i) => lines.indexOf(line) !== i)).toEqual([]);
  });

  it('gives the names of a DNS host and the time of a lease, and one reason for several steps', async () => {
    const { networks } = await running();
    const changed = reserving({ mac: A, ip: '10.7.0.10', name: 'a', lease: { expiry: 5, unit: 'hours' } }).dnsHost({
      ip: '10.7.0.9',
      hostnames: ['x', 'y'],
    });
    const text = formatPlan(await networks.plan(changed));
    expect(text).toContain(
      `live    change ip-dhcp-host mac=${A} name=a ip=10.7.0.10, lease.expiry nothing → 5, lease.unit nothing → hours`,
    );
    expect(text).toContain('live    add dns-host ip=10.7.0.9 hostname=x,y');
    expect(text.match(/in the running network/g)).toHaveLength(1);
  });

  it('names the guest whose address moves to another MAC address, and does not call that live', async () => {
    const { transport, networks } = await running();
    transport.addLease('lab', { mac: A, family: 'ipv4', address: '10.7.0.10', prefix: 24, hostname: 'holder' });
    const plan = await networks.plan(reserving({ mac: B, ip: '10.7.0.10' }));
    const step = plan.steps.find(({ effect }) => effect === 'address');
    expect(step).toMatchObject({
      why: expect.stringContaining(`takes 10.7.0.10 from ${A}`),
      guests: [{ mac: A, name: 'holder' }],
    });
    expect(formatPlan(plan)).toMatch(/ {2}address .*\n.*until it renews its lease\n.*- holder 52:54:00:00:00:0a/);
  });

  it.each([
    ['takes an address from a guest with a lease of it', B, `takes 10.7.0.120 from ${A}, which has a lease of it`],
    ['moves a guest from its lease', A, 'moves the guest from its lease of 10.7.0.120 to 10.7.0.9'],
  ])('names who has a lease where a new reservation %s', async (_, mac, why) => {
    const { transport, networks } = await running();
    await networks.ensure(reserving());
    transport.addLease('lab', { mac: A, family: 'ipv4', address: '10.7.0.120', prefix: 24, hostname: 'holder' });
    const { steps } = await networks.plan(reserving({ mac, ip: mac === A ? '10.7.0.9' : '10.7.0.120' }));
    expect(steps.filter(({ action }) => action === 'update')).toMatchObject([
      { effect: 'address', why: expect.stringContaining(why), guests: [{ mac: A, name: 'holder' }] },
    ]);
    const { steps: own } = await networks.plan(reserving({ mac: A, ip: '10.7.0.120' }));
    expect(own.filter(({ action }) => action === 'update')).toMatchObject([{ effect: 'live' }]);
  });

  it('knows a guest of IPv6 by its DUID, and one by its name', async () => {
    type Host = Parameters<SubnetBuilder['host']>[0];
    const six = (...hosts: readonly Host[]) =>
      base.subnet('2001:db8::1/64', (subnet) =>
        hosts.reduce<SubnetBuilder>((all, host) => all.host(host), subnet.dhcp('2001:db8::100', '2001:db8::1ff')),
      );
    const transport = mockTransport({ networks: [] });
    const { networks } = connect(transport);
    await networks.ensure(six(), { running: true });
    const lease = {
      family: 'ipv6',
      prefix: 128,
      hostname: 'holder',
      clientId: '00:03:00:01:52:54:00:00:00:0a',
    } as const;
    transport.addLease('lab', { ...lease, mac: A, address: '2001:db8::110' });
    const effects = async (host: Host) =>
      (await networks.plan(six(host))).steps.filter(({ action }) => action === 'update').map(({ effect }) => effect);
    expect(await effects({ id: '0:3:0:1:52:54:0:0:0:a', ip: '2001:db8::110' })).toEqual(['live']);
    expect(await effects({ id: '0:3:0:1:52:54:0:0:0:a', ip: '2001:db8::5' })).toEqual(['address']);
    expect(await effects({ id: '0:3:0:1:52:54:0:0:0:b', ip: '2001:db8::110' })).toEqual(['address']);
    expect(await effects({ name: 'holder', ip: '2001:db8::110' })).toEqual(['live']);
    expect(await effects({ name: 'other', ip: '2001:db8::110' })).toEqual(['address']);
  });

  it('names a guest that gets another address', async () => {
    const { networks } = await running();
    const { steps } = await networks.plan(reserving({ mac: A, ip: '10.7.0.11', name: 'a' }));
    expect(steps).toMatchObject([
      {
        effect: 'address',
        what: `change ip-dhcp-host mac=${A} name=a, ip 10.7.0.10 → 10.7.0.11`,
        guests: [{ mac: A }],
      },
    ]);
  });

  it('is one for many networks, removals first', async () => {
    const { networks } = await running();
    const plans = await networks.planAll(
      [IsolatedNetwork.create('new').bridge('virbr9'), base.copyAs('other').bridge('virbr8')],
      {
        absent: ['lab'],
      },
    );
    expect(formatPlan(plans).match(/^\w+: .*/gm)).toEqual(['lab: 2 steps', 'new: 1 step', 'other: 1 step']);
  });
});
