import type { Finding, Loss } from './findings.js';
import type { Diagnosis } from './judge.js';

/**
 * Renders a diagnosis as text for people: each finding with its proof and its remedy, and what could not be seen.
 *
 * @param diagnosis - of `diagnose` or `judge`
 */
export function renderDiagnosis({ host, findings, notSeen }: Diagnosis): string {
  const head = findings.length === 0 ? [headOf(host, notSeen.length)] : [];
  const hidden = notSeen.flatMap(({ what, why, how }) => [
    `not seen: ${what}`,
    `  because: ${why}`,
    `  to see it: ${how}`,
  ]);
  return [...head, ...findings.flatMap(linesOf), ...hidden, ''].join('\n');
}

const headOf = (host: string, hidden: number): string =>
  hidden === 0
    ? `${host}: nothing is wrong`
    : `${host}: no fault was found, but not everything could be seen: ${hidden} ${hidden === 1 ? 'part is' : 'parts are'} missing`;

const linesOf = ({ severity, id, what, loses, evidence, owner, remedy }: Finding): string[] => [
  `${severity}: ${what} [${id}]`,
  ...(loses.length === 0 ? [] : [`  lost: ${loses.map(textOf).join(', ')}`]),
  ...evidence.map(({ source, text }) => `  proof: ${source}: ${text}`),
  `  owner: ${owner}`,
  ...remedy.commands.map((command) => `  remedy: ${command}`),
  ...(remedy.openings ?? []).map(
    ({ name, firewall, purpose }) => `  remedy: the opening ${name} in ${firewall}, for ${purpose}`,
  ),
  ...(remedy.note === undefined ? [] : [`  note: ${remedy.note}`]),
];

const textOf = ({ need, family }: Loss): string => (family === undefined ? need : `${need} (${NAMES[family]})`);
const NAMES = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;
