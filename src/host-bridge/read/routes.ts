import { parseAddress } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import { networkOf, parseCidr } from '../address.js';
import type { BridgeRoute } from '../document.js';
import { wholeNumber, wordsOf } from './values.js';

/** Words in pairs, `via 10.0.0.1 metric 5`; `undefined` when one is left over or the shell has a say in it. */
export function pairsOf(text: string): ReadonlyMap<string, string> | undefined {
  const words = wordsOf(text);
  if (words.length % 2 !== 0 || /[;&|$`<>()]/.test(text)) return undefined;
  return new Map(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? '']] : [])));
}

/** A network as people write it: `default`, or a single address without a prefix. */
export function networkText(to: string, via: string | undefined): string {
  const isV6 = `${to}${via ?? ''}`.includes(':');
  if (to === 'default') return isV6 ? '::/0' : '0.0.0.0/0';
  const whole = to.includes('/') ? to : `${to}/${isV6 ? 128 : 32}`;
  const read = parseCidr(whole);
  // Bits after the prefix mean nothing: systems mask them.
  return read === undefined ? whole : networkOf(read);
}

/** A route in the words of `ip route add`; `undefined` when it says more than the model can, or is of another device. */
export function routeIn(text: string, device: string): BridgeRoute | undefined {
  const [to = '', ...rest] = wordsOf(text);
  const onLink = rest.includes('onlink');
  // The main table is the one without a word too.
  const words = pairsOf(
    rest
      .filter((word) => word !== 'onlink')
      .join(' ')
      .replace(/\btable main\b/, ''),
  );
  const known = ['via', 'dev', 'metric', 'table'];
  if (words === undefined || [...words.keys()].some((key) => !known.includes(key))) return undefined;
  if ((words.get('dev') ?? device) !== device) return undefined;
  const via = words.get('via');
  const network = networkText(to, via);
  const isOdd = (key: string): boolean => wholeNumber(words.get(key) ?? '0') === undefined;
  if (isOdd('metric') || isOdd('table')) return undefined;
  if (parseCidr(network) === undefined || (via !== undefined && parseAddress(via) === undefined)) return undefined;
  return compact({
    to: network,
    via,
    metric: wholeNumber(words.get('metric') ?? ''),
    table: wholeNumber(words.get('table') ?? ''),
    onLink: onLink || undefined,
  });
}

/** Tells whether a setting is not there, or is one of some words. */
export const isOneOf = (text: string | undefined, ...words: readonly string[]): boolean =>
  text === undefined || words.includes(text);
