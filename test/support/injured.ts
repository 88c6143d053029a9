import { LibvirtError } from '../../src/errors/index.js';
import { inspectNetwork } from '../../src/schema/network/read.js';
import type { Random } from '../support/random.js';

const FRAGMENTS = [
  '<',
  '>',
  '&',
  "'",
  '"',
  '/',
  '<!--',
  '-->',
  ']]>',
  '<![CDATA[',
  '&#0;',
  '&#65;',
  '&lt',
  '<?x?>',
  '</',
  '<a>',
  '\u0000',
  '\u0001',
  '\ufffe',
  '\r\n',
  '=',
  ' ',
  'ä',
  '😀',
  '\ud83d',
  '<!DOCTYPE a>',
  '<__proto__/>',
  'xmlns=',
  ':',
  '--',
  '{{ x }}',
];

/** One to four small injuries anywhere in a text. */
export function injure(random: Random, source: string): string {
  let text = source;
  for (let i = random.int(1, 4); i > 0; i--) {
    const at = random.int(0, text.length);
    const length = random.pick([0, 0, 1, 1, 2, 5, 30]);
    const middle = random.pick([
      () => '',
      () => random.pick(FRAGMENTS),
      () => text.slice(at, at + 20),
      () => String.fromCharCode(random.int(0, 0xffff)),
    ])();
    text = text.slice(0, at) + middle + text.slice(at + length);
  }
  return text;
}

export function outcome(source: string): 'value' | 'refused' {
  try {
    inspectNetwork(source);
    return 'value';
  } catch (error) {
    if (LibvirtError.is(error)) return 'refused';
    throw error;
  }
}
