import { macOf } from '../client/guests/attached-nic.js';
import { attributeOf, childOf } from '../client/guests/nic-element.js';
import { isKeptParameter } from '../schema/guests/canonical.js';
import type { FilterDocument } from '../schema/nwfilter/filter.js';
import { isElement, type XmlElement } from '../xml/node.js';
import type { MockDriver } from './driver.js';
import type { MockGuest } from './guest-state.js';
import { Refusal } from './refusal.js';

/** Types of NICs that libvirt filters. */
const FILTERED: ReadonlySet<string | undefined> = new Set(['network', 'bridge', 'ethernet']);

/** The filter of a NIC, where libvirt looks at it. */
export const filterOf = (nic: XmlElement): string | undefined =>
  FILTERED.has(nic.attributes['type']) ? attributeOf(nic, 'filterref', 'filter') : undefined;

/** The first filter that is not there, of a filter and all that it includes. */
export function missingFilter(
  driver: MockDriver,
  name: string,
  seen: ReadonlySet<string> = new Set(),
): string | undefined {
  if (seen.has(name)) return undefined;
  const filter = [...driver.state.filters.values()].find((one) => one.name === name);
  if (filter === undefined) return name;
  for (const included of includedIn(filter)) {
    const missing = missingFilter(driver, included, new Set([...seen, name]));
    if (missing !== undefined) return missing;
  }
  return undefined;
}

const includedIn = ({ entries = [] }: FilterDocument): readonly string[] =>
  entries.flatMap(({ filterref }) => (filterref === undefined ? [] : [filterref.filter]));

/** Puts the filter of a NIC in force on its device; without one nothing is in force there. */
export function bindFilter(driver: MockDriver, { name, uuid }: MockGuest, nic: XmlElement): void {
  const filter = filterOf(nic);
  const device = attributeOf(nic, 'target', 'dev') ?? '';
  unbindFilter(driver, device);
  if (filter === undefined) return;
  const missing = missingFilter(driver, filter);
  if (missing !== undefined) throw new Refusal(`internal error: referenced filter '${missing}' is missing`);
  const address = macOf(nic) ?? '';
  const { state } = driver;
  const binding = {
    owner: { name, uuid },
    portdev: { name: device },
    mac: { address },
    filterref: { filter, parameters: [...parametersOf(nic), { name: 'MAC', value: address }] },
  };
  driver.state = { ...state, bindings: new Map(state.bindings).set(device, binding) };
}

/** Takes what is in force on a device away. */
export function unbindFilter(driver: MockDriver, device: string): void {
  const { state } = driver;
  if (!state.bindings.has(device)) return;
  const bindings = new Map(state.bindings);
  bindings.delete(device);
  driver.state = { ...state, bindings };
}

const parametersOf = (nic: XmlElement) =>
  (childOf(nic, 'filterref')?.children ?? [])
    .filter(isElement)
    .map(({ attributes: { name = '', value = '' } }) => ({ name, value }))
    .filter(isKeptParameter);
