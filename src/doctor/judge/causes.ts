import type { HostFirewall } from '../../preview/firewall-model/model.js';
import { command } from '../../shell/quote.js';
import type { Evidence, FaultOwner, FindingId, Remedy } from '../findings.js';
import { type Facts, type NetworkFacts, settingOf } from './facts.js';
import { proof } from './finding.js';
import { type Lost, UNTRACKED } from './flows.js';
import { remedyFor } from './openings.js';
import { chainOf, ownerOf } from './owner.js';
import { wantedZone, zoneOf } from './zones.js';

/** What decides about packets, by its text. */
export interface Cause {
  readonly id: FindingId;
  readonly owner: FaultOwner;
  readonly evidence: readonly Evidence[];
  readonly remedy: Remedy;
  /** The fault without what is lost, as a clause. */
  readonly what: string;
}

/** Where packets are lost. */
export interface Place {
  readonly facts: Facts;
  readonly on: NetworkFacts;
  readonly firewall: HostFirewall;
}

/** Names what takes a need from guests. */
export function causeOf(lost: Lost, place: Place): Cause {
  const { rule = '', reason } = lost;
  if (rule === UNTRACKED) return untracked(place);
  if (/\.(?:ip_)?forwarding is 0|ip_forward is 0/.test(rule)) return forwardingOff(rule, place);
  if (/echo_ignore/.test(rule)) return setting('echo-ignored', rule, 'the host is set not to answer echo requests');
  if (rule.startsWith('rp_filter')) return reversePath(rule, reason);
  if (/^the rout/.test(rule)) return routingRefused(rule);
  return filtered(lost, rule, place);
}

/** A setting as sysctl prints it. */
function setting(id: FindingId, rule: string, what: string): Cause {
  const [name = '', value = ''] = rule.split(' is ');
  return {
    id,
    what,
    owner: 'kernel',
    evidence: [proof('sysctl', `${name} = ${value}`)],
    remedy: { commands: [command`sysctl -w ${name}=${Number(value) === 0 ? 1 : 0}`] },
  };
}

/** Forwarding that is off for the whole host is off for each device too. */
function forwardingOff(rule: string, { facts }: Place): Cause {
  const own = rule.replace(/ is 0$/, '');
  const whole = own.startsWith('net.ipv4') && settingOf(facts, 'net.ipv4.ip_forward') === '0';
  const name = whole ? 'net.ipv4.ip_forward' : own;
  const files = (facts.evidence.looks.sysctlFiles ?? '').split('\n').filter((line) => /forward\w*\s*=\s*0/.test(line));
  const cause = setting('forwarding-off', `${name} is 0`, `the host does not forward packets (${name} = 0)`);
  return {
    ...cause,
    evidence: [...cause.evidence, ...files.map((line) => proof(line.replace(/:.*/, ''), line.replace(/^[^:]*:/, '')))],
    remedy: {
      ...cause.remedy,
      note: 'libvirt sets it when a network starts, and not later. For good: a file in /etc/sysctl.d.',
    },
  };
}

function reversePath(rule: string, reason: string): Cause {
  const device = /^rp_filter of (\S+) is/.exec(rule)?.[1] ?? 'all';
  return {
    id: 'reverse-path-filter',
    what: `the kernel drops what comes in by ${device}, since it would answer by another device`,
    owner: 'kernel',
    evidence: [
      proof('sysctl', `${rule} (the larger of net.ipv4.conf.all and net.ipv4.conf.${device} counts)`),
      proof('ip route get', reason),
    ],
    remedy: {
      commands: [command`sysctl -w net.ipv4.conf.${device}.rp_filter=2`],
      note: 'Routes by marks need net.ipv4.conf.all.src_valid_mark=1 too.',
    },
  };
}

const routingRefused = (rule: string): Cause => ({
  id: 'routing-refused',
  what: rule,
  owner: 'host',
  evidence: [proof(rule.includes('routing rule') ? 'ip rule show' : 'ip route show table all', rule)],
  remedy: {
    commands: [],
    note: 'ip rule show lists the rules. Put one for the guests before it: ip rule add iif BRIDGE lookup main priority 100.',
  },
});

function untracked({ firewall }: Place): Cause {
  const rules = firewall.chains.flatMap(({ rules }) => rules).filter(({ target }) => target.type === 'notrack');
  const [first] = rules;
  return {
    id: 'untracked',
    what: 'a rule exempts packets from connection tracking, so that their addresses are not translated back',
    owner: first === undefined ? 'host' : ownerOf(first.text, firewall),
    evidence: rules.map(({ text }) => proof('nft list ruleset', text)),
    remedy: { commands: [], note: 'Take the rule away, or let it not match the bridges of networks.' },
  };
}

/** Chains that libvirt makes for the filter of a guest's NIC. */
const NWFILTER = /libvirt_nwfilter|libvirt-[IO]-|\b(?:F[IOPJ]|H[IOJ]|[IO])-(?:vnet|tap|veth)/;

function filtered({ hook, need }: Lost, rule: string, place: Place): Cause {
  const { facts, on, firewall } = place;
  if (NWFILTER.test(rule)) return guestFilter(rule);
  const owner = ownerOf(rule, firewall);
  const family = chainOf(rule, firewall)?.family ?? '';
  const evidence = [
    proof(family === 'bridge' && rule.startsWith('-A') ? 'ebtables-save' : sourceOf(owner, rule), rule),
  ];
  const zone = owner === 'firewalld' ? zoneOf(facts, on.preview?.bridge ?? '') : undefined;
  if (zone !== undefined && zone !== wantedZone(on)) return wrongZone(zone, on, evidence);
  const bridged = need === 'peers' && hook === 'forward' && !/^(?:bridge|arp|netdev)$/.test(family);
  return {
    id: bridged ? 'bridge-filtered' : 'filtered',
    what: `a rule of ${owner} stops packets at the hook ${hook} (${rule})`,
    owner,
    evidence,
    remedy: remedyFor(owner, place),
  };
}

const sourceOf = (owner: FaultOwner, rule: string): string =>
  owner === 'iptables-legacy' ? 'iptables-legacy-save' : rule.startsWith('-A') ? 'iptables-save' : 'nft list ruleset';

const guestFilter = (rule: string): Cause => ({
  id: 'guest-filtered',
  what: `the network filter of the guest stops packets (${rule})`,
  owner: 'libvirt',
  evidence: [proof('ebtables-save -t nat', rule)],
  remedy: {
    commands: [],
    note: "virsh nwfilter-binding-list shows which filter each device has. Give the filter the guest's real addresses: the parameters IP and MAC of its <filterref>.",
  },
});

const wrongZone = (zone: string, on: NetworkFacts, evidence: readonly Evidence[]): Cause => {
  const [bridge, wanted] = [on.preview?.bridge ?? '', wantedZone(on)];
  return {
    id: 'firewalld-zone',
    what: `bridge ${bridge} is in firewalld's zone ${zone}, not in ${wanted}`,
    owner: 'firewalld',
    evidence: [proof(`firewall-cmd --get-zone-of-interface=${bridge}`, zone), ...evidence],
    remedy: {
      commands: [command`firewall-cmd --zone=${wanted} --change-interface=${bridge}`],
      note: 'A restart of the libvirt daemon does the same.',
    },
  };
};
