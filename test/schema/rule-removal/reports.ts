import ts from 'typescript';

/** A place in the sources that reports a rule, or calls a function that does. */
export interface ReportPlace {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** `call`: without its call nothing is reported there; `id`: the id of a rule that is reported elsewhere. */
  readonly kind: 'call' | 'id';
  readonly text: string;
}

export const parse = (file: string, text: string): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);

/** All nodes of a tree, parents first. */
export function nodesOf(node: ts.Node, into: ts.Node[] = []): ts.Node[] {
  into.push(node);
  ts.forEachChild(node, (child) => {
    nodesOf(child, into);
  });
  return into;
}

/** Functions that do nothing but report. */
const REPORT = /^(?:#?report(?:Shape)?|drop)$/;

/** Name of a function that is called, whatever it is called on. */
function calleeOf({ expression }: ts.CallExpression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : undefined;
}

/** Name that a function is declared by: its own, or that of the constant or property that it is. */
export function declaredName(node: ts.Node): string | undefined {
  if (!ts.isFunctionLike(node)) return undefined;
  const named = node.name ?? (node.parent as Partial<ts.NamedDeclaration>).name;
  return named !== undefined && (ts.isIdentifier(named) || ts.isPrivateIdentifier(named)) ? named.text : undefined;
}

/** Names of all functions that report, by themselves or by calling others that do. */
export function reportersOf(files: readonly ts.SourceFile[]): ReadonlySet<string> {
  const calls = files.flatMap((file) => nodesOf(file).flatMap((node) => callsOf(node)));
  const reporters = new Set(calls.flatMap(({ callee }) => (REPORT.test(callee) ? [callee] : [])));
  for (let before = 0; before < reporters.size; ) {
    before = reporters.size;
    for (const { caller, callee } of calls) if (reporters.has(callee)) reporters.add(caller);
  }
  return reporters;
}

/** The calls that a function makes, in the functions inside it too. */
function callsOf(node: ts.Node): { readonly caller: string; readonly callee: string }[] {
  const caller = declaredName(node);
  if (caller === undefined) return [];
  return nodesOf(node).flatMap((inner) => {
    const callee = ts.isCallExpression(inner) ? calleeOf(inner) : undefined;
    return callee === undefined ? [] : [{ caller, callee }];
  });
}

/** The places of one file. */
export function placesIn(file: ts.SourceFile, reporters: ReadonlySet<string>, rules: ReadonlySet<string>) {
  return nodesOf(file).flatMap((node): ReportPlace[] => {
    const kind = isReportingCall(node, reporters) ? 'call' : isReportedId(node, rules) ? 'id' : undefined;
    if (kind === undefined) return [];
    const start = node.getStart();
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    return [{ start, end: node.end, line, kind, text: oneLine(node.getText()) }];
  });
}

const oneLine = (text: string): string => {
  const short = text.replace(/\s+/g, ' ');
  return short.length > 90 ? `${short.slice(0, 90)}...` : short;
};

/** A call that only reports: it passes on what collects reports, and nothing uses what it returns. */
function isReportingCall(node: ts.Node, reporters: ReadonlySet<string>): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false;
  const callee = calleeOf(node) ?? '';
  if (REPORT.test(callee)) return true;
  return reporters.has(callee) && isDiscarded(node) && node.arguments.some((one) => COLLECTOR.test(one.getText()));
}

/** What functions that report are given. */
const COLLECTOR = /^(?:context\b|report\b|drop\b|\{ document, report \}|reporter\(|ruleContext\()/;

function isDiscarded(call: ts.CallExpression): boolean {
  const { parent } = call;
  if (ts.isExpressionStatement(parent)) return true;
  // A callback of eachOf() returns nothing.
  const around = ts.isArrowFunction(parent) ? parent.parent : undefined;
  return around !== undefined && ts.isCallExpression(around) && calleeOf(around) === 'eachOf';
}

/** Properties that say which rule is broken. */
const SAYS_RULE = new Set(['rule', 'invalid', 'missing', 'twice']);

/** The id of a rule, where it is the value that says what is reported. */
function isReportedId(node: ts.Node, rules: ReadonlySet<string>): boolean {
  if (!ts.isStringLiteral(node) || !rules.has(node.text)) return false;
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) && parent.initializer === node) return SAYS_RULE.has(parent.name.getText());
  if (ts.isConditionalExpression(parent) || ts.isReturnStatement(parent)) return true;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
  if (isIdElsewhere(node)) return false;
  throw new Error(`${node.getSourceFile().fileName}: whether ${parent.getText()} reports ${node.text} is unknown`);
}

/** In a type, a list, a case, or as the argument of a call that is a place itself, the id of a rule reports nothing. */
const isIdElsewhere = ({ parent }: ts.Node): boolean =>
  ts.isLiteralTypeNode(parent) ||
  ts.isArrayLiteralExpression(parent) ||
  ts.isCaseClause(parent) ||
  (ts.isCallExpression(parent) && REPORT.test(calleeOf(parent) ?? ''));
