import { LibvirtError } from '../errors/index.js';
import { isRecord } from '../schema/values.js';
import type { HostEvidence } from './evidence.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const shape =
  (properties: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(properties).every(([name, check]) => check(value[name]));

const LEASE = shape({ mac: text, address: text });
const link: Check = (value) => value === 'up' || value === 'down';

/** The lists of evidence, and what each of their items has. */
const ITEMS = {
  networks: {
    name: text,
    uuid: text,
    active: flag,
    persistent: flag,
    autostart: flag,
    xml: text,
    leases: listOf(LEASE),
  },
  nics: {
    guest: text,
    mac: text,
    link,
    network: optional(text),
    bridge: optional(text),
    tap: optional(text),
  },
  probes: { guest: text, mac: text, bridge: text, address: text, answered: flag },
  notSeen: { what: text, why: text, how: text },
} satisfies Readonly<Record<string, Readonly<Record<string, Check>>>>;

/**
 * Refuses evidence that is not of {@link gatherEvidence}: what was stored may come back as anything.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT` that names the part
 */
export function assertEvidence(evidence: HostEvidence): void {
  const given: unknown = evidence;
  if (typeof given === 'string') throw invalid('is a text', 'read it with JSON.parse first');
  if (!isRecord(given)) throw invalid('is not an object');
  if (!text(given['host'])) throw invalid('has no host');
  for (const [part, properties] of Object.entries(ITEMS)) {
    if (part === 'probes' && given[part] === undefined) continue;
    assertItems(part, given[part], properties);
  }
  if (!isRecord(given['looks'])) throw invalid('has no object looks');
  for (const [look, output] of Object.entries(given['looks']))
    if (!optional(text)(output)) throw invalid(`has no text for the look ${look}`);
  if (!optional(shape({ code: text, message: text }))(given['unreachable']))
    throw invalid('has no code or message in unreachable');
}

function assertItems(part: string, list: unknown, properties: Readonly<Record<string, Check>>): void {
  if (!Array.isArray(list)) throw invalid(`has no list ${part}`);
  list.forEach((item: unknown, i) => {
    if (!isRecord(item)) throw invalid(`has no object in ${part}[${i}]`);
    const wrong = Object.entries(properties).find(([name, check]) => !check(item[name]));
    if (wrong !== undefined) throw invalid(`lacks ${wrong[0]} in ${part}[${i}], or has something else there`);
  });
}

const invalid = (
  why: string,
  hint = 'pass what gatherEvidence returned, or the same read back from JSON',
): LibvirtError => new LibvirtError('INVALID_ARGUMENT', `cannot judge the evidence: it ${why}`, { hint });
