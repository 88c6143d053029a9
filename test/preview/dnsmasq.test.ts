import { IsolatedNetwork, NatNetwork, ValidationError } from 'libvirt-network';
import { dnsmasqConfig } from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';

const lab = NatNetwork.create('lab')
  .bridge('virbr10')
  .subnet('192.168.50.1/24', (subnet) => subnet.dhcp('192.168.50.100', '192.168.50.199'));
const linesOf = (network: Parameters<typeof dnsmasqConfig>[0]): string[] =>
  dnsmasqConfig(network)?.conf.split('\n') ?? [];

describe("dnsmasq's files", () => {
  it('are none where libvirt starts no dnsmasq', () => {
    expect(dnsmasqConfig(IsolatedNetwork.create('quiet', { hostAccess: false }).bridge('b'))).toBeUndefined();
    const silent = NatNetwork.create('silent').bridge('b').subnet('10.0.0.1/24').dns({ enable: false });
    expect(dnsmasqConfig(silent)).toBeUndefined();
  });

  it('keep guests of an isolated network from looking outside', () => {
    const lines = linesOf(IsolatedNetwork.create('lone').bridge('b').subnet('10.0.0.1/24'));
    expect(lines).toEqual(expect.arrayContaining(['dhcp-option=3', 'no-resolv', 'ra-param=*,0,0']));
  });

  it('say where names are looked up', () => {
    const lines = linesOf(lab.dnsForwarder({ addr: '192.0.2.1' }).dnsForwarder({ domain: 'corp.test' }));
    expect(lines).toEqual(expect.arrayContaining(['server=192.0.2.1', 'server=/corp.test/#', 'no-resolv']));
  });

  it('name reverse zones that stay inside', () => {
    const network = NatNetwork.create('n')
      .bridge('b')
      .subnet('10.1.2.1/24', (subnet) => subnet.localPtr())
      .subnet('fd00:1::1/64', (subnet) => subnet.localPtr());
    expect(linesOf(network)).toEqual(
      expect.arrayContaining(['local=/2.1.10.in-addr.arpa/', 'local=/0.0.0.0.0.0.0.0.1.0.0.0.0.0.d.f.ip6.arpa/']),
    );
  });

  it('merge the names of one address', () => {
    const network = lab
      .dnsHost({ ip: '10.0.0.1', hostnames: ['a', 'b'] })
      .dnsHost({ ip: '10.0.0.2', hostnames: ['c'] })
      .dnsHost({ ip: '10.0.0.1', hostnames: ['d'] });
    expect(dnsmasqConfig(network)?.addnhosts).toBe('10.0.0.1\ta\tb\td\t\n10.0.0.2\tc\t\n');
  });

  it.each([
    ['a name', lab.named('lab\nuser=root')],
    ['an option', lab.dnsmasqOption('no-ping\ndhcp-script=/tmp/x')],
    ['a domain', lab.domain('lab.test\ndhcp-script=/tmp/x')],
    ['a TXT record', lab.dnsTxt({ name: 'a', value: 'b\ndhcp-script=/tmp/x' })],
    ['an SRV record', lab.dnsSrv({ service: 'a', protocol: 'tcp', target: 'b\nc' })],
    ['a forwarder', lab.dnsForwarder({ domain: 'a\nb' })],
    ['a host', lab.dnsHost({ ip: '10.0.0.1', hostnames: ['a\nb'] })],
    ['a TFTP root', lab.subnet('192.168.50.1/24', (subnet) => subnet.tftp('/srv\nuser=root'))],
    ['a boot file', lab.subnet('192.168.50.1/24', (s) => s.dhcp('192.168.50.9', '192.168.50.10').bootp('a\nb'))],
    [
      'a reservation',
      lab.subnet('192.168.50.1/24', (s) => s.host({ mac: '52:54:00:00:00:01', ip: '192.168.50.2', name: 'a\nb' })),
    ],
  ])('hold no lines that %s brings', (_, network) => {
    expect(() => dnsmasqConfig(network)).toThrow(ValidationError);
  });
});
