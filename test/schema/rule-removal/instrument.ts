import ts from 'typescript';
import { REMOVED } from './removed.js';
import { declaredName, nodesOf, parse, placesIn, type ReportPlace } from './reports.js';

/** What instrumented sources ask: which place, or which rule, is taken away. */
export interface Switches {
  /** The id of a rule at a place, or {@link REMOVED}. */
  id(place: number, rule: string): string;
  /** Whether a call is left out. */
  skips(place: number): boolean;
  /** Whether a report of a rule is dropped. */
  drops(rule: string): boolean;
}

interface Edit {
  readonly at: number;
  readonly text: string;
}

/** A place with its number, and the file that it is in. */
export interface NumberedPlace extends ReportPlace {
  readonly number: number;
  readonly file: string;
}

/** Makes sources ask before they report. */
export class Instrumenter {
  readonly places: NumberedPlace[] = [];
  readonly #rules: ReadonlySet<string>;
  readonly #reporters: ReadonlySet<string>;

  constructor(rules: ReadonlySet<string>, reporters: ReadonlySet<string>) {
    this.#rules = rules;
    this.#reporters = reporters;
  }

  /** The text of a file that asks `switches` before each report. */
  instrument(file: string, text: string): string {
    if (hasOwnExamples(file)) return text;
    const source = parse(file, text);
    const places = placesIn(source, this.#reporters, this.#rules)
      .filter(({ kind }) => kind === 'id' || isSchema(file))
      .map((place, i) => ({ ...place, file, number: this.places.length + i }));
    this.places.push(...places);
    const edits = [...places.flatMap(editsOf), ...guardsIn(source)].sort((a, b) => b.at - a.at);
    const edited = edits.reduce((before, { at, text: added }) => before.slice(0, at) + added + before.slice(at), text);
    return /export const RULES\b/.test(text) ? edited + REMOVED_RULE : edited;
  }
}

/** Formats with tables of rules of their own have examples of their own. */
const hasOwnExamples = (file: string): boolean => /^src\/schema\/(?:guests|nwfilter)\//.test(file);

/** The rules are checked there; others that call them, such as the classes, have tests of their own. */
const isSchema = (file: string): boolean => file.startsWith('src/schema/');

/** The rule that stands for removed ones, so that an issue can be made of it. */
const REMOVED_RULE = `
Object.defineProperty(RULES, '${REMOVED}', { value: { phase: 'never', severity: 'warning', message: '' } });`;

function editsOf({ kind, number, start, end }: NumberedPlace): Edit[] {
  const before = kind === 'call' ? `(switches.skips(${number}) ? undefined : ` : `switches.id(${number}, `;
  return [
    { at: start, text: before },
    { at: end, text: ')' },
  ];
}

/** Functions that collect reports drop those of a removed rule. */
function guardsIn(source: ts.SourceFile): Edit[] {
  return nodesOf(source).flatMap((node) => {
    if (!/^#?report$/.test(declaredName(node) ?? '') || !ts.isFunctionLike(node)) return [];
    const { body } = node as ts.FunctionLikeDeclaration;
    const [rule] = node.parameters;
    if (body === undefined || !ts.isBlock(body) || rule === undefined) return [];
    return [{ at: body.getStart() + 1, text: `if (switches.drops(${rule.name.getText()})) return;` }];
  });
}
