import { LibvirtError } from '../errors/index.js';
import { kindOfValue } from '../options/kind-of-value.js';
import { isRecord } from '../schema/values.js';
import type { Finding, Loss } from './findings.js';
import type { Diagnosis } from './judge.js';

/**
 * Renders a diagnosis as text for people: each finding with its proof and its remedy, and what could not be seen.
 *
 * @param diagnosis - of `diagnose` or `judge`
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for anything else
 */
export function renderDiagnosis(diagnosis: Diagnosis): string {
  expectDiagnosis(diagnosis);
  const { host, findings, notSeen } = diagnosis;
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

/** A diagnosis may have been stored, and come back as anything. */
function expectDiagnosis(value: unknown): void {
  const isWhole =
    isRecord(value) &&
    typeof value['host'] === 'string' &&
    isListOf(value['notSeen'], isRecord) &&
    isListOf(value['findings'], isFinding);
  if (isWhole) return;
  const given = isRecord(value) ? 'a part of one' : kindOfValue(value);
  throw new LibvirtError('INVALID_ARGUMENT', `renderDiagnosis needs a whole diagnosis, not ${given}`, {
    hint: 'pass what diagnose or judge returned, or the same read back from JSON',
  });
}

const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem);

const isFinding = (one: unknown): boolean =>
  isRecord(one) &&
  isListOf(one['loses'], isRecord) &&
  isListOf(one['evidence'], isRecord) &&
  isRecord(one['remedy']) &&
  Array.isArray(one['remedy']['commands']);
