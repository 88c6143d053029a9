import {
  type BaseNetwork,
  LibvirtError,
  NatNetwork,
  Network,
  PORT_FORWARD_NAMESPACE,
  type PortForward,
  ValidationError,
} from 'libvirt-network';
import { portForwardCommands, portForwardHook, portForwardRuleset } from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { thrown } from '../support/caught.js';

const lab = NatNetwork.create('lab')
  .bridge('virbr10')
  .subnet('192.168.50.1/24', (subnet) => subnet.host({ mac: '52:54:00:00:00:01', ip: '192.168.50.10' }));
const web: PortForward = { protocol: 'tcp', hostPort: 80, to: { ip: '192.168.50.10', port: 8080 } };

const codes = (network: BaseNetwork): string[] => network.validate().map(({ code }) => code);

describe('port forwards', () => {
  it('are kept in the metadata, and come back from XML', () => {
    const forwards: readonly PortForward[] = [
      web,
      {
        protocol: 'udp',
        hostPort: { start: 5000, end: 5010 },
        hostAddress: '198.51.100.1',
        to: { ip: '192.168.50.10' },
      },
    ];
    const network = forwards.reduce((one, forward) => one.forwardPort(forward), lab);
    const read = Network.parse(network.toXml());
    expect(read instanceof NatNetwork && read.portForwards).toEqual(forwards);
    expect(read.equals(network)).toBe(true);
    expect(read.metadata(PORT_FORWARD_NAMESPACE)?.children).not.toHaveLength(0);
  });

  it('are taken away by port and protocol; without any left the metadata is as before', () => {
    const both = lab.forwardPort(web).forwardPort({ ...web, protocol: 'udp' });
    expect(both.withoutPortForward(80, 'udp').portForwards).toEqual([web]);
    expect(both.withoutPortForward(81).portForwards).toHaveLength(2);
    expect(both.withoutPortForward(80).equals(lab)).toBe(true);
  });

  it.each([
    ['no port', { ...web, hostPort: 0 }],
    ['a port above 65535', { ...web, hostPort: 65_536 }],
    ['half a port', { ...web, hostPort: 80.5 }],
    ['a range from high to low', { ...web, hostPort: { start: 90, end: 80 } }],
    [
      'a range that ends above 65535 at the guest',
      { ...web, hostPort: { start: 80, end: 90 }, to: { ip: '192.168.50.10', port: 65_530 } },
    ],
    ['a guest without an address', { ...web, to: { ip: 'web' } }],
    ['addresses of two families', { ...web, hostAddress: '2001:db8::1' }],
    ['all addresses by their number', { ...web, hostAddress: '0.0.0.0' }],
    ['a loopback address', { ...web, hostAddress: '127.0.0.1' }],
    ['a broadcast address', { ...web, hostAddress: '255.255.255.255' }],
    ['a multicast address', { ...web, hostAddress: '224.0.0.1' }],
    ['an injected address', { ...web, hostAddress: '1.2.3.4 -j ACCEPT' }],
  ])('with %s are refused at once', (_, forward) => {
    expect(thrown(() => lab.forwardPort(forward)).code).toBe('INVALID_ARGUMENT');
  });

  it('of a port that is forwarded already are refused at once', () => {
    const network = lab.forwardPort(web);
    expect(thrown(() => network.forwardPort({ ...web, hostPort: { start: 70, end: 90 } })).message).toContain(
      'already',
    );
    expect(network.forwardPort({ ...web, hostPort: 81 }).portForwards).toHaveLength(2);
    const near = { ...web, hostAddress: '198.51.100.1' };
    expect(lab.forwardPort(near).forwardPort({ ...near, hostAddress: '198.51.100.2' }).portForwards).toHaveLength(2);
  });

  it('are checked with the rest of the network', () => {
    expect(codes(lab.forwardPort(web))).toEqual([]);
    expect(codes(lab.forwardPort({ ...web, to: { ip: '192.168.60.10' } }))).toEqual(['PORT_FORWARD_TARGET']);
    expect(codes(lab.forwardPort({ ...web, to: { ip: '192.168.50.1' } }))).toContain('PORT_FORWARD_TARGET');
    expect(codes(lab.forwardPort({ ...web, hostPort: 53 }))).toEqual(['PORT_FORWARD_SERVICE']);
    expect(codes(lab.forwardPort({ ...web, hostPort: 53, hostAddress: '198.51.100.1' }))).toEqual([]);
    const dynamic = NatNetwork.create('d')
      .bridge('b')
      .subnet('10.0.0.1/24', (s) => s.dhcp('10.0.0.10', '10.0.0.20'));
    expect(codes(dynamic.forwardPort({ ...web, to: { ip: '10.0.0.15' } }))).toEqual(['PORT_FORWARD_UNRESERVED']);
  });

  it('written by somebody else are distinguished from right ones, and stop the rendering', () => {
    const forward = lab.forwardPort(web).toXml();
    const broken = (from: string, to: string): NatNetwork => {
      const network = Network.parse(forward.replace(from, to));
      if (!(network instanceof NatNetwork)) throw new Error('not a NAT network');
      return network;
    };
    expect(codes(broken('port="80"', 'port="http"'))).toEqual(['PORT_FORWARD_INVALID']);
    expect(codes(broken('protocol="tcp"', 'protocol="icmp"'))).toEqual(['PORT_FORWARD_INVALID']);
    expect(codes(broken('<pf:forward ', '<pf:backward '))).toEqual(['PORT_FORWARD_INVALID']);
    expect(codes(Network.parse(forward.replace("<forward mode='nat'/>", "<forward mode='route'/>")))).toEqual([
      'PORT_FORWARD_MODE',
    ]);
    const twice = forward.replace(/( *<pf:forward .*\n)/, '$1$1');
    expect(codes(Network.parse(twice))).toEqual(['PORT_FORWARD_DUPLICATE']);
    for (const network of [broken('port="80"', 'port="0"'), broken('192.168.50.10" toPort', '10.9.9.9" toPort')]) {
      const error = thrown(() => portForwardHook(network, { backend: 'iptables' }));
      expect(error).toBeInstanceOf(ValidationError);
    }
  });

  it('hold for the sources that they name, and are refused for what is not one', () => {
    const from = ['203.0.113.7', '10.0.0.0/8', '10.1.0.0/16'];
    const limited = lab.forwardPort({ ...web, from }).forwardPort({ ...web, hostPort: 81, from: '203.0.113.0/24' });
    expect(limited.portForwards.map((one) => one.from)).toEqual([from, '203.0.113.0/24']);
    const commands = portForwardCommands(limited).apply.map((words) => words.join(' '));
    const translations = commands.filter((line) => line.includes('--to-destination'));
    expect(translations.map((line) => / -s (\S+) /.exec(line)?.[1])).toEqual([
      '203.0.113.7/32',
      '10.0.0.0/8',
      '203.0.113.0/24',
    ]);
    expect(portForwardRuleset(limited)).toContain('ip saddr { 203.0.113.7/32, 10.0.0.0/8 } fib daddr type local');
    for (const wrong of [[], '', 'x', '10.0.0.1/33', ['fd00::1'], [''], [5], { a: 1 }])
      expect(() => lab.forwardPort({ ...web, from: wrong as never }), String(wrong)).toThrow(/from/);
  });

  it('of one port may lead to different guests for different sources', () => {
    const one = lab.forwardPort({ ...web, from: '10.0.0.0/8' });
    expect(one.forwardPort({ ...web, from: '203.0.113.7' }).portForwards).toHaveLength(2);
    for (const from of ['10.1.0.0/16', '0.0.0.0/0', undefined])
      expect(() => one.forwardPort({ ...web, ...(from === undefined ? {} : { from }) })).toThrow(/forwarded already/);
  });

  it('with an unknown attribute, element or text in the metadata are open to nobody', () => {
    for (const [before, after] of [
      ['port="80"', 'port="80" sourceIp="203.0.113.7"'],
      ['port="80"', 'port="80" FROM="203.0.113.7"'],
      ['/>', '><pf:from>203.0.113.7</pf:from></pf:forward>'],
      ['/>', '>203.0.113.7</pf:forward>'],
      ['<pf:portForwards', '<pf:portForwards from="203.0.113.7"'],
    ] as const) {
      const text = lab.forwardPort(web).toXml().replaceAll("'", '"');
      const at = before === '/>' ? text.indexOf('/>', text.indexOf('<pf:forward ')) : text.indexOf(before);
      const network = Network.parse(text.slice(0, at) + after + text.slice(at + before.length));
      expect(codes(network), after).toContain('PORT_FORWARD_INVALID');
      expect(() => portForwardHook(network as NatNetwork, { backend: 'iptables' })).toThrow(ValidationError);
    }
  });

  it('do not lead to the first and the last address of a subnet', () => {
    for (const ip of ['192.168.50.0', '192.168.50.255', '192.168.50.1'])
      expect(codes(lab.forwardPort({ ...web, to: { ip } })), ip).toContain('PORT_FORWARD_TARGET');
    const pair = NatNetwork.create('pair').bridge('virbr11').subnet('10.0.0.0/31');
    expect(codes(pair.forwardPort({ ...web, to: { ip: '10.0.0.1' } }))).not.toContain('PORT_FORWARD_TARGET');
  });

  it('of many ports that become others are a handful of rules, or are refused', () => {
    const many = lab.forwardPort({ ...web, hostPort: { start: 1000, end: 60_000 }, to: { ip: web.to.ip, port: 2000 } });
    expect(portForwardCommands(many).apply.length).toBeLessThan(20);
    const { file } = portForwardHook(many, { backend: 'iptables' });
    expect(file.content.length).toBeLessThan(20_000);
    expect(file.content).toContain('192.168.50.10:2000-61000/1000');
    for (const refused of [() => portForwardRuleset(many), () => portForwardHook(many, { backend: 'nftables' })])
      expect(refused).toThrow(/nftables cannot forward ports 1000-60000 to other ports of 192.168.50.10/);
    const some = lab.forwardPort({ ...web, hostPort: { start: 1000, end: 1999 }, to: { ip: web.to.ip, port: 2000 } });
    expect(portForwardRuleset(some)).toContain('1999 : 2999');
  });

  it('are printed in the words of iptables', () => {
    const { apply, remove } = portForwardCommands(lab.forwardPort({ ...web, hostAddress: '198.51.100.1' }));
    const lines = apply.map((words) => words.join(' '));
    expect(
      lines.some((line) =>
        /-d 198\.51\.100\.1 -p tcp --dport 80 -j DNAT --to-destination 192\.168\.50\.10:8080$/.test(line),
      ),
    ).toBe(true);
    expect(lines.at(-1)).toMatch(/^iptables -w -t filter -I FORWARD -j LVN_/);
    expect(remove.every((words) => ['-D', '-F', '-X'].includes(words[4] ?? ''))).toBe(true);
  });

  it('are printed as an nftables ruleset', () => {
    const ruleset = portForwardRuleset(lab.forwardPort(web));
    expect(ruleset).toContain('tcp dport 80 dnat to 192.168.50.10:8080');
    expect(ruleset).toContain('insert rule ip libvirt_network forward oifname "virbr10"');
  });

  it.each(["it's", '$(reboot)', 'a"b', '`x`', 'a b;c', '-n'])(
    'of a network named %s hold the name as plain text',
    (name) => {
      const { content } = portForwardHook(lab.named(name).forwardPort(web), { backend: 'iptables' }).file;
      const line = content.split('\n').find((one) => one.startsWith('[ "$1" = '));
      expect(line).toBe(`[ "$1" = ${/^[\w-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`} ] || exit 0`);
    },
  );

  it.each(['br;reboot', 'br"x', 'br x', 'br$x'])('over a bridge named %s are refused', (bridge) => {
    const network = lab.bridge(bridge).forwardPort(web);
    expect(thrown(() => portForwardHook(network, { backend: 'nftables' }))).toBeInstanceOf(LibvirtError);
  });
});
