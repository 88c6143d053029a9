import { type Call, type Chain, callsOf } from '../recorded.js';
import { fits, inside, onLines, type Position } from './layout.js';
import { areNumbers, breaksAnyway, brokenLiteral, flatLiteral, hasParts, literal } from './literal.js';

/** The parameter of functions that describe a part of a value. */
const PARAMETER = 'subnet';

type Step = (value: object) => unknown;
const isStep = (value: unknown): value is Step => typeof value === 'function';
const bodyOf = (step: Step): Chain => ({ root: PARAMETER, calls: callsOf(step) });

const flatCall = ({ method, args }: Call): string => `.${method}(${args.map(flatArgument).join(', ')})`;
const flatArgument = (arg: unknown): string =>
  isStep(arg) ? `(${PARAMETER}) => ${flatChain(bodyOf(arg))}` : flatLiteral(arg);
const flatChain = ({ root, calls }: Chain): string => root + calls.map(flatCall).join('');

const argumentBreaks = (arg: unknown): boolean =>
  isStep(arg) ? bodyOf(arg).calls.some(callBreaks) : breaksAnyway(arg);
const callBreaks = ({ args }: Call): boolean => args.some(argumentBreaks);

/** A class takes its first call on its line, a parameter does not. */
const isClass = (root: string): boolean => /^[A-Z]/.test(root);

/**
 * A chain of calls as people's formatters lay it out: on one line if it is short, otherwise each call on a line of its
 * own.
 */
export function printChain(chain: Chain, at: Position): string {
  const { root, calls } = chain;
  if (calls.length <= (isClass(root) ? 2 : 1)) return inOneLine(chain, at);
  const flat = flatChain(chain);
  const isPlain = calls.every(({ args }) => args.every(isSimple)) && !calls.some(callBreaks);
  return isPlain && fits(flat, at) ? flat : onePerLine(chain, at);
}

/** Tells whether an argument is quickly read: data without parts of parts, all named plainly. */
const isSimple = (arg: unknown): boolean =>
  !isStep(arg) && (!hasParts(arg) || (!Object.hasOwn(arg, '__proto__') && !Object.values(arg).some(hasParts)));

/** The calls one after the other; the arguments of one may take several lines. */
function inOneLine({ root, calls }: Chain, at: Position): string {
  return calls.reduce((text, call, i) => {
    const next = calls[i + 1];
    const after = next === undefined ? at.after : next.method.length + 2;
    const lastLine = text.slice(text.lastIndexOf('\n') + 1);
    const column = text.includes('\n') ? lastLine.length : at.column + text.length;
    return text + printCall(call, { ...at, column, after });
  }, root);
}

function onePerLine({ root, calls }: Chain, at: Position): string {
  const head = isClass(root) ? calls.slice(0, 1) : [];
  const first = inOneLine({ root, calls: head }, { ...at, after: 0 });
  const place = { indent: at.indent + 2, column: at.indent + 2 };
  const rest = calls.slice(head.length);
  const lines = rest.map((call, i) => printCall(call, { ...place, after: i === rest.length - 1 ? at.after : 0 }));
  return [first, ...lines.map((line) => ' '.repeat(place.indent) + line)].join('\n');
}

function printCall(call: Call, at: Position): string {
  const flat = flatCall(call);
  if (!callBreaks(call) && fits(flat, at)) return flat;
  const start = `.${call.method}(`;
  return `${start}${hugged(call.args, { ...at, column: at.column + start.length }) ?? listed(call.args, at)})`;
}

/** The arguments on one line up to the last one, whose parts take lines of their own; nothing where that does not fit. */
function hugged(args: readonly unknown[], at: Position): string | undefined {
  const last = args.at(-1);
  const others = args.slice(0, -1);
  if (!isHuggable(last, others) || others.some(argumentBreaks)) return undefined;
  const before = others.map((arg) => `${flatArgument(arg)}, `).join('');
  const opening = isStep(last) ? `(${PARAMETER}) =>` : '{';
  if (!fits(before + opening, { ...at, after: 0 })) return undefined;
  return before + (isStep(last) ? `${arrow(last, at)},\n${' '.repeat(at.indent)}` : brokenLiteral(last, at));
}

function isHuggable(last: unknown, others: readonly unknown[]): boolean {
  if (isStep(last)) return true;
  if (!hasParts(last)) return false;
  const before = others.at(-1);
  if (hasParts(before) && Array.isArray(before) === Array.isArray(last)) return false;
  return others.length === 0 || !Array.isArray(last) || !areNumbers(last);
}

/** A function with its body on lines of its own. */
const arrow = (step: Step, at: Position): string =>
  `(${PARAMETER}) =>\n${' '.repeat(at.indent + 2)}${printChain(bodyOf(step), inside(at))}`;

/** Each argument on a line of its own. */
const listed = (args: readonly unknown[], at: Position): string =>
  onLines(
    '',
    args.map((arg) => printArgument(arg, inside(at))),
    '',
    at,
  );

function printArgument(arg: unknown, at: Position): string {
  if (!isStep(arg)) return literal(arg, at);
  const flat = flatArgument(arg);
  return !argumentBreaks(arg) && fits(flat, at) ? flat : arrow(arg, at);
}

/** Texts up to this length are not worth a line of their own as the only argument of a call. */
const SHORT_ARGUMENT = 30;

/** A constant with its value. */
export function printConstant(name: string, chain: Chain): string {
  const start = `export const ${name} =`;
  const at = { indent: 0, column: start.length + 1, after: 1 };
  const isBetterBelow = !fits(flatChain(chain), at) && chain.calls.length <= 2 && chain.calls.every(isPoor);
  if (!isBetterBelow) return `${start} ${printChain(chain, at)};\n`;
  return `${start}\n  ${printChain(chain, { indent: 2, column: 2, after: 1 })};\n`;
}

/** Tells whether breaking the arguments of a call gains little. */
const isPoor = ({ args }: Call): boolean =>
  args.length === 0 || (args.length === 1 && !isStep(args[0]) && !hasParts(args[0]) && isShort(flatLiteral(args[0])));

const isShort = (text: string): boolean => text.length <= SHORT_ARGUMENT;

/** The import of classes from the package. */
export function printImport(classes: readonly string[]): string {
  const line = `import { ${classes.join(', ')} } from 'libvirt-network';`;
  const at = { indent: 0, column: 0, after: 0 };
  return fits(line, at) ? `${line}\n` : `import ${onLines('{', classes, '}', at)} from 'libvirt-network';\n`;
}
