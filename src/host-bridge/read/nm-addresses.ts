import { networkAddress, parseAddress } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import { EVERYWHERE, familyOf, insideOf, parseCidr } from '../address.js';
import type { BridgeRoute } from '../document.js';
import type { SettingTracker } from './setting-tracker.js';
import { truth, wholeNumber } from './values.js';

type Family = 'ipv4' | 'ipv6';

/** The fields of one address or route. */
interface Fields {
  readonly address: string;
  readonly prefix: string | undefined;
  readonly gateway: string | undefined;
  readonly metric: string | undefined;
}

const ADDRESS = /^[0-9a-fA-F:.%]*/;
const DIGITS = /^\d*/;

/**
 * Takes a value apart at `/`, `;` and `,`, which mean the same everywhere. The prefix may be missing; blanks and a
 * field too many make NetworkManager drop the whole value.
 */
function fieldsOf(value: string, isRoute: boolean): Fields | undefined {
  let rest: string | undefined = value;
  /** `false` for a character that cannot be there. */
  const next = (characters: RegExp): string | undefined | false => {
    if (rest === undefined || rest === '') return undefined;
    const field = characters.exec(rest)?.[0] ?? '';
    const end = rest.charAt(field.length);
    if (end !== '' && !'/;,'.includes(end)) return false;
    rest = end === '' ? undefined : rest.slice(field.length + 1);
    return field;
  };
  const address = next(ADDRESS);
  const prefix = next(DIGITS) || undefined;
  const gateway = next(ADDRESS);
  const metric = isRoute ? next(DIGITS) : undefined;
  if (!address || gateway === false || metric === false || (rest ?? '') !== '') return undefined;
  return { address, prefix, gateway, metric };
}

/** NetworkManager's own prefixes where there is none, or one that is too long. */
const DEFAULT_PREFIX = { ipv4: { address: 24, route: 24 }, ipv6: { address: 64, route: 128 } } as const;

function prefixOf(text: string | undefined, family: Family, kind: 'address' | 'route'): number {
  const prefix = wholeNumber(text ?? '');
  return prefix !== undefined && prefix <= (family === 'ipv4' ? 32 : 128) ? prefix : DEFAULT_PREFIX[family][kind];
}

const isOf = (family: Family, text: string): boolean => parseAddress(text)?.family === family;

/** The fixed addresses of a family and its gateway. */
export interface FixedAddresses {
  readonly addresses: readonly string[];
  readonly gateway?: string;
}

/**
 * Reads `address1=10.0.0.2/24,10.0.0.1`: the gateway can also stand by itself, and then that one counts. None does where
 * the profile never has the default route.
 */
export function fixedAddresses(ip: SettingTracker, family: Family): FixedAddresses {
  const read = numberedKeys(ip, 'address', 'addresses').flatMap(
    (key) => ip.one((text) => addressIn(text, family), key) ?? [],
  );
  const gateway = ip.one((text) => text, 'gateway') ?? read.find((one) => one.gateway !== undefined)?.gateway;
  const isNone = gateway === '0.0.0.0' || gateway === '::' || truth(ip.peek('never-default') ?? '') === true;
  return compact({ addresses: read.map(({ address }) => address), gateway: isNone ? undefined : gateway });
}

function isFar({ addresses, gateway }: FixedAddresses): boolean {
  const router = parseAddress(gateway ?? '');
  if (router === undefined || gateway?.startsWith('fe80:')) return false;
  return !insideOf(addresses.flatMap((text) => parseCidr(text) ?? []))(router);
}

/** Addresses with a gateway that one of them reaches, and that has no metric. */
export const nearOnly = (fixed: FixedAddresses, metric: number | undefined): FixedAddresses =>
  metric !== undefined || isFar(fixed) ? { addresses: fixed.addresses } : fixed;

/** The metric of a family is that of all its routes that have none. */
export const withMetric = (routes: readonly BridgeRoute[], metric: number | undefined): readonly BridgeRoute[] =>
  routes.map((route) => compact({ ...route, metric: route.metric ?? metric }));

/** A gateway as a route, where it has a metric. NetworkManager takes one outside of every subnet for reachable. */
export const routeGateways = (fixed: FixedAddresses, metric: number | undefined): readonly BridgeRoute[] =>
  fixed.gateway === undefined || (metric === undefined && !isFar(fixed))
    ? []
    : [compact({ to: EVERYWHERE[familyOf(fixed.gateway)], via: fixed.gateway, onLink: isFar(fixed) || undefined })];

function addressIn(text: string, family: Family): { readonly address: string; readonly gateway?: string } | undefined {
  const fields = fieldsOf(text, false);
  if (fields === undefined || !isOf(family, fields.address)) return undefined;
  const { address, prefix, gateway } = fields;
  return compact({ address: `${address}/${prefixOf(prefix, family, 'address')}`, gateway });
}

/** Keys in NetworkManager's order: by number, the one without a number first, and the short name before the long one. */
function numberedKeys(ip: SettingTracker, short: string, long: string): readonly string[] {
  const pattern = new RegExp(`^(${short}|${long})(|0|[1-9]\\d*)$`);
  const numbered = [...new Set(ip.keys(pattern))].map((key) => {
    const [, name, digits = ''] = pattern.exec(key) ?? [];
    return { key, isLong: name === long, number: digits === '' ? -1 : Number(digits) };
  });
  numbered.sort((a, b) => a.number - b.number || Number(a.isLong) - Number(b.isLong));
  return numbered.map(({ key }) => key);
}

/** Reads `route1=10.0.0.0/8,10.0.0.1,5` and its options. */
export const routesOf = (ip: SettingTracker, family: Family): readonly BridgeRoute[] =>
  numberedKeys(ip, 'route', 'routes').flatMap((key) => {
    const options = optionsOf(ip, `${key}_options`);
    // A route that leads nowhere, or only to the host itself, is none of the model's.
    if (options === undefined) return [];
    const route = ip.one((text) => routeIn(text, family), key);
    return route === undefined ? [] : [compact({ ...route, ...options })];
  });

function routeIn(text: string, family: Family): BridgeRoute | undefined {
  const fields = fieldsOf(text, true);
  const destination = fields && parseAddress(fields.address);
  if (fields === undefined || destination?.family !== family) return undefined;
  const prefix = prefixOf(fields.prefix, family, 'route');
  const to = `${networkAddress(destination, prefix).text}/${prefix}`;
  const { via, metric } = hopOf(fields, family);
  if ((via !== undefined && !isOf(family, via)) || (metric !== undefined && wholeNumber(metric) === undefined))
    return undefined;
  return compact({ to, via: via === '0.0.0.0' || via === '::' ? undefined : via, metric: wholeNumber(metric ?? '') });
}

/** An old writer of IPv6 routes left the router out with its comma: `2001:db8::/48,5` has a metric of 5. */
function hopOf({ gateway, metric }: Fields, family: Family): { readonly via?: string; readonly metric?: string } {
  if (family === 'ipv6' && metric === undefined && /^\d+$/.test(gateway ?? '')) return compact({ metric: gateway });
  return compact({ via: gateway === '' ? undefined : gateway, metric });
}

/** The table of a route, and if it is on the link; `undefined` when the options make another kind of route of it. */
function optionsOf(ip: SettingTracker, key: string): Pick<BridgeRoute, 'table' | 'onLink'> | undefined {
  const options = new Map((ip.peek(key) ?? '').split(',').map((one) => pair(one)));
  const type = options.get('type');
  if (type !== undefined && type !== 'unicast') return undefined;
  const known = ['', 'table', 'onlink', 'type'];
  const read = compact({
    table: wholeNumber(options.get('table') ?? ''),
    onLink: truth(options.get('onlink') ?? '') || undefined,
  });
  if ([...options.keys()].every((name) => known.includes(name))) ip.skip(key);
  return read;
}

const pair = (text: string): readonly [string, string] => {
  const [key = '', value = ''] = text.split('=');
  return [key.trim(), value.trim()];
};
