import { NatNetwork } from 'libvirt-network';
import {
  explainFlow,
  type FlowPacket,
  type HostFirewall,
  readHostFirewall,
  type Topology,
} from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { readNftRule } from '../../src/preview/firewall-model/nft-statement.js';

const lab = NatNetwork.create('lab')
  .bridge('virbr0')
  .subnet('192.168.122.1/24', (subnet) => subnet.dhcp('192.168.122.100', '192.168.122.199'));
const out: FlowPacket = { from: 'lab-a', to: 'outside', protocol: 'tcp', port: 443 };
const dhcp: FlowPacket = { from: 'lab-a', to: 'host', protocol: 'dhcp' };

/** The tables that libvirt's nftables backend makes for IPv4, as nft lists them. */
const LIBVIRT = `table ip libvirt_network {
	chain forward {
		type filter hook forward priority filter; policy accept;
		counter packets 4 bytes 240 jump guest_cross
		counter packets 4 bytes 240 jump guest_input
		counter packets 4 bytes 240 jump guest_output
	}
	chain guest_output {
		ip saddr 192.168.122.0/24 iif "virbr0" counter packets 2 bytes 120 accept
		iif "virbr0" counter packets 0 bytes 0 reject
	}
	chain guest_input {
		oif "virbr0" ip daddr 192.168.122.0/24 ct state established,related counter packets 2 bytes 120 accept
		oif "virbr0" counter packets 0 bytes 0 reject
	}
	chain guest_cross {
		iif "virbr0" oif "virbr0" counter packets 0 bytes 0 accept
	}
	chain guest_nat {
		type nat hook postrouting priority srcnat; policy accept;
		ip saddr 192.168.122.0/24 ip daddr != 192.168.122.0/24 counter packets 1 bytes 60 masquerade
	}
}
`;

const chain = (base: string, ...rules: readonly string[]): string =>
  `table inet lab {\n\tchain own {\n\t\ttype filter hook ${base}\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n}\n`;

const flowOf = (firewall: HostFirewall, packet: FlowPacket) => {
  const topology: Topology = { backend: 'nftables', networks: [lab], firewall };
  return explainFlow(topology, packet);
};

const verdictBeside = (others: string, packet: FlowPacket): string => {
  const { verdict, rule = '' } = flowOf(readHostFirewall({ nft: LIBVIRT + others }), packet);
  return `${verdict} ${rule}`.trim();
};

describe('the packet filters of a host in one model', () => {
  it('let a packet through that every chain of a hook accepts', () => {
    expect(verdictBeside('', out)).toBe('delivered');
    expect(verdictBeside(chain('forward priority filter; policy accept;'), out)).toBe('delivered');
  });

  it('drop what one chain drops, whoever accepts it in another table', () => {
    const policy = 'policy drop of chain own in table inet lab';
    for (const priority of ['filter', 'filter - 10', 'filter + 10']) {
      const before = chain(`forward priority ${priority}; policy drop;`);
      expect(verdictBeside(before, out)).toBe(`timeout ${policy}`);
    }
    const accepts = chain('forward priority filter - 10; policy accept;', 'oifname "virbr0" accept');
    const inward = verdictBeside(accepts, { from: 'outside', to: 'lab-a' });
    expect(inward).toBe('rejected ip libvirt_network guest_input: oif "virbr0" counter reject');
  });

  it('decide about packets to the host, from it, and before its routes', () => {
    const input = chain('input priority filter; policy drop;', 'ct state established,related accept');
    expect(verdictBeside(input, dhcp)).toBe('timeout policy drop of chain own in table inet lab');
    const opened = chain('input priority filter; policy drop;', 'iifname "virbr*" udp dport { 53, 67 } accept');
    expect(verdictBeside(opened, dhcp)).toBe('delivered');
    const output = chain('output priority filter; policy accept;', 'udp sport 67 drop');
    expect(verdictBeside(output, dhcp)).toBe('timeout inet lab own: udp sport 67 drop');
    const early = chain('prerouting priority raw; policy accept;', 'ip saddr 192.168.122.0/24 tcp dport 443 drop');
    expect(verdictBeside(early, out)).toContain('tcp dport 443 drop');
  });

  it('go through jumps, returns and verdict maps', () => {
    const jumps = `table inet lab {
	map verdicts {
		type inet_service : verdict
		elements = { 22 : drop,
			     443 : jump web }
	}
	chain own {
		type filter hook forward priority filter; policy accept;
		tcp dport vmap @verdicts
		tcp dport 443 drop
	}
	chain web {
		ip saddr != 192.168.122.0/24 return
		goto last
	}
	chain last {
		ct state new accept
	}
}
`;
    expect(verdictBeside(jumps, out)).toBe('delivered');
    expect(verdictBeside(jumps.replace('!= 192', '192'), out)).toBe('timeout inet lab own: tcp dport 443 drop');
    expect(verdictBeside(jumps, { ...out, port: 22 })).toBe('timeout inet lab own: tcp dport vmap @verdicts');
  });

  it('say that it depends, where a rule asks for more than is known and decides', () => {
    const rate = chain(
      'forward priority filter; policy drop;',
      'limit rate 5/second accept',
      'ct state established accept',
    );
    expect(verdictBeside(rate, out)).toBe('depends inet lab own: limit rate 5/second accept');
    const harmless = chain(
      'forward priority filter; policy accept;',
      'limit rate 5/second accept',
      'limit rate 1/hour log',
    );
    expect(verdictBeside(harmless, out)).toBe('delivered');
    const unknown = chain('forward priority filter; policy accept;', 'meta skuid 0 drop', 'tcp dport 443 drop');
    expect(verdictBeside(unknown, { ...out, port: 80 })).toBe('depends inet lab own: meta skuid 0 drop');
    expect(verdictBeside(unknown, out)).toBe('timeout inet lab own: tcp dport 443 drop');
  });

  it('count as they are for the tables of old iptables, which nft does not show', () => {
    const iptablesLegacySave = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\nCOMMIT\n';
    const flow = flowOf(readHostFirewall({ nft: LIBVIRT, iptablesLegacySave }), out);
    expect(flow.rule).toBe('policy drop of chain FORWARD in table ip filter (iptables-legacy)');
    const asUsual = `# Generated by iptables-save v1.8.9 on Sat Nov 28 21:49:09 2026\n${iptablesLegacySave}`;
    expect(flowOf(readHostFirewall({ nft: LIBVIRT, iptablesSave: asUsual }), out).verdict).toBe('timeout');
  });

  it('have from iptables-save what nft does not print of a rule', () => {
    const [nft, iptablesSave] = [
      JSON.stringify({
        nftables: [
          {
            chain: {
              family: 'ip',
              table: 'filter',
              name: 'FORWARD',
              type: 'filter',
              hook: 'forward',
              prio: 0,
              policy: 'drop',
            },
          },
          {
            rule: {
              family: 'ip',
              table: 'filter',
              chain: 'FORWARD',
              expr: [
                { xt: { type: 'match', name: 'conntrack' } },
                { counter: { packets: 0, bytes: 0 } },
                { accept: null },
              ],
            },
          },
        ],
      }),
      '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT\nCOMMIT\n',
    ];
    expect(flowOf(readHostFirewall({ nft }), out).verdict).toBe('depends');
    expect(flowOf(readHostFirewall({ nft, iptablesSave }), out).verdict).toBe('delivered');
  });
});

describe("a rule in nftables' language", () => {
  const targetOf = (text: string): object | undefined => readNftRule(text, new Map())[0]?.target;

  it('translates to what it says', () => {
    expect(targetOf('tcp dport 80 dnat to 10.0.0.1:8080')).toEqual({
      type: 'dnat',
      address: '10.0.0.1',
      ports: { start: 8080, end: 8080 },
    });
    expect(targetOf('dnat to [fd00::1]:80')).toMatchObject({ address: 'fd00::1', ports: { start: 80 } });
    expect(targetOf('dnat ip to 10.0.0.1:tcp dport map { 80 : 90, 81 : 91 }')).toMatchObject({ shift: 10 });
    expect(targetOf('dnat to 10.0.0.1:tcp dport map { 80 : 90, 81 : 99 }')).toMatchObject({ type: 'unknown' });
    expect(targetOf('snat to 10.0.0.4/31')).toEqual({ type: 'snat', start: '10.0.0.4', end: '10.0.0.5' });
    expect(targetOf('ip saddr 10.0.0.0/8 snat to ip saddr')).toEqual({ type: 'snat' });
    expect(targetOf('queue num 0')).toMatchObject({ type: 'unknown' });
  });

  it('keeps as text what it does not know', () => {
    expect(readNftRule('ip saddr . tcp dport { 10.0.0.1 . 22 } accept', new Map())).toMatchObject([
      { match: [], unknown: ['ip saddr . tcp dport { 10.0.0.1 . 22 }'], target: { type: 'accept' } },
    ]);
    expect(readNftRule('ip saddr @gone drop', new Map())).toMatchObject([{ unknown: ['source ...'] }]);
  });

  it('read what nft leaves out of a state of iptables from iptables-save: firewalld lets answers in by it', () => {
    const input = (rule: string) =>
      `table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy drop;\n\t\t${rule}\n\t}\n}\n`;
    const nft = input('ct status dnat counter accept');
    const iptablesSave = `# Generated by iptables-save v1.8.9 (nf_tables) on Sun Nov 29 02:31:19 2026
*filter
:INPUT DROP [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED,DNAT -j ACCEPT
COMMIT
`;
    const ping: FlowPacket = { from: 'host', to: 'lab-a' };
    expect(flowOf(readHostFirewall({ nft }), ping).verdict).toBe('timeout');
    expect(flowOf(readHostFirewall({ nft, iptablesSave }), ping).verdict).toBe('delivered');
  });

  it('know the routing header that ufw drops', () => {
    const [rule] = readNftRule('rt type 0 counter drop', new Map());
    expect(rule?.unknown).toEqual([]);
    expect(rule?.match.map(({ field }) => field)).toEqual(['family', 'routingHeader']);
  });
});
