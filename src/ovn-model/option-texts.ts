import { LibvirtError } from '../errors/index.js';
import { shown } from '../options/shown.js';

const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

/** Tells whether a text is a name of a host or of a domain: OVN takes some of them without quotes. */
export const isHostName = (text: string): boolean => text.length <= 253 && HOST_NAME.test(text);

/**
 * Formats of values that OVN pastes into expressions. One value that does not parse silences DHCP for every port of its row, and
 * nothing in the database says so.
 */
const FORMS = {
  address4: /^\d{1,3}(?:\.\d{1,3}){3}$/,
  addresses4: /^(?:\d{1,3}(?:\.\d{1,3}){3}|\{\d{1,3}(?:\.\d{1,3}){3}(?:, \d{1,3}(?:\.\d{1,3}){3})*\})$/,
  addresses6: /^(?:[0-9a-f:.]+|\{[0-9a-f:.]+(?:, [0-9a-f:.]+)*\})$/,
  mac: /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/,
  number: /^\d{1,10}$/,
  quoted: /^"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-f]{4}){0,600}"$/i,
  flag: /^true$/,
} as const;

const DHCP4 = {
  server_id: FORMS.address4,
  server_mac: FORMS.mac,
  lease_time: FORMS.number,
  router: FORMS.address4,
  mtu: FORMS.number,
  dns_server: FORMS.addresses4,
  domain_name: FORMS.quoted,
  hostname: FORMS.quoted,
  bootfile_name: FORMS.quoted,
  next_server: FORMS.address4,
} as const;

const DHCP6 = { server_id: FORMS.mac, dns_server: FORMS.addresses6, dhcpv6_stateless: FORMS.flag } as const;

/** The names and formats of the options that rows may have. */
export const OPTION_FORMS = { DHCP4, DHCP6 } as const;

/** Options of a DHCP row by name; those that are not set are `undefined`. */
export type DhcpOptions<F extends keyof typeof OPTION_FORMS> = {
  readonly [name in keyof (typeof OPTION_FORMS)[F]]?: string | undefined;
};

/**
 * Returns options of a DHCP row, each of which OVN can parse.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for a value that does not have the option's format
 */
export function checkedOptions<F extends keyof typeof OPTION_FORMS>(
  family: F,
  options: DhcpOptions<F>,
): Readonly<Record<string, string>> {
  const forms: Readonly<Record<string, RegExp>> = OPTION_FORMS[family];
  const set = Object.entries<string | undefined>(options).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (forms[name]?.test(value) === true) return [[name, value]];
    throw new LibvirtError('INVALID_ARGUMENT', `the DHCP option ${name} cannot have the value ${shown(value)}`, {
      hint: 'OVN would answer no DHCP request of the network with it',
    });
  });
  return Object.fromEntries(set);
}

/** A text as OVN's expressions have it. */
export const quoted = (text: string): string => JSON.stringify(text);

/** One address, or several, as OVN's expressions have them. */
export const setOf = (items: readonly string[]): string | undefined =>
  items.length > 1 ? `{${items.join(', ')}}` : items[0];
