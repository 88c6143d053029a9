import { LibvirtError } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { shown } from '../../options/shown.js';

/** A test of a value, and what it asks for. */
type Check = readonly [fits: (value: unknown) => boolean, what: string];

const FLAG: Check = [(value) => typeof value === 'boolean', 'true or false'];
const MILLISECONDS: Check = [
  (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
  'a number of milliseconds from 0',
];
const oneOf = (...words: readonly string[]): Check => [
  (value) => words.some((word) => word === value),
  `one of ${words.join(', ')}`,
];

const CHECKS: Readonly<Record<string, Check>> = {
  live: FLAG,
  stored: FLAG,
  active: FLAG,
  releaseMs: MILLISECONDS,
  everyMs: MILLISECONDS,
  network: [(value) => typeof value === 'string' && value !== '', 'the name or uuid of a network'],
  source: oneOf('lease', 'agent', 'arp'),
  family: oneOf('ipv4', 'ipv6'),
};

/**
 * Returns a copy of the options of a call on guests, with its values checked: a `live` of `'no'` would count as true.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function checkedOptions<T extends object>(given: T, names: OptionNames<T>, call: string): T {
  const options = optionsOf(given, names, call);
  for (const [name, value] of Object.entries(options)) {
    const [fits, what] = CHECKS[name] ?? [() => true, ''];
    if (value !== undefined && !fits(value))
      throw new LibvirtError('INVALID_ARGUMENT', `${name} of ${call} must be ${what}, not ${shown(value)}`, {
        hint: `leave ${name} out for its default`,
      });
  }
  return options;
}
