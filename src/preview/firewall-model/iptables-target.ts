import type { HostTarget } from './model.js';
import { portsOf } from './names.js';
import { translationOf } from './nft-translation.js';
import { extensionTarget, isExtension } from './targets.js';

/**
 * Reads the action of a rule of iptables.
 *
 * @param verb - `-j` or `-g`
 * @param words - its name and options
 */
export function iptablesTarget(verb: '-j' | '-g', words: readonly string[]): HostTarget {
  const [name = '', ...options] = words;
  if (verb === '-g') return { type: 'goto', chain: name };
  const value = (option: string): string => options[options.indexOf(option) + 1] ?? '';
  switch (name) {
    case 'ACCEPT':
      return { type: 'accept' };
    case 'DROP':
      return { type: 'drop' };
    case 'REJECT':
      return { type: 'reject' };
    case 'RETURN':
      return { type: 'return' };
    case 'MASQUERADE': {
      const ports = portsOf(options.includes('--to-ports') ? value('--to-ports') : '');
      return { type: 'masquerade', ...(ports === undefined ? {} : { ports }) };
    }
    case 'SNAT':
      return translationOf('snat', [value('--to-source')]) ?? unknownTarget(words);
    case 'DNAT':
      return translationOf('dnat', [value('--to-destination')]) ?? unknownTarget(words);
    case 'REDIRECT':
      return translationOf('redirect', options.length > 1 ? [`:${value('--to-ports')}`] : []) ?? unknownTarget(words);
    case 'MARK':
      return markTarget(options) ?? unknownTarget(words);
    case 'CT':
      return { type: options.includes('--notrack') ? 'notrack' : 'none' };
    default:
      return isExtension(name) || ['CHECKSUM', 'NOTRACK'].includes(name)
        ? extensionTarget(words)
        : { type: 'jump', chain: name };
  }
}

const unknownTarget = (words: readonly string[]): HostTarget => ({ type: 'unknown', text: words.join(' ') });

/** iptables replaces the bits of the mask. */
function markTarget([option, value = '']: readonly string[]): HostTarget | undefined {
  const [set = '', mask = '0xffffffff'] = value.split('/');
  if (option !== '--set-xmark' && option !== '--set-mark') return undefined;
  return { type: 'mark', value: Number(set), mask: Number(mask) };
}
