import type { Change } from '../../model/diff.js';
import { readXml } from '../../xml/read.js';
import type { Guest } from '../state/observed-state.js';
import type { LabelChange } from './labels.js';
import type { EntryRequest } from './types.js';

const VERBS = { 'add-first': 'add', 'add-last': 'add', modify: 'change', delete: 'delete' } as const;

/** Describes a request: `add ip-dhcp-host mac=52:54:00:00:00:01 ip=10.0.0.2`. */
export function describeRequest({ section, command, xml }: EntryRequest): string {
  const { attributes } = readXml(xml).root;
  const named = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
  return [VERBS[command], section, ...named].join(' ');
}

/** Describes a change of a label. */
export function describeLabel(change: LabelChange): string {
  if (change.action === 'text') return change.text === '' ? `remove the ${change.kind}` : `set the ${change.kind}`;
  return `${change.xml === undefined ? 'remove' : 'set'} the metadata of ${change.uri}`;
}

const LONGEST = 60;

const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

/** Differences for people: `bridge.stp: true → false`. */
export const describeChanges = (changes: readonly Change[]): string =>
  changes.map(({ path, from, to }) => `${path}: ${shown(from)} → ${shown(to)}`).join('; ');

/** Guests for people: name, MAC address and device, as far as they are known. */
export const describeGuest = ({ name, mac, tap }: Guest): string =>
  [name, mac, tap === undefined ? undefined : `on ${tap}`].filter((part) => part !== undefined).join(' ') ||
  'a guest that libvirt counts';
