import { NatNetwork, RoutedNetwork } from 'libvirt-network';
import {
  type CheckOptions,
  checkFirewall,
  firewallBase,
  firewallRules,
  type HostFirewall,
  type NeededOpenings,
  openingsFor,
  readHostFirewall,
  renderIptablesSave,
  withOpenings,
} from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { thrown } from '../support/caught.js';

const LAB = NatNetwork.create('lab')
  .bridge('virbr0', { stp: false })
  .natIpv6()
  .subnet('192.168.122.1/24', (subnet) => subnet.dhcp('192.168.122.100', '192.168.122.199').tftp('/srv/tftp'))
  .subnet('fd00:122::1/64', (subnet) => subnet.dhcp('fd00:122::100', 'fd00:122::1ff'))
  .forwardPort({ protocol: 'tcp', hostPort: { start: 8080, end: 8083 }, to: { ip: '192.168.122.11', port: 80 } });
const ROUTED = RoutedNetwork.create('routed')
  .bridge('virbr1', { stp: false })
  .subnet('192.168.123.1/24')
  .subnet('2001:db8:123::1/64');

const NFTABLES: CheckOptions = {
  backend: 'nftables',
  outside: [
    {
      device: 'ext0',
      host: ['198.51.100.1/24', '2001:db8:ffff::1/64'],
      outside: ['198.51.100.2/24', '2001:db8:ffff::2/64'],
    },
  ],
};
const IPTABLES: CheckOptions = { ...NFTABLES, backend: 'iptables' };

/** What libvirt makes for a network, with other lines in the table `filter` before the jumps to its chains. */
const libvirtsSave = (network: NatNetwork | RoutedNetwork, others: string): string =>
  renderIptablesSave([
    ...firewallBase({ backend: 'iptables' }),
    ...firewallRules(network, { backend: 'iptables' }),
  ]).replace('-A FORWARD', `${others}-A FORWARD`);

/** The needs that a host lets down, by family. */
const lost = (network: NatNetwork | RoutedNetwork, firewall: HostFirewall, options: CheckOptions): string[] => [
  ...new Set(
    checkFirewall(network, firewall, options)
      .needs.filter(({ state }) => state !== 'met')
      .map(({ need, family }) => `${need} ${family}`),
  ),
];

/** Rules as `hook firewall: conditions`. */
const shown = ({ openings }: NeededOpenings): string[] =>
  openings.flatMap(({ firewall, rules }) =>
    rules.map(({ hook, family, place, port, ...rest }) => {
      const chain = place === undefined ? '' : ` ${place.chain}`;
      const ports = port === undefined ? {} : { port: port.start === port.end ? port.start : port };
      return `${firewall}${chain} ${JSON.stringify({ ...rest, ...ports })}`;
    }),
  );

/** A port forward as this library makes it. */
const DNAT = `table ip lvn {
	chain prerouting {
		type nat hook prerouting priority -101; policy accept;
		fib daddr type local tcp dport 8080 dnat to 192.168.122.11:80
	}
}
`;

const own = (policy: string, rules = ''): string => `table inet filter {
	chain input {
		type filter hook input priority filter; policy ${policy};
		${rules}
	}
	chain forward {
		type filter hook forward priority filter; policy ${policy};
		${rules}
	}
}`;

describe('the openings of a network in a table of the host', () => {
  const firewall = readHostFirewall({
    nft: DNAT + own('drop', 'ct state established,related accept\n\t\tmeta l4proto { icmp, ipv6-icmp } accept'),
  });

  it('are those of its needs, for its bridge alone', () => {
    expect(lost(LAB, firewall, NFTABLES)).not.toEqual([]);
    const needed = openingsFor(LAB, firewall, NFTABLES);
    expect(shown(needed)).toMatchInlineSnapshot(`
      [
        "nftables input {"in":"virbr0","protocol":"udp","port":67}",
        "nftables input {"in":"virbr0","protocol":"udp","port":53}",
        "nftables input {"in":"virbr0","protocol":"tcp","port":53}",
        "nftables input {"in":"virbr0","protocol":"udp","port":69}",
        "nftables forward {"in":"virbr0"}",
        "nftables forward {"out":"virbr0","protocol":"tcp","to":"192.168.122.11/32","forwarded":true,"port":{"start":80,"end":83}}",
        "nftables input {"in":"virbr0","protocol":"udp","port":547}",
        "nftables input {"in":"virbr0","protocol":"udp","port":53}",
        "nftables input {"in":"virbr0","protocol":"tcp","port":53}",
        "nftables forward {"in":"virbr0"}",
      ]
    `);
    expect(needed.closed).toEqual([]);
    expect(lost(LAB, withOpenings(firewall, needed.openings), NFTABLES)).toEqual([]);
  });

  it('let others in to guests of a routed network', () => {
    const needed = openingsFor(ROUTED, firewall, NFTABLES);
    expect(shown(needed)).toMatchInlineSnapshot(`
      [
        "nftables input {"in":"virbr1","protocol":"udp","port":53}",
        "nftables input {"in":"virbr1","protocol":"tcp","port":53}",
        "nftables forward {"in":"virbr1"}",
        "nftables forward {"out":"virbr1"}",
        "nftables input {"in":"virbr1","protocol":"udp","port":53}",
        "nftables input {"in":"virbr1","protocol":"tcp","port":53}",
        "nftables forward {"in":"virbr1"}",
        "nftables forward {"out":"virbr1"}",
      ]
    `);
    expect(lost(ROUTED, withOpenings(firewall, needed.openings), NFTABLES)).toEqual([]);
  });

  it('are none where nothing is lost', () => {
    const healthy = readHostFirewall({ nft: own('accept') });
    expect(openingsFor(LAB, healthy, NFTABLES)).toEqual({ openings: [], closed: [] });
  });
});

/** ufw's chains with what they hold after its installation, as iptables-save prints them. */
const ufw = (six: '' | '6'): string => {
  const [name, icmp] = six === '' ? ['ufw', '-p icmp -m icmp --icmp-type 8'] : ['ufw6', '-p ipv6-icmp'];
  const chains = ['before', 'user'].flatMap((part) =>
    ['input', 'forward', 'output'].map((hook) => `:${name}-${part}-${hook} - [0:0]`),
  );
  const rules = ['input', 'forward', 'output'].flatMap((hook) => [
    `-A ${hook.toUpperCase()} -j ${name}-before-${hook}`,
    `-A ${name}-before-${hook} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `-A ${name}-before-${hook} ${icmp} -j ACCEPT`,
    `-A ${name}-before-${hook} -j ${name}-user-${hook}`,
  ]);
  return `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
${[...chains, ...rules].join('\n')}
COMMIT
`;
};

const DOCKER = `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER-USER - [0:0]
:DOCKER-FORWARD - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER-FORWARD -i docker0 -j ACCEPT
COMMIT
`;

describe.each([
  {
    name: 'ufw',
    save: ufw(''),
    save6: ufw('6'),
    closed: ['port forward ipv4'],
    expected: [
      'ufw {"in":"virbr0","protocol":"udp","port":67}',
      'ufw {"in":"virbr0","protocol":"udp","port":53}',
      'ufw {"in":"virbr0","protocol":"tcp","port":53}',
      'ufw {"in":"virbr0","protocol":"udp","port":69}',
      'ufw {"in":"virbr0"}',
      'ufw {"in":"virbr0","protocol":"udp","port":547}',
      'ufw {"in":"virbr0","protocol":"udp","port":53}',
      'ufw {"in":"virbr0","protocol":"tcp","port":53}',
      'ufw {"in":"virbr0"}',
    ],
  },
  {
    name: 'docker',
    save: DOCKER,
    save6: DOCKER,
    closed: [],
    expected: [
      'docker {"in":"virbr0"}',
      'docker {"out":"virbr0","answers":true}',
      'docker {"in":"virbr0"}',
      'docker {"out":"virbr0","answers":true}',
    ],
  },
])('the openings of $name', ({ name, save, save6, expected, closed }) => {
  const firewall = readHostFirewall({ iptablesSave: save, ip6tablesSave: save6 });

  it('go where it lets others add rules, and restore what was lost', () => {
    const needed = openingsFor(LAB, firewall, NFTABLES);
    expect(shown(needed)).toEqual(expected);
    expect(needed.openings.map((one) => one.firewall)).toEqual([name]);
    // Nothing translates the ports of a forward that is not installed.
    const forwards = needed.closed.map(({ need, family }) => `${need} ${family}`);
    expect(lost(LAB, withOpenings(firewall, needed.openings), NFTABLES)).toEqual(forwards);
    expect(forwards).toEqual(closed);
  });
});

describe('an opening beside libvirt in one chain', () => {
  it('leaves the decision to libvirt, which keeps networks apart', () => {
    const firewall = readHostFirewall({ iptablesSave: libvirtsSave(LAB, '-A FORWARD -j REJECT\n') });
    expect(lost(LAB, firewall, IPTABLES)).toEqual(['out ipv4']);
    const needed = openingsFor(LAB, firewall, IPTABLES);
    expect(shown(needed)).toMatchInlineSnapshot(`
      [
        "iptables FORWARD {"in":"virbr0","decidedByLibvirt":true}",
        "iptables FORWARD {"out":"virbr0","answers":true,"decidedByLibvirt":true}",
      ]
    `);
    expect(lost(LAB, withOpenings(firewall, needed.openings), IPTABLES)).toEqual([]);
  });
});

describe('the openings of a network', () => {
  const firewall = readHostFirewall({ nft: own('drop') });

  it.each([undefined, {}, 'table ip t {}'])('are refused without the model of a firewall (%j)', (other) => {
    expect(thrown(() => openingsFor(LAB, other as unknown as HostFirewall, NFTABLES))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/openingsFor needs the firewall of a host/),
    });
  });

  it('are refused for a name, and for a backend that libvirt does not have', () => {
    expect(thrown(() => openingsFor('lab' as unknown as NatNetwork, firewall, NFTABLES))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'openingsFor needs a network, not string',
    });
    const options: CheckOptions = { backend: 'pf' as 'nftables' };
    expect(thrown(() => openingsFor(LAB, firewall, options))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
