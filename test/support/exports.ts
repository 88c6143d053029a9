import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** The names that a module exports, each with the place of its declaration as `file#name`. */
export type Exports = ReadonlyMap<string, string>;

/** Follows the exports of a source file to where they are declared. Reads the syntax alone, and each file once. */
export function exportsOf(file: string): Exports {
  const found = known.get(file) ?? readExports(file);
  known.set(file, found);
  return found;
}

const known = new Map<string, Exports>();

function readExports(file: string): Exports {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return new Map(source.statements.flatMap((statement) => namesOf(statement, file)));
}

type Named = readonly [name: string, place: string];

function namesOf(statement: ts.Statement, file: string): readonly Named[] {
  if (ts.isExportDeclaration(statement)) return reExportsOf(statement, file);
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return isExported ? declaredIn(statement).map((name) => [name, `${file}#${name}`]) : [];
}

function reExportsOf({ exportClause, moduleSpecifier }: ts.ExportDeclaration, file: string): readonly Named[] {
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier))
    throw new Error(`${file} exports names that it does not declare`);
  const from = exportsOf(join(dirname(file), moduleSpecifier.text.replace(/\.js$/, '.ts')));
  if (exportClause === undefined) return [...from];
  if (!ts.isNamedExports(exportClause)) throw new Error(`${file} exports a namespace`);
  return exportClause.elements.map(({ name, propertyName }) => {
    const place = from.get((propertyName ?? name).text);
    if (place === undefined) throw new Error(`${file} exports ${name.text}, which does not exist`);
    return [name.text, place];
  });
}

function declaredIn(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : ''));
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

/** The names that mean one thing in one entry and another thing in another. */
export function clashesOf(entries: ReadonlyMap<string, Exports>): readonly string[] {
  const places = new Map<string, Set<string>>();
  for (const exported of entries.values())
    for (const [name, place] of exported) places.set(name, (places.get(name) ?? new Set()).add(place));
  return [...places].filter(([, found]) => found.size > 1).map(([name]) => name);
}
