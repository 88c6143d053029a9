import { NatNetwork } from 'libvirt-network';
import {
  type CheckOptions,
  checkFirewall,
  explainFlow,
  firewallBase,
  firewallRules,
  portForwardRuleset,
  type RuleStatus,
  reachability,
  readHostFirewall,
  readHostKernel,
  renderCommands,
  renderIptablesSave,
  renderNftRuleset,
} from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { thrown } from '../support/caught.js';

const lab = NatNetwork.create('lab').bridge('virbr10').subnet('192.168.50.1/24');
const iptables = { backend: 'iptables' } as const;
const saved = renderIptablesSave([...firewallBase(iptables), ...firewallRules(lab, iptables)]);

const statesOf = (dump: string): readonly RuleStatus[] =>
  checkFirewall(lab, readHostFirewall({ iptablesSave: dump }), iptables).rules;
const not = (states: readonly RuleStatus[], state: string) => states.filter((one) => one.state !== state);

describe("a network's rules in the firewall of a host", () => {
  it('are all present after a start', () => {
    expect(statesOf(saved).length).toBeGreaterThan(15);
    expect(not(statesOf(saved), 'present')).toEqual([]);
  });

  it('are missing after somebody flushed them', () => {
    const flushed = saved.replaceAll(/^-A LIBVIRT_FW.*\n/gm, '');
    const missing = not(statesOf(flushed), 'present');
    expect(missing.map(({ state, rule }) => `${state} ${rule.chain}`)).toEqual([
      ...Array(2).fill('missing LIBVIRT_FWO'),
      ...Array(2).fill('missing LIBVIRT_FWI'),
      'missing LIBVIRT_FWX',
    ]);
  });

  it('are shadowed by a rule that stands before the jump to them', () => {
    const dump = saved.replace('-A FORWARD -j LIBVIRT_FWX', '-A FORWARD -o virbr10 -j DROP\n-A FORWARD -j LIBVIRT_FWX');
    const shadowed = not(statesOf(dump), 'present');
    expect(shadowed.map(({ rule }) => rule.chain).sort()).toEqual(['LIBVIRT_FWI', 'LIBVIRT_FWI', 'LIBVIRT_FWX']);
    expect(shadowed[0]?.by).toBe('-A FORWARD -o virbr10 -j DROP');
  });

  it('are shadowed by what a chain before them decides, and not by what it only counts', () => {
    const chain = (target: string): string =>
      saved
        .replace(':LIBVIRT_FWI', ':DOCKER-USER - [0:0]\n:LIBVIRT_FWI')
        .replace(
          '-A FORWARD -j LIBVIRT_FWX',
          `-A FORWARD -j DOCKER-USER\n-A DOCKER-USER ${target}\n-A FORWARD -j LIBVIRT_FWX`,
        );
    expect(not(statesOf(chain('-j DROP')), 'present')).toHaveLength(5);
    expect(not(statesOf(chain('-j RETURN\n-A DOCKER-USER -j DROP')), 'present')).toEqual([]);
    expect(not(statesOf(chain('-s 10.0.0.0/8 -j DROP')), 'present')).toEqual([]);
    expect(not(statesOf(chain('-m comment --comment "a b" -j LOG')), 'present')).toEqual([]);
  });

  it('are shadowed by nothing that may match less than it seems', () => {
    const dump = saved.replace(
      '-A FORWARD -j LIBVIRT_FWX',
      '-A FORWARD -m mark --mark 0x1 -j DROP\n-A FORWARD -j LIBVIRT_FWX',
    );
    expect(not(statesOf(dump), 'present')).toEqual([]);
  });

  it('are dropped by the policy of another nftables table, as Docker sets it', () => {
    const options = { backend: 'nftables' } as const;
    const match = (left: object, right: unknown, op = '==') => ({ match: { op, left, right } });
    const chain = (table: string, name: string, rest: object = {}) => ({
      chain: { family: 'ip', table, name, ...rest },
    });
    const rule = (name: string, ...expr: object[]) => ({
      rule: { family: 'ip', table: 'libvirt_network', chain: name, expr },
    });
    const accept = rule(
      'guest_output',
      match({ payload: { protocol: 'ip', field: 'saddr' } }, { prefix: { addr: '192.168.50.0', len: 24 } }),
      match({ meta: { key: 'iif' } }, 'virbr10'),
      { counter: { packets: 0, bytes: 0 } },
      { accept: null },
    );
    const dump = (policy: string): string =>
      JSON.stringify({
        nftables: [
          chain('libvirt_network', 'forward', { type: 'filter', prio: 0, hook: 'forward', policy: 'accept' }),
          chain('libvirt_network', 'guest_output'),
          rule('forward', { jump: { target: 'guest_output' } }),
          accept,
          chain('filter', 'FORWARD', { type: 'filter', prio: 0, hook: 'forward', policy }),
        ],
      });
    const found = (policy: string) =>
      checkFirewall(lab, readHostFirewall({ nft: dump(policy) }), options).rules.filter(
        ({ state }) => state !== 'missing',
      );
    expect(found('drop').map(({ state, by }) => `${state}: ${by}`)).toEqual([
      'shadowed: policy drop of chain FORWARD in table ip filter',
    ]);
    expect(found('accept').map(({ state }) => state)).toEqual(['present']);
  });

  it('cannot be looked for in text that is not a dump', () => {
    expect(() => readHostFirewall({ iptablesSave: 'table ip filter {' })).toThrow(/line 1/);
    expect(() => readHostFirewall({ nft: saved })).toThrow(/not a ruleset of nft/);
    expect(() => readHostFirewall({ nft: '{"nftables": 1}' })).toThrow(/JSON form/);
    expect(() => readHostFirewall({})).toThrow(/no dump/);
  });

  it('of nftables are refused for releases that have no such backend', () => {
    expect(() => firewallRules(lab, { backend: 'nftables', libvirt: '10.3.0' })).toThrow(/no nftables backend/);
    expect(firewallRules(lab, { backend: 'nftables', libvirt: '10.4.0' })).not.toHaveLength(0);
  });

  it('are none for open networks, and none for those that only point at the host', () => {
    const text = renderNftRuleset(firewallRules(lab, { backend: 'nftables' }));
    expect(text).toContain('iif "virbr10" counter reject');
    expect(renderCommands([])).toBe('');
  });
});

describe('what guests need of the firewall of a host', () => {
  const served = NatNetwork.create('served')
    .bridge('virbr11')
    .subnet('192.168.51.1/24', (subnet) => subnet.dhcp('192.168.51.100', '192.168.51.199').tftp('/srv/tftp'))
    .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: '192.168.51.10', port: 80 } });
  const options = { backend: 'nftables' } as const;
  const own = renderNftRuleset([...firewallBase(options), ...firewallRules(served, options)]);
  const ruleset = own + portForwardRuleset(served).replaceAll(/^insert rule.*\n/gm, '');
  const opened = ruleset.replace(
    'policy accept;\n',
    'policy accept;\n\t\toifname "virbr11" ip daddr 192.168.51.10 tcp dport 80 ct status dnat counter accept\n',
  );
  const table = (hook: string, ...rules: readonly string[]): string =>
    `table inet lab {\n\tchain own {\n\t\ttype filter hook ${hook};\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n}\n`;
  const failing = (others: string, more: Partial<CheckOptions> = {}) =>
    checkFirewall(served, readHostFirewall({ nft: opened + others }), { ...options, ...more }).needs.flatMap((one) =>
      one.state === 'met' ? [] : `${one.need} ${one.protocol} ${one.state} at ${one.hook}: ${one.rule}`,
    );

  it('is all met beside nobody else', () => {
    expect(failing('')).toEqual([]);
    const { needs } = checkFirewall(served, readHostFirewall({ nft: opened }), options);
    expect(needs.map(({ need }) => need)).toEqual([
      ...['dhcp', 'dns', 'dns', 'names outside', 'tftp', 'gateway', 'out', 'answers', 'port forward'],
    ]);
  });

  it('fails by the very rule or policy that stops it, at its hook', () => {
    const policy = 'policy drop of chain own in table inet lab';
    expect(
      failing(table('input priority filter; policy drop', 'ct state established accept', 'udp dport 53 accept')),
    ).toEqual([
      `dhcp dhcp fails at input: ${policy}`,
      `dns dns-tcp fails at input: ${policy}`,
      `tftp tftp fails at input: ${policy}`,
      `gateway icmp fails at input: ${policy}`,
    ]);
    expect(failing(table('forward priority filter; policy drop', 'iifname "virbr11" accept'))).toEqual([
      `answers tcp fails at forward: ${policy}`,
      `port forward tcp fails at forward: ${policy}`,
    ]);
    expect(failing(table('output priority filter; policy accept', 'udp sport 67 drop'))).toEqual([
      'dhcp dhcp fails at output: inet lab own: udp sport 67 drop',
    ]);
    expect(failing(table('prerouting priority raw; policy accept', 'iifname "virbr11" tcp dport 443 drop'))).toEqual([
      'out tcp fails at prerouting: inet lab own: iifname "virbr11" tcp dport 443 drop',
    ]);
  });

  it('fails by a setting or a route of the host', () => {
    const kernel = readHostKernel({ sysctl: 'net.ipv4.ip_forward = 0\nnet.ipv4.icmp_echo_ignore_all = 1\n' });
    expect(failing('', { kernel }).map((one) => one.split(' at ')[0])).toEqual([
      'gateway icmp fails',
      'out tcp fails',
      'port forward tcp fails',
    ]);
  });

  it('depends on a rule that is not understood, if that decides', () => {
    expect(
      failing(table('input priority filter; policy accept', 'udp dport 67 limit rate over 1/second drop')),
    ).toEqual(['dhcp dhcp depends at input: inet lab own: udp dport 67 limit rate over 1/second drop']);
  });
});

describe('arguments of other kinds', () => {
  const firewall = readHostFirewall({ nft: '' });
  const options = { backend: 'nftables' } as const;
  const strange: readonly unknown[] = [null, 5, 'x', [], {}, [null], [5], () => 1];
  const codesOf = (call: (value: unknown) => unknown) => new Set(strange.map((value) => codeOf(() => call(value))));
  const refused = new Set(['INVALID_ARGUMENT']);

  it.each<readonly [string, (value: never) => unknown]>([
    ['a network', (value) => checkFirewall(value, firewall, options)],
    ['a firewall', (value) => checkFirewall(lab, value, options)],
    ['chains', (value) => checkFirewall(lab, { families: ['ipv4'], chains: [value] }, options)],
    ['options', (value) => checkFirewall(lab, firewall, value)],
    ['a backend', (value) => checkFirewall(lab, firewall, { backend: value })],
    ['a kernel', (value) => checkFirewall(lab, firewall, { ...options, kernel: value })],
    ['a LAN', (value) => checkFirewall(lab, firewall, { ...options, outside: [value] })],
    ['a network of rules', (value) => firewallRules(value, options)],
    ['a topology', (value) => explainFlow(value, { from: 'host', to: 'host' })],
    ['a network of a topology', (value) => reachability({ ...options, networks: [value] })],
    ['guests of a topology', (value) => reachability({ ...options, networks: [lab], guests: [value] })],
  ])('are refused as %s', (_, call) => {
    expect(codesOf((value) => call(value as never))).toEqual(refused);
  });
});

/** The code of the error that a call throws; other errors go on. */
function codeOf(call: () => unknown): string {
  return thrown(call).code;
}
