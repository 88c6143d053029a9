import { shortHash } from '../../model/names.js';

const MASK = (1n << 128n) - 1n;

/** 128 bits of FNV-1a. */
function wideHash(text: string): bigint {
  let value = 0x6c62272e07bb014262b821756295c58dn;
  for (const byte of plainText(text))
    value = ((value ^ BigInt(byte.charCodeAt(0))) * 0x1000000000000000000013bn) & MASK;
  return value;
}

/** A text in the characters of URLs; half a character, which no name in XML has, becomes a whole one. */
const plainText = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

/**
 * Eighteen letters and digits, 93 bits, that stand for a network in the names of its chains and tables: iptables allows
 * 28 characters for a chain.
 */
export const ruleId = (network: string): string => wideHash(network).toString(36).padStart(25, '0').slice(-18);

/** Longest part of a file name that is made of a network's name; Linux allows 255 bytes in all. */
const LONGEST = 180;

/** The file name of a network's hook: the whole name of the network is in it, unless that is longer than a file's may be. */
export function hookFileName(network: string): string {
  const plain = plainText(network).replace(/[!'()*~]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  const name = plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 40)}~${ruleId(network)}`;
  return `50-libvirt-network-${name}`;
}

/** The file name that hooks had in early versions: networks whose names have the same hash shared it. */
export const earlyHookFileName = (network: string): string => `50-libvirt-forward-${shortHash(network)}`;
