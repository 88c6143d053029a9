// Reads the TSDoc of interfaces and of their properties with the TypeScript compiler.
import ts from 'typescript';

const OPTIONS = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, skipLibCheck: true, noEmit: true };

/** `ElementTable<DhcpRange>` says that a constant is the table of `DhcpRange`. */
function tableType({ type }, source) {
  const isTable =
    type !== undefined && ts.isTypeReferenceNode(type) && type.typeName.getText(source) === 'ElementTable';
  return isTable ? type.typeArguments?.[0]?.getText(source) : undefined;
}

/**
 * @param files - paths of source files that declare interfaces and their tables
 * @returns the name of the interface of each table constant, and the prose of an interface or of one of its properties
 */
export function readProse(files) {
  const program = ts.createProgram(files, OPTIONS);
  const checker = program.getTypeChecker();
  const types = new Map();
  const interfaceOfTable = new Map();
  for (const file of files) {
    const source = program.getSourceFile(file);
    ts.forEachChild(source, (node) => {
      if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
        types.set(node.name.text, checker.getSymbolAtLocation(node.name));
      if (!ts.isVariableStatement(node)) return;
      for (const declaration of node.declarationList.declarations) {
        const type = tableType(declaration, source);
        if (type !== undefined) interfaceOfTable.set(declaration.name.text, type);
      }
    });
  }

  const proseOf = (name, property) => {
    const symbol = types.get(name);
    const found =
      property === undefined || symbol === undefined
        ? symbol
        : checker.getDeclaredTypeOfSymbol(symbol).getProperty(property);
    const text = ts.displayPartsToString(found?.getDocumentationComment(checker) ?? []);
    return text
      .replace(/\s+/g, ' ')
      .replace(/\{@link ([^}]+)\}/g, '`$1`')
      .trim();
  };
  return { interfaceOfTable, proseOf };
}
