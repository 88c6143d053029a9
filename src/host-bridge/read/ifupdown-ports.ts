import { wordsOf } from './values.js';

/** The ports that a bridge asks for: by their names, and by patterns. */
export interface PortWords {
  readonly names: readonly string[];
  /** Extended regular expressions for whole names. */
  readonly patterns: readonly string[];
}

/** What bridge-utils takes `all` for. */
const ALL = ['eth.*', 'em.*', 'en.*', 'p[0-9].*'];

/** Reads `bridge_ports`: names, and between `regex` and `noregex` patterns. */
export function portWords(text: string): PortWords {
  const [names, patterns]: [string[], string[]] = [[], []];
  let isPattern = false;
  for (const word of wordsOf(text)) {
    if (word === 'regex' || word === 'noregex') isPattern = word === 'regex';
    else if (word === 'all') {
      patterns.push(...ALL);
      isPattern = false;
    } else if (isPattern) patterns.push(word);
    else if (word !== 'none') names.push(word);
  }
  return { names, patterns };
}

/** The devices that match one of the patterns. */
export function matching(patterns: readonly string[], devices: readonly string[]): readonly string[] {
  const expressions = patterns.flatMap((pattern) => expressionOf(pattern) ?? []);
  // The kernel knows no longer names, and on short ones no pattern is slow.
  return devices.filter((name) => name.length <= 15 && expressions.some((expression) => expression.test(name)));
}

function expressionOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
}
