import { readAddress } from '../address.js';
import { normalizeMac } from '../scalar.js';
import { decimalOrVariable } from './numbers.js';
import { textOrVariable } from './variable.js';

/** A MAC address. */
export const macValue = /* @__PURE__ */ textOrVariable('MAC address or variable', normalizeMac);

/** The bits that are set, from the front; `undefined` where there is a gap. */
function prefixOf(value: bigint, bits: number): number | undefined {
  const text = value.toString(2).padStart(bits, '0');
  return /^(1*)0*$/.exec(text)?.[1]?.length;
}

/** The mask of a MAC address. */
export const macMask = /* @__PURE__ */ textOrVariable('MAC mask without gaps, or variable', (text) => {
  const mask = normalizeMac(text);
  return mask !== undefined && prefixOf(BigInt(`0x${mask.replaceAll(':', '')}`), 48) !== undefined ? mask : undefined;
});

const addressIn = (text: string, family: 'ipv4' | 'ipv6') => {
  const address = readAddress(text);
  return address?.family === family ? address : undefined;
};

/** An IPv4 address. */
export const ipv4Value = /* @__PURE__ */ textOrVariable(
  'IPv4 address or variable',
  (text) => addressIn(text, 'ipv4')?.text,
);
/** An IPv6 address. */
export const ipv6Value = /* @__PURE__ */ textOrVariable(
  'IPv6 address or variable',
  (text) => addressIn(text, 'ipv6')?.text,
);

const maskIn = (family: 'ipv4' | 'ipv6', bits: number) => (text: string) => {
  const address = addressIn(text, family);
  return address === undefined ? undefined : prefixOf(address.value, bits);
};

/** The prefix of an IPv4 subnet. */
export const prefix4 = /* @__PURE__ */ decimalOrVariable(
  32,
  'prefix from 0 to 32, netmask without gaps, or variable',
  maskIn('ipv4', 32),
);
/** The prefix of an IPv6 subnet. */
export const prefix6 = /* @__PURE__ */ decimalOrVariable(
  128,
  'prefix from 0 to 128, netmask without gaps, or variable',
  maskIn('ipv6', 128),
);
