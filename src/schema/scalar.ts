import { addressOf, isPlainIpv4, parseAddress, readAddress } from './address.js';
import type { RuleId } from './rules/table.js';

/** A value that fits in one attribute or one text. Reads text as libvirt reads it, writes it as libvirt prints it. */
export interface Scalar<T> {
  /** Names the shape in documentation and messages, such as `IPv4 address`. */
  readonly label: string;
  /** The value that libvirt takes from the text; `undefined` when it refuses it. */
  read(text: string): T | undefined;
  /** The text that libvirt prints. */
  write(value: T): string;
  /** Tells whether a value that did not come from text is one that `read` could give. */
  accepts(value: unknown): boolean;
  /** The warning for text that libvirt accepts but reads otherwise than most people mean it. */
  misread?(text: string): RuleId | undefined;
  /** Every legal text, for closed sets. */
  readonly values?: readonly string[];
  /** Smallest and largest legal number. */
  readonly range?: readonly [min: number, max: number];
}

/** Describes valid values, as the end of a sentence: "is not an IP address". */
export function expectedBy({ label, values = [] }: Scalar<unknown>): string {
  if (values.length > 0) return label.includes(',') ? `one of ${label}` : label;
  return `${/^[IAia]/.test(label) ? 'an' : 'a'} ${label}`;
}

/**
 * A 64-bit number: a `number`, or above `Number.MAX_SAFE_INTEGER` its decimal digits as text, so that
 * documents stay plain JSON.
 */
export type Uint64 = number | `${bigint}`;

const isText = (value: unknown): value is string => typeof value === 'string';

const ofText = /* @__NO_SIDE_EFFECTS__ */ (
  label: string,
  read: (text: string) => string | undefined,
): Scalar<string> => ({
  label,
  read,
  write: (value) => read(value) ?? value,
  accepts: (value) => isText(value) && read(value) !== undefined,
});

/** Any text, kept as it is. */
export const text: Scalar<string> = ofText('text', (value) => value);

const closed = /* @__NO_SIDE_EFFECTS__ */ <T>(label: string, pairs: readonly (readonly [string, T])[]): Scalar<T> => {
  const byText = new Map(pairs);
  return {
    label,
    values: pairs.map(([name]) => name),
    read: (value) => byText.get(value),
    write: (value) => pairs.find((pair) => pair[1] === value)?.[0] ?? String(value),
    accepts: (value) => pairs.some((pair) => pair[1] === value),
  };
};

/** Accepts one of a closed set of words. */
export const oneOf = /* @__NO_SIDE_EFFECTS__ */ <const T extends string>(...values: readonly T[]): Scalar<T> =>
  closed(
    values.map((value) => `'${value}'`).join(', '),
    values.map((value) => [value, value] as const),
  );

/** Exactly `yes` or `no`. */
export const yesNo: Scalar<boolean> = closed("'yes' or 'no'", [
  ['yes', true],
  ['no', false],
] as const);

/** `yes` in any case is true, everything else false and never an error (`managed`, `default`). */
export const looseYes: Scalar<boolean> = {
  ...yesNo,
  read: (value) => value.toLowerCase() === 'yes',
  misread: (value) => (/^(?:yes|no)$/i.test(value) ? undefined : 'WORD_REWRITTEN'),
};

/** `yes` or `no` in any case (`vlan trunk`). */
export const caselessYesNo: Scalar<boolean> = { ...yesNo, read: (value) => yesNo.read(value.toLowerCase()) };

/** Exactly `off` is false, everything else true (`bridge stp`). */
export const onUnlessOff: Scalar<boolean> = {
  ...closed("'on' or 'off'", [
    ['on', true],
    ['off', false],
  ] as const),
  read: (value) => value !== 'off',
  misread: (value) => (value === 'on' || value === 'off' ? undefined : 'WORD_REWRITTEN'),
};

/** Exactly `on` or `off`. */
export const onOff: Scalar<boolean> = closed("'on' or 'off'", [
  ['on', true],
  ['off', false],
] as const);

// C's strtoul takes leading blanks and a plus sign; libvirt refuses a minus sign and anything after the digits.
const DECIMAL = /^[ \t\n\v\f\r]*\+?(\d+)$/;
const PREFIXED = /^[ \t\n\v\f\r]*\+?(?:0[xX]([0-9a-fA-F]+)|0([0-7]*)|([1-9]\d*))$/;

// libvirt's signed numbers take a minus sign as well.
const SIGNED = /^([ \t\n\v\f\r]*)-(.*)$/s;

const inRange = (value: number, min: number, max: number): number | undefined =>
  value >= min && value <= max ? value : undefined;

const wholeNumber = /* @__NO_SIDE_EFFECTS__ */ (
  min: number,
  max: number,
  read: (text: string) => number | undefined,
): Scalar<number> => ({
  label: `integer from ${min} to ${max}`,
  range: [min, max],
  read,
  write: String,
  accepts: (value) => Number.isSafeInteger(value) && inRange(Number(value), min, max) !== undefined,
});

/** A whole number in decimal digits. */
export const integer = /* @__NO_SIDE_EFFECTS__ */ (min: number, max: number): Scalar<number> =>
  wholeNumber(min, max, (value) => {
    const digits = DECIMAL.exec(value)?.[1];
    return digits === undefined ? undefined : inRange(Number(digits), min, max);
  });

/** A leading zero means octal, which is noticed from 010 on. */
const misreadNumber = (value: string): RuleId | undefined =>
  /^\s*\+?0+[1-7][0-7]/.test(value) ? 'NUMBER_REWRITTEN' : undefined;

/** A whole number as C writes it: decimal, `0x` hexadecimal or octal with a leading zero. Printed in decimal. */
export const cInteger = /* @__NO_SIDE_EFFECTS__ */ (min: number, max: number): Scalar<number> => ({
  ...wholeNumber(min, max, (value) => {
    const [whole, hex, octal, decimal] = PREFIXED.exec(value) ?? [];
    if (whole === undefined) return undefined;
    if (hex !== undefined) return inRange(Number.parseInt(hex, 16), min, max);
    return inRange(decimal === undefined ? Number.parseInt(`0${octal ?? ''}`, 8) : Number(decimal), min, max);
  }),
  misread: misreadNumber,
});

const INT32_MAX = 0x7fff_ffff;

const signed = (magnitude: Scalar<number>): Scalar<number> =>
  wholeNumber(-INT32_MAX - 1, INT32_MAX, (value) => {
    const [, blanks = '', digits] = SIGNED.exec(value) ?? [];
    if (digits === undefined) return inRange(magnitude.read(value) ?? Number.NaN, 0, INT32_MAX);
    const size = /^\d/.test(digits) ? magnitude.read(blanks + digits) : undefined;
    return size === undefined ? undefined : inRange(0 - size, -INT32_MAX - 1, 0);
  });

/** A C int in decimal digits. */
export const int32: Scalar<number> = signed(integer(0, INT32_MAX + 1));

/** A C int as C writes it: decimal, hexadecimal or octal. */
export const cInt32: Scalar<number> = signed(cInteger(0, INT32_MAX + 1));

/** A PCI address part: read as C writes it, printed as `0x` with the given number of digits. */
export const pciPart = /* @__NO_SIDE_EFFECTS__ */ (max: number, digits: number): Scalar<number> => ({
  ...cInteger(0, max),
  write: (value) => `0x${value.toString(16).padStart(digits, '0')}`,
});

export const UINT32_MAX = 0xffff_ffff;
const UINT64_MAX = 0xffff_ffff_ffff_ffffn;

const uint64Of = (digits: string): Uint64 | undefined => {
  const exact = BigInt(digits);
  if (exact > UINT64_MAX) return undefined;
  return exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : `${exact}`;
};

const acceptsUint64 = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isSafeInteger(value) && value >= 0
    : isText(value) && /^\d{1,20}$/.test(value) && BigInt(value) <= UINT64_MAX;

/** An unsigned 64-bit number in decimal digits. */
export const uint64: Scalar<Uint64> = {
  label: 'integer from 0 to 2^64-1',
  range: [0, Number.MAX_SAFE_INTEGER],
  read: (value) => {
    const digits = DECIMAL.exec(value)?.[1];
    return digits === undefined ? undefined : uint64Of(digits);
  },
  write: (value) => String(value),
  accepts: acceptsUint64,
};

/** An unsigned 64-bit number as C writes it (lease times). */
export const cUint64: Scalar<Uint64> = {
  ...uint64,
  misread: misreadNumber,
  read: (value) => {
    const [whole, hex, octal, decimal] = PREFIXED.exec(value) ?? [];
    if (whole === undefined) return undefined;
    if (hex !== undefined) return uint64Of(`0x${hex}`);
    return uint64Of(decimal ?? `0o${octal === undefined || octal === '' ? '0' : octal}`);
  },
};

/** The bridge's forward delay: an unsigned long that libvirt prints as a signed one. */
export const delaySeconds: Scalar<Uint64> = {
  ...uint64,
  write: (value) => (acceptsUint64(value) ? String(BigInt.asIntN(64, BigInt(value))) : String(value)),
};

/** A number up to 2^32-1 where libvirt lets negative ones wrap around: `-1` is 4294967295. */
const wrapping = /* @__NO_SIDE_EFFECTS__ */ (magnitude: Scalar<number>): Scalar<number> => ({
  ...magnitude,
  read: (value) => {
    const [, blanks = '', digits] = SIGNED.exec(value) ?? [];
    if (digits === undefined) return magnitude.read(value);
    const size = /^\d/.test(digits) ? magnitude.read(blanks + digits) : undefined;
    return size === undefined || size === 0 ? size : UINT32_MAX + 1 - size;
  },
});

/** An MTU. */
export const wrappingUint32: Scalar<number> = /* @__PURE__ */ wrapping(integer(0, UINT32_MAX));

/** The same as C writes it. */
export const wrappingCUint32: Scalar<number> = /* @__PURE__ */ wrapping(cInteger(0, UINT32_MAX));

// libvirt stops reading a MAC at the first control character or blank after the sixth group.
const MAC =
  /^([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2})(?=$|[\0-\x20])/i;

/** Most are written as libvirt prints them; one look tells. */
const PLAIN_MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/** The MAC in lower case with two digits a group; `undefined` when libvirt could not read it. */
export function normalizeMac(value: string): string | undefined {
  if (PLAIN_MAC.test(value)) return value;
  const groups = MAC.exec(value)?.slice(1);
  return groups?.map((group) => group.toLowerCase().padStart(2, '0')).join(':');
}

/** Tells whether the multicast bit is set, which no interface address may have. */
export const isMulticastMac = (mac: string): boolean => (Number.parseInt(mac, 16) & 1) === 1;

/** A MAC address, printed in lower case. The multicast bit is judged by a rule of its own. */
export const mac: Scalar<string> = {
  ...ofText('MAC address', normalizeMac),
  misread: (value) => (/^[0-9a-f:]*$/i.test(value) ? undefined : 'WORD_REWRITTEN'),
};

/** A MAC address that libvirt prints as it was written (dhcp hosts). */
export const verbatimMac: Scalar<string> = ofText('MAC address', (value) =>
  normalizeMac(value) === undefined ? undefined : value,
);

const PLAIN_UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A UUID with or without dashes, printed in lower case with dashes. */
export const uuid: Scalar<string> = ofText('UUID', (value) => {
  if (PLAIN_UUID.test(value)) return value;
  const digits = /^\s*((?:[0-9a-f]{2}[- ]*){15}[0-9a-f]{2})\s*$/i.exec(value)?.[1]?.replace(/[- ]/g, '').toLowerCase();
  return digits?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
});

const misreadAddress = (value: string): RuleId | undefined =>
  parseAddress(value) === undefined && !value.includes(':') ? 'ADDRESS_REWRITTEN' : undefined;

/** An IPv4 or IPv6 address, printed in libvirt's numeric form. */
export const ip: Scalar<string> = {
  ...ofText('IP address', (value) => (isPlainIpv4(value) ? value : readAddress(value)?.text)),
  misread: misreadAddress,
};

/** An IPv4 address. */
export const ipv4: Scalar<string> = {
  ...ofText('IPv4 address', (value) => {
    if (isPlainIpv4(value)) return value;
    const address = readAddress(value);
    // Asked for IPv4, getaddrinfo takes the IPv4 part of ::ffff:1.2.3.4.
    if (address?.family === 'ipv6' && address.value >> 32n === 0xffffn)
      return addressOf('ipv4', address.value & 0xffff_ffffn).text;
    return address?.family === 'ipv4' ? address.text : undefined;
  }),
  misread: misreadAddress,
};
