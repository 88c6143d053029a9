import { LibvirtError, type PortRange } from 'libvirt-network';
import { installOpenings, recordingRunner, removeOpenings } from 'libvirt-network/host';
import {
  type Opening,
  type OpeningFirewall,
  type OpeningRule,
  renderOpening,
  withOpenings,
} from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { openingName } from '../../src/preview/openings/identity.js';
import { mergedOpening, readOpening } from '../../src/preview/openings/notes.js';
import { thrown } from '../support/caught.js';
import { runOrThrow } from '../support/run.js';

const DHCP: OpeningRule = {
  hook: 'input',
  family: 'ipv4',
  in: 'virbr0',
  protocol: 'udp',
  port: { start: 67, end: 67 },
};
const INPUT = { family: 'inet', table: 'filter', chain: 'input' } as const;
const FORWARD = { family: 'ip', table: 'filter', chain: 'FORWARD' } as const;

const opening = (firewall: OpeningFirewall, ...rules: readonly OpeningRule[]): Opening => ({
  name: openingName(firewall, 'test'),
  purpose: `needs of network "it's $(touch pwned) \n# \u2028"`,
  firewall,
  rules,
  ...(firewall === 'firewalld' ? { zone: 'libvirt', binds: 'virbr0' } : {}),
});

const OUT: OpeningRule = { hook: 'forward', family: 'ipv4', in: 'virbr0' };
const OPENINGS: readonly Opening[] = [
  opening('nftables', { ...DHCP, place: INPUT }),
  opening('iptables', { ...OUT, place: FORWARD, decidedByLibvirt: true }),
  opening('iptables-legacy', { ...OUT, place: FORWARD }),
  opening('docker', OUT, { hook: 'forward', family: 'ipv6', out: 'virbr0', answers: true }),
  opening('ufw', DHCP, OUT),
  opening('firewalld', DHCP),
  opening('libvirt', { ...OUT, place: { family: 'ip', table: 'libvirt_network', chain: 'forward' } }),
];

describe('the files of an opening', () => {
  it.each(OPENINGS)('of $firewall are scripts that a shell can read', (one) => {
    const { script, hook, services } = renderOpening(one);
    for (const { content } of [script, ...(hook === undefined ? [] : [hook])]) runOrThrow('sh', ['-n', '-c', content]);
    for (const { content } of services) expect(content).toContain(`ExecStartPost=-${script.path} apply\n`);
  });

  it.each(OPENINGS)('of $firewall say which opening they make, whatever it is for', (one) => {
    expect(readOpening(renderOpening(one).script.content)).toEqual(one);
  });

  it('are made again at each start of a network, unless the firewall keeps the rules itself', () => {
    const kept = OPENINGS.filter((one) => renderOpening(one).hook === undefined);
    expect(kept.map(({ firewall }) => firewall)).toEqual(['ufw']);
  });

  it('of others are not taken for ours', () => {
    const { content } = renderOpening(opening('ufw', DHCP)).script;
    expect(readOpening('#!/bin/sh\necho mine\n')).toBeUndefined();
    expect(readOpening(content.replace(/^# Opening: .*$/m, '# Opening: {"name":1}'))).toBeUndefined();
    expect(readOpening(content.replace(/^# Opening: .*$/m, '# Opening: {'))).toBeUndefined();
    expect(readOpening(content.replace('"in":"virbr0"', '"in":"$(reboot)"'))).toBeUndefined();
  });

  it('keep the rules that an opening has, and take new ones, each once', () => {
    const [before, more] = [opening('ufw', DHCP), opening('ufw', { ...DHCP }, OUT)];
    expect(mergedOpening(more, before).rules).toEqual([DHCP, OUT]);
    expect(mergedOpening(more, undefined)).toBe(more);
  });
});

describe('installing an opening', () => {
  const DONE = { exitCode: 0, stderr: '' };

  it('reports that a running daemon does not know its hook yet where the host has none', async () => {
    const [one] = OPENINGS;
    for (const stdout of ['', 'found']) {
      const runner = recordingRunner(({ args }) => ({
        ...DONE,
        stdout: args.join(' ').includes('found') ? stdout : '',
      }));
      const changes = await installOpenings(one === undefined ? [] : [one], { runner, dryRun: true });
      expect(changes).toMatchObject([{ changed: true, daemonRestartNeeded: stdout === '' }]);
    }
  });
});

const inZone = (more: Partial<OpeningRule>): Opening => {
  const { binds, ...rest } = opening('firewalld', { ...DHCP, ...more });
  void binds;
  return rest;
};

/** What somebody may pass, and the property that is wrong. */
const WRONG: readonly [string, Opening][] = [
  ['in', opening('ufw', { ...DHCP, in: 'virbr0"; reboot' })],
  ['in', opening('ufw', { ...DHCP, in: 'virbr+' })],
  ['out', opening('ufw', { ...OUT, out: '' })],
  ['from', opening('ufw', { ...DHCP, from: '192.168.0.0/33' })],
  ['to', opening('ufw', { ...DHCP, to: 'fd00::/64' })],
  ['protocol', opening('ufw', { ...DHCP, protocol: 'sctp' as 'tcp' })],
  ['port', opening('ufw', { ...DHCP, port: { start: 0, end: 67 } })],
  ['port', opening('ufw', { ...DHCP, port: { start: 68, end: 67 } })],
  ['port', opening('ufw', { ...OUT, port: { start: 67, end: 67 } })],
  ['icmpType', opening('nftables', { ...DHCP, place: INPUT, icmpType: 'echo-request' })],
  ['place', opening('nftables', DHCP)],
  ['place', opening('ufw', { ...DHCP, place: INPUT })],
  ['place.family', opening('iptables', { ...DHCP, place: INPUT })],
  ['place.chain', opening('nftables', { ...DHCP, place: { ...INPUT, chain: 'a b' } })],
  ['hook', opening('ufw', { ...DHCP, hook: 'ingress' as 'input' })],
  ['name', { ...opening('ufw', DHCP), name: '../../etc/passwd' }],
  ['firewall', { ...opening('ufw', DHCP), firewall: 'pf' as 'ufw' }],
  ['zone', { ...opening('firewalld', DHCP), zone: 'a"b' }],
  ['out', opening('ufw', { ...DHCP, out: 'virbr0' })],
  ['in', opening('ufw', { hook: 'output', family: 'ipv4', in: 'virbr0' })],
  ['in', opening('ufw', { ...OUT, in: 5 as unknown as string })],
  ['from', opening('ufw', { ...DHCP, from: '192.168.122.5/24' })],
  ['protocol', opening('ufw', { ...OUT, protocol: 'icmpv6' })],
  ['protocol', opening('ufw', { ...OUT, family: 'ipv6', protocol: 'icmp' })],
  ['icmpType', opening('nftables', { ...OUT, place: INPUT, protocol: 'icmp', icmpType: 'echo' })],
  ['icmpType', opening('nftables', { ...OUT, place: INPUT, protocol: 'icmp', icmpType: 'nd-redirect' })],
  ['icmpType', opening('ufw', { ...OUT, protocol: 'icmp', icmpType: 'echo-request' })],
  ['answers', opening('ufw', { ...OUT, answers: true })],
  ['answers', opening('docker', { ...OUT, answers: false as unknown as true })],
  ['hook', opening('docker', DHCP)],
  ['hook', opening('ufw', { ...OUT, hook: 'prerouting' })],
  ['port', opening('ufw', { ...DHCP, port: null as unknown as PortRange })],
  ['hook', inZone({ hook: 'forward' })],
  ['answers', inZone({ answers: true })],
  ['sourcePort', inZone({ sourcePort: { start: 68, end: 68 } })],
  ['source', opening('iptables', { ...OUT, hook: 'postrouting', place: FORWARD, source: 5 as unknown as string })],
  ['binds', { ...opening('firewalld', DHCP), binds: 5 as unknown as string }],
  ['rules', opening('ufw')],
  ['rules', { ...opening('ufw'), rules: undefined } as unknown as Opening],
  ['purpose', { ...opening('ufw', DHCP), purpose: undefined } as unknown as Opening],
];

describe('an opening that no rule can express', () => {
  it.each(WRONG)('is refused for its %s before anything is run', async (property, one) => {
    const runner = recordingRunner();
    const error = await installOpenings([opening('ufw', DHCP), one], { runner }).catch((reason: unknown) => reason);
    expect(LibvirtError.is(error) && error.code).toBe('INVALID_ARGUMENT');
    expect(String(error)).toContain(`the ${property} of an opening cannot be`);
    expect(runner.requests).toEqual([]);
  });
});

/** What plain JavaScript may pass as an opening, and a word of the refusal. */
const NOT_OPENINGS: readonly [string, unknown, RegExp][] = [
  ['undefined', undefined, /an opening needs an object/],
  ['text', 'ufw', /an opening needs an object/],
  ['an opening with null as rule', { ...opening('ufw'), rules: [null] }, /a rule of an opening needs an object/],
  [
    'a misspelled condition',
    opening('ufw', { ...OUT, ...{ dport: 80 } }),
    /a rule of an opening has no option 'dport'/,
  ],
  ['a misspelled property', { ...opening('ufw', OUT), rule: OUT }, /an opening has no option 'rule'/],
  ['a misspelled place', opening('nftables', { ...OUT, place: { ...INPUT, ...{ hook: 'x' } } }), /no option 'hook'/],
];

describe('what cannot be an opening', () => {
  it.each(NOT_OPENINGS)('is refused by all that take openings: %s', async (_, given, message) => {
    const one = given as Opening;
    const firewall = { families: [], chains: [] };
    const runner = recordingRunner();
    const calls = [() => renderOpening(one), () => withOpenings(firewall, [one])];
    for (const call of calls)
      expect(thrown(call)).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });
    await expect(installOpenings([one], { runner })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(runner.requests).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['a result of openingsFor', { openings: OPENINGS, closed: [] }, /pass the property openings/],
    ['one opening', OPENINGS[0], /into a list/],
    ['nothing', undefined, /into a list/],
  ])('is refused as a list, with what to pass: %s', async (_, given, hint) => {
    const openings = given as readonly Opening[];
    const refusal = { code: 'INVALID_ARGUMENT', hint: expect.stringMatching(hint) };
    expect(thrown(() => withOpenings({ families: [], chains: [] }, openings))).toMatchObject(refusal);
    await expect(installOpenings(openings, { runner: recordingRunner() })).rejects.toMatchObject(refusal);
    await expect(removeOpenings(openings, { runner: recordingRunner() })).rejects.toMatchObject(refusal);
  });
});

describe('a hint about a rule', () => {
  const hintOf = (rule: Partial<OpeningRule>) =>
    thrown(() => renderOpening(opening('nftables', { ...DHCP, place: INPUT, ...rule }))).hint;

  it('says what is wrong with its addresses and its protocol', () => {
    expect(hintOf({ from: 'fd00::/8' })).toBe('it is of family ipv6, but the rule is of ipv4');
    expect(hintOf({ from: 'fd00::' })).toContain('CIDR');
    expect(hintOf({ protocol: 'icmpv6' })).toBe('packets of family ipv4 have tcp, udp, icmp');
  });
});
