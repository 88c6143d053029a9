import { problemsOf as allProblemsOf } from '../rule-examples/check.js';
import type { RuleExample } from '../rule-examples/example.js';
import { REMOVED } from './removed.js';

export { RULE_EXAMPLES } from '../rule-examples/index.js';

/** What an example does not show, apart from issues whose rule is taken away. */
export const problemsOf = (example: RuleExample): readonly string[] => allProblemsOf(example, REMOVED);
