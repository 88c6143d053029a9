import { groupedBy } from '../../lists/group.js';
import type { Finding, Loss, Severity } from '../findings.js';
import { causeOf } from './causes.js';
import type { Facts, NetworkFacts } from './facts.js';
import { finding } from './finding.js';
import type { Lost } from './flows.js';

/** Makes a finding of each rule, policy, route or setting that takes needs from guests. */
export function lossesAsFindings(
  facts: Facts,
  on: NetworkFacts,
  lost: readonly Lost[],
  guest?: string,
): readonly Finding[] {
  const firewall = facts.firewall ?? { families: [], chains: [] };
  const decided = lost.filter(({ rule }) => rule !== undefined);
  return [...groupedBy(decided, (one) => (one.rule ?? '').replace(/^rp_filter.*/, 'rp_filter'))].map(([, group]) => {
    const [first] = group;
    const { what, ...cause } = causeOf(first as Lost, { facts, on, firewall });
    return finding(cause.id, {
      ...cause,
      what: `${what}: guests of network ${on.state.name} lose ${wordsOf(group)}`,
      network: on.state.name,
      ...(guest === undefined ? {} : { guest }),
      loses: lossesIn(group),
      severity: severityOf(group),
    });
  });
}

const lossesIn = (lost: readonly Lost[]): readonly Loss[] => [
  ...new Map(lost.map(({ need, family }) => [`${need} ${family}`, { need, family }])).values(),
];

const wordsOf = (lost: readonly Lost[]): string => {
  const families = groupedBy(lossesIn(lost), ({ need }) => need);
  return [...families]
    .map(([need, of]) => (of.length === 1 && of[0]?.family === 'ipv6' ? `${need} (IPv6)` : need))
    .join(', ');
};

/** Losses that guests can work with. */
const SMALL: ReadonlySet<string> = new Set([
  'gateway',
  'tftp',
  'host out',
  'host to guest',
  'peers',
  'far',
  'names outside',
]);

const severityOf = (lost: readonly Lost[]): Severity => {
  if (lost.every(({ need }) => need === 'gateway' || need === 'host out')) return 'note';
  return lost.every(({ need }) => SMALL.has(need)) ? 'warning' : 'error';
};
