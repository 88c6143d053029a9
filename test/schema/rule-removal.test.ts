import { beforeAll, describe, expect, it } from 'vitest';
import { RULES } from '../../src/schema/rules/table.js';
import { thinned } from '../support/random.js';
import { RuleRemoval } from './rule-removal/remove.js';

describe('the examples notice', () => {
  let rules: RuleRemoval;
  beforeAll(async () => {
    rules = await RuleRemoval.create();
  });

  it('nothing while every report is there', () => {
    expect(rules.problems).toEqual([]);
  });

  it('that a report is taken away', () => {
    const outcomes = thinned('removals of reports', rules.removals).map((removal) => rules.attempt(removal));
    expect(outcomes.filter(({ noticedBy }) => noticedBy === undefined)).toEqual([]);
  });

  it('nothing of a rule that has no example', () => {
    const removal = rules.removals.find(({ name }) => name === 'MTU_TOO_BIG');
    if (removal === undefined) throw new Error('MTU_TOO_BIG is not among the removals');
    expect(rules.attempt(removal).noticedBy).toBe("MTU_TOO_BIG at 'mtu.size'");
    expect(rules.attempt(removal, ({ rule }) => rule !== 'MTU_TOO_BIG').noticedBy).toBeUndefined();
  });

  it('every rule by its own name, and each has a place that reports it', () => {
    const names = rules.removals.map(({ name }) => name);
    const places = names.slice(Object.keys(RULES).length);
    expect(names).toEqual(expect.arrayContaining(Object.keys(RULES)));
    expect(Object.keys(RULES).filter((rule) => !places.some((place) => place.includes(`'${rule}'`)))).toEqual([]);
  });
});
