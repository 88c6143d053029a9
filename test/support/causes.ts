import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Lists the places in a folder of sources that catch an error and throw another one without it: file and line. */
export const lostCauses = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .flatMap((name) => lostCausesIn(readFileSync(join(folder, name), 'utf8')).map((line) => `${name}:${line}`));

/** Lines of a text that throw another error than the caught one, without it. */
export function lostCausesIn(text: string): readonly number[] {
  if (!/\bcatch\b/.test(text)) return [];
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  const source = ts.createSourceFile('source.ts', text, options, true);
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  return handlersIn(source).flatMap(({ body, caught }) =>
    throwsIn(body)
      .filter(({ expression }) => !passesOn(expression, caught))
      .map(lineOf),
  );
}

interface Handler {
  readonly body: ts.Node;
  /** Name of the caught error, where it has one. */
  readonly caught: string | undefined;
}

/** The nodes in a node, without the tokens, of which there are many. */
function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}

/** `catch (error) { ... }` and `.catch((error) => ...)`. */
function handlersIn(node: ts.Node): readonly Handler[] {
  return [...handlerOf(node), ...childrenOf(node).flatMap(handlersIn)];
}

function handlerOf(node: ts.Node): readonly Handler[] {
  if (ts.isCatchClause(node)) return [{ body: node.block, caught: node.variableDeclaration?.name.getText() }];
  if (!ts.isCallExpression(node) || !isCatch(node.expression)) return [];
  const [callback] = node.arguments;
  if (callback === undefined || !ts.isArrowFunction(callback)) return [];
  return [{ body: callback.body, caught: callback.parameters[0]?.name.getText() }];
}

const isCatch = (called: ts.Node): boolean => ts.isPropertyAccessExpression(called) && called.name.text === 'catch';

function throwsIn(node: ts.Node): readonly ts.ThrowStatement[] {
  if (ts.isThrowStatement(node)) return [node];
  return childrenOf(node).flatMap(throwsIn);
}

/** True if the expression is the caught error, or the call that makes another one gets it as a whole. */
function passesOn(node: ts.Expression, caught: string | undefined): boolean {
  if (ts.isConditionalExpression(node)) return passesOn(node.whenTrue, caught) && passesOn(node.whenFalse, caught);
  if (ts.isAwaitExpression(node)) return passesOn(node.expression, caught);
  if (ts.isNewExpression(node) || ts.isCallExpression(node))
    return (node.arguments ?? []).some((argument) => isHeldBy(argument, caught));
  return isHeldBy(node, caught);
}

/** True for the caught error itself, and for an object that has it as a property. */
function isHeldBy(node: ts.Node, caught: string | undefined): boolean {
  if (ts.isIdentifier(node)) return node.text === caught;
  if (ts.isObjectLiteralExpression(node)) return node.properties.some((property) => isHeldBy(property, caught));
  if (ts.isPropertyAssignment(node)) return isHeldBy(node.initializer, caught);
  return ts.isShorthandPropertyAssignment(node) && node.name.text === caught;
}
