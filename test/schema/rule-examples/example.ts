import type { Issue } from '../../../src/errors/index.js';
import type { RuleId } from '../../../src/schema/rules/table.js';

/** When libvirt objects to an error: `unsafe` when it never does. A `warning` is never refused by anyone. */
export type Verdict = 'parse' | 'define' | 'start' | 'unsafe' | 'warning';

/** An issue that an example must have: its rule, how bad it is, where it is, and on which line of a text. */
export type Expected = readonly [rule: RuleId, is: Verdict, path: string, line?: number];

/** The formats that have rules. */
export type Format = 'network' | 'port' | 'host interface' | 'guest interface';

/** A text to read, data to check, or a call that lists issues where neither can say it. */
export type Source = string | object | ((libvirt?: string) => readonly Issue[]);

/** The smallest document that breaks one rule, and one beside it that is just right. */
export interface RuleExample {
  readonly rule: RuleId;
  readonly is: Verdict;
  /** Path of the issue. */
  readonly at: string;
  /** Line of the issue, for texts. */
  readonly line?: number;
  /** What the example is about, where a rule has several. */
  readonly what?: string;
  /** Default: `network`. */
  readonly format?: Format;
  /** The libvirt release to judge by. Default: the newest known. */
  readonly libvirt?: string;
  readonly broken: Source;
  /** Issues that cannot be avoided beside it. */
  readonly also?: readonly Expected[];
  /** Must not break the rule. Absent where the release alone decides. */
  readonly right?: Source;
  /** A release by which the broken document does not break the rule. */
  readonly fineIn?: string;
}

/** A network, one line for each part: the first part is on line 3. */
export const network = (...parts: readonly string[]): string =>
  ['<network>', '<name>n</name>', ...parts, '</network>'].join('\n');

/** What every network port needs, on lines 2 to 4: the first part is on line 5. */
export const port = (...parts: readonly string[]): string =>
  ['<networkport>', PORT_UUID, OWNER, MAC, ...parts, '</networkport>'].join('\n');

export const PORT_UUID = '<uuid>5d744f21-ba4a-4d6e-bdb2-30a35ff3207d</uuid>';
export const OWNER = '<owner><name>g</name><uuid>3be805a4-4a3c-4a35-a0b7-2b1a6e7f9d0e</uuid></owner>';
export const MAC = "<mac address='52:54:00:00:00:01'/>";

/** A host interface: the first part is on line 2. */
export const hostInterface = (type: string, ...parts: readonly string[]): string =>
  [`<interface type='${type}' name='if0'>`, ...parts, '</interface>'].join('\n');

/** A subnet that nothing is wrong with. */
export const SUBNET = "<ip address='10.0.0.1' prefix='24'/>";

/** The parts of a network that offers a bridge of the host. */
export const BRIDGED = ["<forward mode='bridge'/>", "<bridge name='br0'/>"] as const;

const MARK = '@';

/** A text with a marked place, once with the wrong value there and once with the right one; the line is the mark's. */
export function swap(template: string, wrong: string, right: string) {
  const [before = '', after = ''] = template.split(MARK);
  return {
    line: before.split('\n').length,
    broken: before + wrong + after,
    right: before + right + after,
  };
}

/** The issues that an example must have, and no others. */
export const expectedOf = ({ rule, is, at, line, also = [] }: RuleExample): readonly Expected[] => [
  line === undefined ? [rule, is, at] : [rule, is, at, line],
  ...also,
];

/** A name for an example among those of its rule. */
export const titleOf = ({ rule, what, at, libvirt }: RuleExample): string =>
  [rule, what ?? at, ...(libvirt === undefined ? [] : [libvirt])].join(', ');
