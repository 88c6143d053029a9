// Takes away each rule's reports in turn, and each place that reports one, and runs the table of rule examples without
// them. Ends with 1 when no example notices a removal. `--share 0.1 --seed 7` tries a tenth of the removals.
import { strict as assert } from 'node:assert';
import { parseArgs } from 'node:util';
import { RuleRemoval } from '../test/schema/rule-removal/remove.js';
import { Random } from '../test/support/random.js';

const { values } = parseArgs({
  options: { share: { type: 'string', default: '1' }, seed: { type: 'string', default: '20260101' } },
});
const [share, seed] = [Number(values.share), Number(values.seed)];
assert(share > 0 && share <= 1, `--share must be above 0 and at most 1, not ${values.share}`);
assert(Number.isInteger(seed), `--seed must be a whole number, not ${values.seed}`);

const rules = await RuleRemoval.create();
assert.deepEqual(rules.problems, [], 'the examples must pass while every report is there');
const random = new Random(seed);
const tried = rules.removals.filter(() => random.chance(share));
const outcomes = tried.map((removal) => rules.attempt(removal));
for (const { name, noticedBy } of outcomes)
  console.log(noticedBy === undefined ? `UNNOTICED ${name}` : `noticed   ${name}   by ${noticedBy}`);

const unnoticed = outcomes.filter(({ noticedBy }) => noticedBy === undefined).length;
console.log(`${tried.length} of ${rules.removals.length} removals tried, ${unnoticed} unnoticed, --seed ${seed}`);
process.exitCode = unnoticed === 0 ? 0 : 1;
