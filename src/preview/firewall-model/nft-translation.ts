import { lastAddress, parseAddress, parseCidr } from '../../schema/address.js';
import type { HostTarget } from './model.js';
import { portsOf } from './names.js';

const NO_MEANING: ReadonlySet<string> = new Set(['to', 'ip', 'ip6', 'random', 'fully-random', 'persistent']);

/**
 * Reads a translation of nftables.
 *
 * @param word - `masquerade`, `snat`, `dnat` or `redirect`
 * @param words - the words after it: `to 10.0.0.1:8080`, `to [fd00::1]:80`, `to 10.0.0.1-10.0.0.5:1-9`, `to :99`
 * @returns nothing for a translation that this library does not know
 */
export function translationOf(word: string, words: readonly string[]): HostTarget | undefined {
  if (word === 'snat' && /^(ip6? )?to ip6? saddr$/.test(words.join(' '))) return { type: 'snat' };
  const place = placeOf(
    words
      .filter((one) => !NO_MEANING.has(one))
      .join(' ')
      .replace(/^(\S+) : /, '$1:'),
  );
  if (place === undefined) return undefined;
  const { address, ...ports } = place;
  if (word === 'masquerade' || word === 'redirect') return { type: word, ...ports };
  const [start, end] = spanOf(address);
  if (start === undefined || end === undefined) return undefined;
  if (word === 'snat') return { type: 'snat', start, end, ...ports };
  return word === 'dnat' && start === end ? { type: 'dnat', address: start, ...ports } : undefined;
}

/** The first and last address of a text; nft prints ranges that are subnets as such. */
function spanOf(text: string): readonly [start: string | undefined, end: string | undefined] {
  const cidr = parseCidr(text);
  if (cidr !== undefined) return [cidr.address.text, lastAddress(cidr.address, cidr.prefix).text];
  const [start = '', end = start] = text.split('-');
  return [parseAddress(start)?.text, parseAddress(end)?.text];
}

interface Place {
  readonly address: string;
  readonly ports?: { readonly start: number; readonly end: number };
  readonly shift?: number;
}

function placeOf(text: string): Place | undefined {
  const [, bracketed, plain = bracketed, port] = /^(?:\[([^\]]+)\]|([\d.]*(?:[-/][\d.]+)?))(?::(.*))?$/.exec(text) ?? [
    undefined,
    undefined,
    text,
  ];
  const address = plain ?? '';
  if (port === undefined) return { address };
  const ports = portsOf(port);
  if (ports !== undefined) return { address, ports };
  const shift = shiftOf(port);
  return shift === undefined ? undefined : { address, shift };
}

/** The difference of all ports of `tcp dport map { 80 : 90, 81 : 91 }`; nothing where they differ in more than that. */
function shiftOf(text: string): number | undefined {
  const pairs = [...text.matchAll(/(\d+) : (\d+)/g)].map(([, from, to]) => Number(to) - Number(from));
  return / map \{/.test(text) && new Set(pairs).size === 1 ? pairs[0] : undefined;
}
