import ts from 'typescript';

/** A parameter of a public function that takes an object: `NatNetwork.create(name, options)` has `NatNetwork.create#1`. */
export interface ObjectParameter {
  readonly place: string;
  readonly type: string;
}

/** Every parameter of a public function, method or constructor that takes a plain object. Reads the types of the sources. */
export function objectParameters(program: ts.Program, entries: readonly string[]): readonly ObjectParameter[] {
  const walk = new Walk(program.getTypeChecker());
  for (const entry of entries) walk.module(program.getSourceFile(entry));
  return [...walk.found].map(([place, type]) => ({ place, type }));
}

class Walk {
  readonly found = new Map<string, string>();
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  module(file: ts.SourceFile | undefined): void {
    const module = file && this.#checker.getSymbolAtLocation(file);
    if (module === undefined) throw new Error('an entry is not a module');
    for (const symbol of this.#checker.getExportsOfModule(module)) {
      const exported = symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
      if (exported.valueDeclaration !== undefined) this.#value(exported);
    }
  }

  #value(symbol: ts.Symbol): void {
    const type = this.#checker.getTypeOfSymbol(symbol);
    for (const signature of type.getCallSignatures()) this.#signature(symbol.name, signature);
    if ((symbol.flags & ts.SymbolFlags.Class) === 0) return;
    for (const member of type.getProperties()) this.#member(member);
    for (const member of this.#checker.getDeclaredTypeOfSymbol(symbol).getProperties()) this.#member(member);
  }

  /** Inherited methods belong to the class that declares them. */
  #member(member: ts.Symbol): void {
    const declaration = member.valueDeclaration;
    if (declaration === undefined || member.name.startsWith('#') || isProtected(declaration)) return;
    const { parent } = declaration;
    if (!ts.isClassDeclaration(parent) || parent.getSourceFile().fileName.includes('/node_modules/')) return;
    for (const signature of this.#checker.getTypeOfSymbol(member).getCallSignatures())
      this.#signature(`${parent.name?.text}.${member.name}`, signature);
  }

  #signature(name: string, signature: ts.Signature): void {
    signature.getParameters().forEach((parameter, i) => {
      const { valueDeclaration: declaration } = parameter;
      if (declaration === undefined) return;
      const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbolAtLocation(parameter, declaration));
      if (this.#isPlainObject(type)) this.found.set(`${name}#${i}`, this.#checker.typeToString(type));
    });
  }

  #isPlainObject(type: ts.Type): boolean {
    if (type.isUnion()) return type.types.every((one) => this.#isPlainObject(one));
    const isObject = type.isIntersection() || (type.flags & ts.TypeFlags.Object) !== 0;
    return isObject && !type.isClass() && !this.#checker.isArrayType(type) && type.getCallSignatures().length === 0;
  }
}

const isProtected = (declaration: ts.Declaration): boolean =>
  (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Protected) !== 0;
