import { isRecord } from '../../schema/values.js';
import type { HostEvidence, NotSeen } from '../evidence.js';
import { LOOKS, type LookName } from '../gather/looks.js';

/** Tells whether a text is what the command of a look prints. */
type Check = (text: string) => boolean;

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');

/** Text of lines of one form; none at all where there is nothing to see. */
const lines =
  (form: RegExp): Check =>
  (text) =>
    linesOf(text).every((line) => form.test(line));

/** Text that is never read for what it lacks. */
const anything: Check = () => true;

const text = (value: unknown): boolean => typeof value === 'string';
const number = (value: unknown): boolean => typeof value === 'number';

/** A JSON list of objects that all have these properties. */
const objects =
  (properties: Readonly<Record<string, (value: unknown) => boolean>>): Check =>
  (text) => {
    // Old releases of iproute2 print nothing at all for an empty list.
    if (text.trim() === '') return true;
    const list: unknown = JSON.parse(text);
    const wanted = Object.entries(properties);
    return Array.isArray(list) && list.every((one) => isRecord(one) && wanted.every(([name, is]) => is(one[name])));
  };

/** A list that is never empty: each host has a loopback device. */
const some =
  (check: Check): Check =>
  (text) =>
    !/^\s*(?:\[\s*\])?\s*$/.test(text) && check(text);

const SOCKETS = lines(/^\s*(?:[A-Z][A-Z0-9-]*\s+)?\d+\s+\d+\s+\S+:(?:\d+|\*)\s/);
const SETTINGS = lines(/^\s*[\w.@/:-]+ = /);

/** What each look prints. Reading less than that would take what is not there for a fault. */
const CHECKS: Readonly<Record<LookName, Check>> = {
  links: some(objects({ ifname: text, flags: Array.isArray, mtu: number })),
  addresses: some(objects({ ifname: text, addr_info: Array.isArray })),
  routes4: objects({ dst: text }),
  routes6: objects({ dst: text }),
  rules4: objects({ priority: number }),
  rules6: objects({ priority: number }),
  neighbours: objects({ dst: text, dev: text }),
  ports: objects({ ifname: text }),
  fdb: objects({ mac: text, ifname: text }),
  acceptRa: lines(/^\/proc\/sys\/net\/ipv6\/conf\/.+\/accept_ra:-?\d+$/),
  ipv6Routes: lines(/^[0-9a-f]{32} .*\s[0-9a-f]{8}\s+\S+$/),
  sysctl: (text) => /^net\.ipv4\.ip_forward = [01]$/m.test(text) && SETTINGS(text),
  sysctlFiles: lines(/^\/[^:]+:/),
  // The readers of packet filters refuse what they cannot read.
  nft: anything,
  iptablesSave: anything,
  ip6tablesSave: anything,
  iptablesLegacySave: anything,
  ip6tablesLegacySave: anything,
  ebtablesSave: anything,
  udp: SOCKETS,
  tcp: SOCKETS,
  dnsmasq: lines(/^.+ \d* (?:gone|[A-Za-z]\b.*)$/),
  resolver: lines(/^\s*(?:[#;]|(?:nameserver|domain|search|sortlist|options|lookup|family)\s)/),
  hooks: lines(/^[0-7]+ \//),
  sockets: lines(/^[a-z-]{10}/),
  log: anything,
  backend: lines(/^firewall_backend\b/),
  firewalld: (text) => text.trim() === '' || /^default \S+/.test(text),
};

/** Evidence whose looks are what their commands print; the others count as not seen. */
export function readableEvidence(evidence: HostEvidence): HostEvidence {
  const given = Object.entries(evidence.looks).filter(([name]) => isLook(name));
  const strange = given.filter(([name, text]) => text !== undefined && isLook(name) && !isReadable(name, text));
  if (strange.length === 0) return evidence;
  const names = new Set(strange.map(([name]) => name));
  return {
    ...evidence,
    looks: Object.fromEntries(given.filter(([name]) => !names.has(name))),
    notSeen: [...evidence.notSeen, ...[...names].filter(isLook).map(notUnderstood)],
  };
}

const isLook = (name: string): name is LookName => Object.hasOwn(LOOKS, name);

function isReadable(name: LookName, text: string): boolean {
  try {
    return CHECKS[name](text);
  } catch (error) {
    if (error instanceof SyntaxError) return false; // of JSON
    throw error;
  }
}

const notUnderstood = (name: LookName): NotSeen => ({
  what: LOOKS[name].what,
  why: `the text of the look ${name} is not what ${LOOKS[name].source} prints`,
  how: CHECK_OUTPUT,
});

/** The way to see what could not be understood. */
export const CHECK_OUTPUT =
  'check that this is the whole output of the command; if it is, report it to the authors of libvirt-network';
