import { describe, expect, it } from 'vitest';
import { RULES, type RuleId } from '../../src/schema/rules/table.js';
import { issuesOf, problemsOf } from './rule-examples/check.js';
import { expectedOf, titleOf } from './rule-examples/example.js';
import { RULE_EXAMPLES } from './rule-examples/index.js';

const examplesOf = (rule: RuleId) => RULE_EXAMPLES.filter((example) => example.rule === rule);

describe('every rule', () => {
  it.each(Object.keys(RULES) as RuleId[])(
    '%s has a document that breaks it, and one beside it that does not',
    (rule) => {
      const examples = examplesOf(rule);
      expect(examples).not.toEqual([]);
      expect(examples.filter(({ right, fineIn }) => right === undefined && fineIn === undefined)).toEqual([]);
    },
  );

  it('and every release limit of a rule has an example on both sides', () => {
    const limited = Object.entries(RULES).filter(([, rule]) => 'since' in rule || 'until' in rule);
    const shown = new Set(RULE_EXAMPLES.filter(({ fineIn }) => fineIn !== undefined).map(({ rule }) => rule));
    expect(limited.map(([id]) => id).filter((id) => !shown.has(id as RuleId))).toEqual([]);
  });
});

describe('each example has its issues and no others, and the document beside it does not break the rule', () => {
  it.each(RULE_EXAMPLES.map((example) => [titleOf(example), example] as const))('%s', (_, example) => {
    expect(problemsOf(example)).toEqual([]);
    for (const { message, hint = '' } of issuesOf(example.broken, example.format, example.libvirt))
      expect(`${message} ${hint}`).not.toMatch(/\{[a-z]+\}/);
  });

  it('and every one has a title of its own', () => {
    const titles = RULE_EXAMPLES.map(titleOf);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });
});

describe('an example fails', () => {
  const [example] = examplesOf('MTU_TOO_BIG');
  if (example === undefined) throw new Error('MTU_TOO_BIG has no example');
  const { broken, right } = example;

  it('when its document does not break the rule', () => {
    expect(problemsOf({ ...example, broken: right ?? '' })).toEqual([expect.stringMatching(/^lacks MTU_TOO_BIG/)]);
  });

  it('when the document beside it breaks the rule', () => {
    expect(problemsOf({ ...example, right: broken })).toEqual([
      expect.stringMatching(/^the right one has MTU_TOO_BIG/),
    ]);
  });

  it.each([
    ['its severity or phase', { is: 'parse' }],
    ['its path', { at: 'mtu' }],
    ['its line', { line: 1 }],
  ] as const)('when the issue differs in %s', (_, other) => {
    expect(problemsOf({ ...example, ...other })).toEqual([
      expect.stringMatching(/^lacks/),
      expect.stringMatching(/^has also/),
    ]);
  });

  it('when the document has another issue as well', () => {
    const { also: _, ...alone } = { ...examplesOf('BRIDGE_ZONE_MODE')[0] };
    expect(expectedOf(alone as typeof example)).toHaveLength(1);
    expect(problemsOf(alone as typeof example)).toEqual([expect.stringMatching(/^has also BRIDGE_STP_MODE/)]);
  });

  it('when a release that should accept the document does not', () => {
    expect(problemsOf({ ...example, fineIn: '9.0.0' })).toEqual([expect.stringMatching(/^by 9\.0\.0 too/)]);
  });
});
