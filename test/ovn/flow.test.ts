import { describe, expect, it } from 'vitest';
import { BridgedNetwork, IsolatedNetwork, NatNetwork, RoutedNetwork } from '../../src/index.js';
import type { OvnOutside, OvnTopology } from '../../src/ovn/index.js';
import { renderFlowDiagram } from '../../src/pictures/index.js';
import { explainFlow, type FlowPacket, renderFlow } from '../../src/preview/index.js';
import { thrown } from '../support/caught.js';

const outside = (number: number, chassis: OvnOutside['chassis']): OvnOutside => ({
  physicalNetwork: 'lan',
  addresses: [`198.51.100.1${number}/24`],
  gateways: ['198.51.100.2'],
  chassis,
});

const lab = NatNetwork.create('lab')
  .domain('lab.test')
  .subnet('172.30.1.1/24', (s) =>
    s.dhcp('172.30.1.100', '172.30.1.199').host({ mac: '52:54:00:00:01:11', ip: '172.30.1.11', name: 'db', lease: 10 }),
  )
  .forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: '172.30.1.11', port: 7000 } });

const topology = {
  chassis: [
    { name: 'kvm1', address: '10.0.0.1' },
    { name: 'kvm2', address: '10.0.0.2' },
    { name: 'kvm3', encapsulation: 'vxlan' },
  ],
  networks: [
    { network: lab, outside: outside(1, 'kvm1') },
    { network: RoutedNetwork.create('open').subnet('172.30.2.1/24'), outside: outside(2, ['kvm2', 'kvm1', 'kvm3']) },
    { network: IsolatedNetwork.create('quiet').subnet('172.30.3.1/24', (s) => s.dhcp('172.30.3.9', '172.30.3.12')) },
  ],
  guests: [
    { name: 'web', network: 'lab', chassis: 'kvm1' },
    { name: 'db', network: 'lab', chassis: 'kvm2' },
    { name: 'mail', network: 'open', chassis: 'kvm3' },
    { name: 'vault', network: 'quiet', chassis: 'kvm1' },
    { name: 'spare', network: 'quiet' },
  ],
} as const satisfies OvnTopology;

const explained = (packet: FlowPacket, changes: Partial<OvnTopology> = {}) =>
  explainFlow({ ...topology, ...changes }, packet);
const stepsOf = (packet: FlowPacket, what: string) =>
  explained(packet).steps.flatMap((step) => (step.what === what ? [`${step.way} ${step.at}: ${step.text}`] : []));

describe('a packet on OVN', () => {
  it('goes to another host by a tunnel, which says between which addresses', () => {
    expect(explained({ from: 'web', to: 'db' })).toMatchObject({ verdict: 'delivered', sourceSeen: '172.30.1.100' });
    expect(stepsOf({ from: 'web', to: 'db' }, 'tunnel')).toEqual([
      'there kvm1: wraps it in geneve for kvm2, from 10.0.0.1 to 10.0.0.2',
      'back kvm2: wraps it in geneve for kvm1, from 10.0.0.2 to 10.0.0.1',
    ]);
  });

  it('goes through the host of a gateway router, or is routed where the guest is', () => {
    expect(stepsOf({ from: 'db', to: 'outside' }, 'tunnel')).toEqual([
      'there kvm2: wraps it in geneve for kvm1, from 10.0.0.2 to 10.0.0.1',
      'back kvm1: wraps it in geneve for kvm2, from 10.0.0.1 to 10.0.0.2',
    ]);
    expect(stepsOf({ from: 'mail', to: 'outside' }, 'route')[0]).toBe(
      'there lvn-open-router: routes it on kvm3 from open to lan',
    );
    expect(stepsOf({ from: 'mail', to: 'outside' }, 'tunnel')[0]).toBe('there kvm3: wraps it in vxlan for kvm2');
  });

  it('is rejected by the rule that closes a network with NAT, and let in by that of a port forward', () => {
    const closed = explained({ from: 'outside', to: 'db', protocol: 'tcp' });
    expect(closed).toMatchObject({ verdict: 'rejected', rule: expect.stringMatching(/^to-lport 900 \(.*\) reject$/) });
    const open = explained({ from: 'outside', to: '198.51.100.11', protocol: 'tcp' });
    expect(open).toMatchObject({ verdict: 'delivered', sourceSeen: '198.51.100.2' });
    expect(stepsOf({ from: 'outside', to: '198.51.100.11', protocol: 'tcp' }, 'translate')).toEqual([
      'there lvn-lab-router: the receiver becomes 172.30.1.11 port 7000: tcp 198.51.100.11:80 172.30.1.11:7000',
      "back lvn-lab-router: the answer's source becomes 198.51.100.11 again",
    ]);
  });

  it('comes back to a guest that asks for its own port outside, from an address that is not its own', () => {
    for (const chassis of ['kvm1', ['kvm1', 'kvm2', 'kvm3']]) {
      const networks = [{ network: lab, outside: outside(1, chassis) }];
      const guests = topology.guests.slice(0, 2);
      const flow = explained({ from: 'db', to: '198.51.100.11', protocol: 'tcp' }, { networks, guests });
      expect(flow).toMatchObject({ verdict: 'delivered', sourceSeen: '198.51.100.11' });
    }
  });

  it('does not arrive where somebody in the own network has the address of the receiver', () => {
    const quiet = ['one', 'two'].map((name) => ({
      network: IsolatedNetwork.create(name).subnet('172.30.3.1/24'),
    }));
    const guests = ['a', 'b'].map((name, i) => ({
      name,
      network: 'one',
      chassis: 'kvm1',
      addresses: [`172.30.3.${i + 8}`],
    }));
    const other = { name: 'far', network: 'two', chassis: 'kvm1', addresses: ['172.30.3.9'] };
    const flow = explained({ from: 'a', to: 'far' }, { networks: quiet, guests: [...guests, other] });
    expect(flow).toMatchObject({ verdict: 'timeout', reason: 'it goes to b, which has the address too' });
  });

  it('does not arrive where nobody is plugged in, nothing connects the network, or nobody knows the way', () => {
    expect(explained({ from: 'vault', to: 'spare' }).reason).toContain('spare is not plugged in');
    expect(explained({ from: 'spare', to: 'vault' })).toMatchObject({ verdict: 'timeout' });
    expect(explained({ from: 'vault', to: 'outside' }).verdict).toBe('no-route');
    const chassis = topology.chassis.slice(1);
    const guests = [{ name: 'db', network: 'lab', chassis: 'kvm2' }];
    expect(explained({ from: 'db', to: 'outside' }, { chassis, guests }).reason).toContain('chassis kvm1 is not');
    const { gateways: _, ...alone } = outside(1, 'kvm1');
    const networks = [{ network: lab, outside: alone }];
    const far = [{ physicalNetwork: 'lan', addresses: ['203.0.113.7/24'] }];
    const asked = { guests, networks, outside: far };
    expect(explained({ from: 'db', to: 'outside' }, asked).reason).toContain('outside.gateways names no next hop');
  });

  it('comes from outside to a routed guest only where there is a route', () => {
    const machine = { physicalNetwork: 'lan', addresses: ['198.51.100.2/24'] };
    const to = { from: 'outside', to: 'mail' };
    expect(explained(to, { outside: [machine] })).toMatchObject({ verdict: 'delivered', sourceSeen: '198.51.100.2' });
    expect(explained(to, { outside: [{ ...machine, routes: ['lab'] }] }).verdict).toBe('timeout');
  });

  it('is answered by OVN itself where it asks for an address or a name', () => {
    const ask = (packet: Omit<FlowPacket, 'to'>) => explained({ to: 'router', ...packet });
    expect(ask({ from: 'db', protocol: 'dhcp' }).reason).toContain('db gets 172.30.1.11');
    expect(ask({ from: 'mail', protocol: 'dhcp' }).verdict).toBe('timeout');
    expect(ask({ from: 'web', protocol: 'dns', name: 'DB.lab.test' }).verdict).toBe('delivered');
    expect(ask({ from: 'web', protocol: 'dns', name: 'example.com' }).verdict).toBe('timeout');
    expect(ask({ from: 'web', protocol: 'icmp' })).toMatchObject({ verdict: 'delivered' });
    expect(ask({ from: 'web', protocol: 'ra' }).verdict).toBe('timeout');
  });

  it('is rejected in silence where the router has no way back to the sender', () => {
    const { gateways: _, ...alone } = outside(1, 'kvm1');
    const far = [{ physicalNetwork: 'lan', addresses: ['203.0.113.7/24'] }];
    const flow = (way: OvnOutside) =>
      explained(
        { from: 'outside', to: 'web' },
        { networks: [{ network: lab, outside: way }], guests: topology.guests.slice(0, 2), outside: far },
      );
    expect(flow(outside(1, 'kvm1')).verdict).toBe('rejected');
    expect(flow(alone)).toMatchObject({ verdict: 'timeout', reason: expect.stringContaining('no route back') });
  });

  it('asks for no name where nobody has the address of the name server', () => {
    const quiet = IsolatedNetwork.create('other').subnet('172.30.4.1/24');
    const guests = [{ name: 'one', network: 'other', chassis: 'kvm1' }];
    const ask = { from: 'one', to: '172.30.4.1', protocol: 'dns', name: 'db' } as const;
    expect(explained(ask, { networks: [{ network: quiet }], guests }).verdict).toBe('rejected');
    const named = quiet.dnsHost({ ip: '172.30.4.9', hostnames: ['db'] });
    expect(explained(ask, { networks: [{ network: named }], guests }).verdict).toBe('delivered');
  });

  it('is shown as text and as a picture, with its routers and hosts', () => {
    const flow = explained({ from: 'web', to: 'db' });
    expect(renderFlow(flow)).toContain('-> kvm1  tunnel     wraps it in geneve for kvm2');
    const text = renderFlowDiagram(flow, { format: 'text' });
    expect(text).toContain('| tunnel |');
    expect(renderFlowDiagram(flow, { format: 'svg' })).toContain('tunnel');
    expect(renderFlowDiagram(flow, { format: 'svg', language: 'es' })).toContain('lo envuelve en geneve para kvm2');
    expect(renderFlowDiagram(JSON.parse(JSON.stringify(flow)), { format: 'text' })).toBe(text);
  });

  it('is shown in Spanish, all of its steps', () => {
    const packets: readonly FlowPacket[] = [
      { from: 'web', to: 'db' },
      { from: 'db', to: 'outside' },
      { from: 'mail', to: 'outside' },
      { from: 'outside', to: '198.51.100.11', protocol: 'tcp' },
      { from: 'web', to: 'router' },
      { from: 'web', to: 'mail' },
      { from: 'web', to: 'router', protocol: 'dhcp' },
      { from: 'web', to: 'router', protocol: 'dns', name: 'db' },
    ];
    for (const packet of packets) {
      const pictures = (['en', 'es'] as const).map((language) =>
        renderFlowDiagram(explained(packet), { format: 'svg', language }),
      );
      for (const { text } of explained(packet).steps) {
        const words = text.split(': ')[0]?.split(' ').slice(0, 2).join(' ') ?? '';
        expect(pictures[0]).toContain(words);
        expect(pictures[1], text).not.toContain(words);
      }
    }
  });
});

describe('a topology of OVN is refused', () => {
  const refused = (changes: object, packet: object = { from: 'web', to: 'db' }) =>
    thrown(() => explainFlow(Object.assign({}, topology, changes) as OvnTopology, packet as FlowPacket));

  it.each<[why: string, changes: object, message: string]>([
    ['with a network that is not there', { guests: [{ name: 'a', network: 'no' }] }, 'network "no"'],
    ['with a chassis that is not there', { guests: [{ name: 'a', network: 'lab', chassis: 'no' }] }, 'chassis "no"'],
    [
      'with two guests of a name',
      { guests: [topology.guests[0], topology.guests[0]] },
      'guest "web" is in the topology more than once',
    ],
    ['with two guests of a MAC address', { guests: twins({ mac: '52:54:00:00:00:01' }) }, '52:54:00:00:00:01'],
    ['with two guests of an address', { guests: twins({ addresses: ['172.30.1.9'] }) }, '172.30.1.9'],
    [
      'with a guest of the name outside',
      { guests: [{ name: 'outside', network: 'lab' }] },
      'guest "outside" has a name',
    ],
    ['with a number for a name', { guests: [{ name: 7, network: 'lab' }] }, 'guests[0].name must be a string'],
    [
      'with an address of another subnet',
      { guests: [{ name: 'a', network: 'lab', addresses: ['10.9.9.9'] }] },
      '10.9.9.9',
    ],
    [
      'with two addresses of one family',
      { guests: [{ name: 'a', network: 'lab', addresses: ['172.30.1.8', '172.30.1.9'] }] },
      'two addresses',
    ],
    [
      'with a text for a list of addresses',
      { guests: [{ name: 'a', network: 'lab', addresses: '172.30.1.8' }] },
      'must be an array',
    ],
    ['with a misspelled property', { guests: [{ name: 'a', network: 'lab', host: 'kvm1' }] }, "no option 'host'"],
    ['with another misspelled property', { guest: [] }, "no option 'guest'"],
    ['with a network in another form', { networks: [lab] }, 'has no option'],
    ['with something else than a network', { networks: [{ network: 'lab' }] }, 'networks[0].network is not a network'],
    ['with a text for the list of chassis', { chassis: 'kvm1' }, 'must be an array'],
    ['with chassis that are not said', { chassis: undefined }, 'chassis must be an array, not undefined'],
    ['with networks that are not said', { networks: undefined }, 'networks must be an array, not undefined'],
    ['with guests that are null', { guests: null }, 'guests must be an array, not null'],
    ['with a list for the way to wrap', { chassis: [{ name: 'a', encapsulation: ['geneve'] }] }, 'encapsulation'],
    ['with an object for the way to wrap', { chassis: [{ name: 'a', encapsulation: Object.create(null) }] }, "'{}'"],
    ['with a machine without addresses', { outside: [{ physicalNetwork: 'lan' }] }, 'outside[0].addresses must be'],
    ['without a way outside', { networks: [{ network: lab }], guests: [] }, 'nothing says how it reaches the outside'],
    [
      'with a machine without a prefix',
      { outside: [{ physicalNetwork: 'lan', addresses: ['198.51.100.2'] }] },
      'with a prefix',
    ],
    [
      'with a route to an unknown network',
      { outside: [{ physicalNetwork: 'lan', addresses: [], routes: ['no'] }] },
      '"no"',
    ],
  ])('%s', (_, changes, message) => {
    expect(refused(changes)).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) });
  });

  it('with a network that OVN cannot express', () => {
    const networks = [{ network: BridgedNetwork.create({ name: 'lab', bridge: 'br0' }) }];
    expect(refused({ networks, guests: [] })).toMatchObject({ code: 'OVN_FIELD_UNSUPPORTED' });
  });

  it.each<[packet: object, message: string]>([
    [{ from: 'nobody', to: 'web' }, "no 'nobody'"],
    [{ from: 'web', to: 'nobody' }, "no 'nobody'"],
    [{ from: 'web', to: 7 }, 'to must be a string'],
    [{ from: 'web', to: Object.create(null), protocol: 'dhcp' }, 'to must be a string'],
    [{ from: 'web', to: 'router', protocol: 'dns', name: 7 }, 'name must be a string'],
    [{ from: 'web', to: 'db', family: 'ipv5' }, "'ipv5' is not a known value of family"],
    [{ from: 'web', to: 'db', family: ['ipv4'] }, 'is not a known value of family'],
    [{ from: 'web', to: 'db', protocol: 'tcp', port: 65_536 }, "port is '65536'"],
    [{ from: 'web', to: 'db', protocol: 'tcp', port: '80' }, "port is '80'"],
    [{ from: 'web', to: 'db', protocol: Object.create(null) }, "protocol '{}'"],
    [{ from: 'router', to: 'web' }, "no 'router'"],
    [{ from: 'outside', to: 'router' }, 'any of several'],
    [{ from: 'web', to: 'db', protocol: 'http' }, "protocol 'http'"],
    [{ from: 'web', to: 'db', ports: 1 }, "no option 'ports'"],
  ])('for the packet %j', (packet, message) => {
    expect(refused({}, packet)).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) });
  });
});

/** Two guests with the same of something. */
function twins(same: object): readonly object[] {
  return ['one', 'two'].map((name) => ({ name, network: 'lab', ...same }));
}
