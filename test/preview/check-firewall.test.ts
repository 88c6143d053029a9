import { NatNetwork } from 'libvirt-network';
import {
  checkFirewall,
  firewallBase,
  firewallRules,
  type RuleStatus,
  readHostFirewall,
  renderCommands,
  renderIptablesSave,
  renderNftRuleset,
} from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';

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
