import { RULES } from '../../../src/schema/rules/table.js';
import type { RuleExample } from '../rule-examples/example.js';
import { type Bundle, bundleRules, type Checker } from './bundle.js';
import type { NumberedPlace, Switches } from './instrument.js';
import { REMOVED } from './removed.js';

/** One thing to take away: a rule wherever it is reported, or one place that reports. */
export interface Removal {
  readonly name: string;
  readonly switches: Switches;
  /** Whether the sources ask for it while they are loaded, as tables do, and not only when they check a document. */
  readonly isLoaded: boolean;
  /** Indexes of the examples that are most likely to notice. */
  readonly likely: readonly number[];
}

/** What became of a removal. */
export interface Outcome {
  readonly name: string;
  /** The first example that fails; absent when all of them pass. */
  readonly noticedBy?: string;
}

const NOTHING: Switches = { id: (_, rule) => rule, skips: () => false, drops: (rule) => rule === REMOVED };

const switchesWithoutRule = (removed: string): Switches => ({
  id: (_, rule) => (rule === removed ? REMOVED : rule),
  skips: () => false,
  drops: (rule) => rule === REMOVED || rule === removed,
});

const switchesWithoutPlace = (removed: number): Switches => ({
  id: (place, rule) => (place === removed ? REMOVED : rule),
  skips: (place) => place === removed,
  drops: (rule) => rule === REMOVED,
});

/** Everything that can be taken away from the rules, and the examples that must notice it. */
export class RuleRemoval {
  readonly removals: readonly Removal[];
  /** What the examples say of the rules when nothing is taken away. */
  readonly problems: readonly string[];
  readonly #bundle: Bundle;
  /** What the sources that are loaded once go by; changes with each removal. */
  #current = NOTHING;
  readonly #shared: Checker;

  private constructor(bundle: Bundle) {
    this.#bundle = bundle;
    this.#shared = bundle.load({
      id: (place, rule) => this.#current.id(place, rule),
      skips: (place) => this.#current.skips(place),
      drops: (rule) => this.#current.drops(rule),
    });
    const { problems, reached, examples } = runAll(bundle);
    this.problems = problems;
    const about = (text: string) =>
      examples.flatMap(({ rule }, i) => (new RegExp(`\\b${rule}\\b`).test(text) ? [i] : []));
    this.removals = [
      ...Object.keys(RULES).map((rule) => ({
        name: rule,
        switches: switchesWithoutRule(rule),
        isLoaded: false,
        likely: about(rule),
      })),
      ...bundle.places.map((place) => ({
        name: nameOf(place),
        isLoaded: place.kind === 'id',
        switches: switchesWithoutPlace(place.number),
        likely: reached.get(place.number) ?? about(place.text),
      })),
    ];
  }

  static async create(): Promise<RuleRemoval> {
    return new RuleRemoval(await bundleRules());
  }

  /**
   * Takes one thing away and looks for an example that fails.
   *
   * @param isAsked - which examples there are
   */
  attempt({ name, switches, isLoaded, likely }: Removal, isAsked = (_: RuleExample): boolean => true): Outcome {
    this.#current = switches;
    const { RULE_EXAMPLES, problemsOf } = isLoaded ? this.#bundle.load(switches) : this.#shared;
    const ordered = [...likely.flatMap((i) => RULE_EXAMPLES[i] ?? []), ...RULE_EXAMPLES];
    const failed = ordered.find((example) => isAsked(example) && problemsOf(example).length > 0);
    return failed === undefined ? { name } : { name, noticedBy: `${failed.rule} at '${failed.at}'` };
  }
}

const nameOf = ({ file, line, text }: NumberedPlace): string => `${file}:${line} ${text}`;

/** Runs every example once with nothing taken away, and notes which calls each one reaches. */
function runAll(bundle: Bundle) {
  const reached = new Map<number, number[]>();
  let current = 0;
  const { RULE_EXAMPLES, problemsOf } = bundle.load({
    ...NOTHING,
    skips: (place) => {
      const known = reached.get(place) ?? [];
      if (known.at(-1) !== current) reached.set(place, [...known, current]);
      return false;
    },
  });
  const problems = RULE_EXAMPLES.flatMap((example, i) => {
    current = i;
    return problemsOf(example);
  });
  return { problems, reached, examples: RULE_EXAMPLES };
}
