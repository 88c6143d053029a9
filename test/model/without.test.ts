import { readFileSync } from 'node:fs';
import { DirectNetwork, DirectNic, HostBridge, NatNetwork } from 'libvirt-network';
import { describe, expect, it } from 'vitest';

const empty = NatNetwork.create('lab').bridge('virbr9');
const lab = empty.subnet('192.168.50.1/24');
const lan = HostBridge.create('br0');

type Change<T> = (value: T) => T;

/** Each method that adds to a list, twice with different entries, and what takes the first entry away again. */
const NETWORKS: Readonly<
  Record<string, readonly [add: Change<NatNetwork>, other: Change<NatNetwork>, remove: Change<NatNetwork>]>
> = {
  portGroup: [(n) => n.portGroup({ name: 'a' }), (n) => n.portGroup({ name: 'b' }), (n) => n.withoutPortGroup('a')],
  withMetadata: [
    (n) => n.withMetadata({ type: 'element', name: 'a', attributes: { xmlns: 'urn:a' }, children: [] }),
    (n) => n.withMetadata({ type: 'element', name: 'b', attributes: { xmlns: 'urn:b' }, children: [] }),
    (n) => n.withoutMetadata('urn:a'),
  ],
  subnet: [(n) => n.subnet('10.0.0.0/24'), (n) => n.subnet('fd00::1/64'), (n) => n.withoutSubnet('10.0.0.0/24')],
  dnsForwarder: [
    (n) => n.dnsForwarder({ addr: '8.8.8.8' }),
    (n) => n.dnsForwarder({ domain: 'a.test', addr: '9.9.9.9' }),
    (n) => n.withoutDnsForwarder({ addr: '8.8.8.8' }),
  ],
  dnsTxt: [
    (n) => n.dnsTxt({ name: 'a', value: '1' }),
    (n) => n.dnsTxt({ name: 'b', value: '1' }),
    (n) => n.withoutDnsTxt('a'),
  ],
  dnsSrv: [
    (n) => n.dnsSrv({ service: 'a', protocol: 'tcp' }),
    (n) => n.dnsSrv({ service: 'a', protocol: 'udp' }),
    (n) => n.withoutDnsSrv({ service: 'a', protocol: 'tcp' }),
  ],
  dnsHost: [
    (n) => n.dnsHost({ ip: 'fd00::5', hostnames: ['a'] }),
    (n) => n.dnsHost({ ip: '192.168.50.6', hostnames: ['b'] }),
    (n) => n.withoutDnsHost('FD00:0::5'),
  ],
  route: [
    (n) => n.route({ to: '10.8.0.0/16', via: '192.168.50.2' }),
    (n) => n.route({ to: '10.8.0.0/17', via: '192.168.50.2' }),
    (n) => n.withoutRoute('10.8.0.0/16'),
  ],
  dnsmasqOption: [
    (n) => n.dnsmasqOption('dhcp-option=3'),
    (n) => n.dnsmasqOption('bogus-priv'),
    (n) => n.withoutDnsmasqOption('dhcp-option=3'),
  ],
  reserve: [
    (n) => n.reserve({ mac: '52:54:00:00:00:01', name: 'a', ip: '192.168.50.7' }),
    (n) => n.reserve({ mac: '52:54:00:00:00:02', ip: '192.168.50.8' }),
    (n) => n.withoutReservation({ mac: '52-54-00-00-00-01'.replaceAll('-', ':') }),
  ],
  forwardPort: [
    (n) => n.forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: '192.168.50.7' } }),
    (n) => n.forwardPort({ protocol: 'tcp', hostPort: 81, to: { ip: '192.168.50.7' } }),
    (n) => n.withoutPortForward(80),
  ],
  dhcp: [
    (n) => n.subnet('192.168.50.1/24', (s) => s.dhcp('192.168.50.10', '192.168.50.20')),
    (n) => n,
    (n) => n.withoutDhcpRange('192.168.50.10'),
  ],
  host: [
    (n) => n.subnet('192.168.50.1/24', (s) => s.host({ name: 'a', ip: '192.168.50.10' })),
    (n) => n,
    (n) => n.withoutReservation({ ip: '192.168.50.10' }),
  ],
};

const BRIDGES: Readonly<
  Record<string, readonly [add: Change<HostBridge>, other: Change<HostBridge>, remove: Change<HostBridge>]>
> = {
  port: [(b) => b.port('eno1'), (b) => b.port('eno2'), (b) => b.withoutPort('eno1')],
  bond: [
    (b) => b.bond('bond0', { devices: ['eno1'], mode: 'active-backup' }),
    (b) => b.port('eno2'),
    (b) => b.withoutPort('bond0'),
  ],
  vlanPort: [(b) => b.vlanPort('eno1', 5), (b) => b.port('eno2'), (b) => b.withoutPort('eno1.5')],
  vxlan: [(b) => b.vxlan(5, { remotes: ['10.0.0.2'] }), (b) => b.port('eno2'), (b) => b.withoutPort('vxlan5')],
  address: [(b) => b.address('10.0.0.1/24'), (b) => b.address('10.0.1.1/24'), (b) => b.withoutAddress('10.0.0.1/24')],
  route: [
    (b) => b.route('10.0.0.0/8', { via: '192.168.1.1' }),
    (b) => b.route('172.16.0.0/12', { via: '192.168.1.1' }),
    (b) => b.withoutRoute('10.0.0.0/8'),
  ],
};

describe('what a method adds to a list, another takes away', () => {
  it.each(Object.entries(NETWORKS))('%s of a network', (_, [add, other, remove]) => {
    expect(remove(add(lab)).document).toEqual(lab.document);
    expect(remove(lab).document).toEqual(lab.document);
    expect(remove(add(other(lab))).document).toEqual(other(lab).document);
    expect(remove(other(add(lab))).document).toEqual(other(lab).document);
  });

  it.each(Object.entries(BRIDGES))('%s of a host bridge', (_, [add, other, remove]) => {
    expect(remove(add(lan)).document).toEqual(remove(lan).document);
    expect(remove(add(other(lan))).document).toEqual(other(lan).document);
  });

  it('and every method that adds to a list is in one of the tables', () => {
    const sources = ['base', 'kinds/virtual-network', 'kinds/virtual-kinds', 'kinds/bridged-networks', 'subnet'];
    const adders = (file: string) =>
      readFileSync(file, 'utf8')
        .split(/^ {2}(?=[a-z]\w*[(<])/m)
        .filter((part) =>
          /putItem\(|\[\.\.\.itemsOf\(|\[\.\.\.this\.portForwards|\[\.\.\.outside\(|reserveAmong\(|#withPort\(\{/.test(
            part,
          ),
        )
        .map((part) => /^\w+/.exec(part)?.[0] ?? '');
    const found = sources.flatMap((name) => adders(`src/model/${name}.ts`));
    expect(found.filter((name) => !(name in NETWORKS))).toEqual([]);
    expect(found.length).toBeGreaterThan(10);
    // dns() replaces its list, and the method before a private one shares its text.
    const ofBridges = adders('src/host-bridge/host-bridge.ts').filter((name) => !['dns', 'withoutPort'].includes(name));
    expect(ofBridges.filter((name) => !(name in BRIDGES))).toEqual([]);
  });

  it('the last subnet too, and a subnet by the host’s own address', () => {
    expect(lab.withoutSubnet('192.168.50.1').document).toEqual(empty.document);
  });

  it('but nothing without a property that tells which', () => {
    for (const remove of [
      () => lab.withoutReservation({}),
      () => lab.withoutDnsSrv({}),
      () => lab.withoutDnsForwarder({}),
    ])
      expect(remove).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

describe('trustGuestRxFilters', () => {
  it('is written for a NIC and for a pool of devices', () => {
    const xml = DirectNic.create('eno1', { trustGuestRxFilters: true }).toXml();
    expect(xml).toContain("<interface type='direct' trustGuestRxFilters='yes'>");
    const pool = DirectNetwork.create({ name: 'a', mode: 'bridge', devices: ['e'], trustGuestRxFilters: true });
    expect(pool.toXml()).toContain("<network trustGuestRxFilters='yes'>");
    expect(pool.guestNic({ trustGuestRxFilters: false }).toXml()).toContain("trustGuestRxFilters='no'");
  });
});
