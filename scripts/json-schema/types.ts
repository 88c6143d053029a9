// What the sources say of a type, read with the TypeScript compiler: its name, its TSDoc, and the types inside of it.
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/** A type of the sources. */
export class SourceType {
  readonly #checker: ts.TypeChecker;
  readonly #type: ts.Type;

  constructor(checker: ts.TypeChecker, type: ts.Type) {
    this.#checker = checker;
    this.#type = type;
  }

  /** The name of its interface or alias; nothing for a type that is written where it is used. */
  get name(): string | undefined {
    const name = (this.#type.aliasSymbol ?? this.#type.getSymbol())?.name;
    return name?.startsWith('__') ? undefined : name;
  }

  /** The prose of its TSDoc. */
  get prose(): string {
    return this.#proseOf(this.#type.aliasSymbol ?? this.#type.getSymbol());
  }

  /** The type of a property, of its items where it is a list. */
  property(key: string): SourceType {
    const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(this.#symbol(key)));
    const [item] = this.#checker.isArrayLikeType(type) ? this.#checker.getTypeArguments(type as ts.TypeReference) : [];
    return new SourceType(this.#checker, item ?? type);
  }

  /** The prose of a property. */
  proseOf(key: string): string {
    return this.#proseOf(this.#symbol(key));
  }

  /** The member of a union whose property has a value; a type that is not a union is its own member. */
  member(key: string, value: string): SourceType {
    const members = this.#type.isUnion() ? this.#type.types : [this.#type];
    const isIt = (type: ts.Type) => {
      const property = type.getProperty(key);
      const found = property && this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(property));
      return found?.isStringLiteral() === true && found.value === value;
    };
    return new SourceType(this.#checker, members.find(isIt) ?? this.#type);
  }

  /** The member of a union that is an object. */
  get object(): SourceType {
    const members = this.#type.isUnion() ? this.#type.types : [this.#type];
    return new SourceType(
      this.#checker,
      members.find((type) => (type.flags & ts.TypeFlags.Object) !== 0) ?? this.#type,
    );
  }

  #symbol(key: string): ts.Symbol {
    const symbol = this.#type.getProperty(key);
    if (symbol === undefined) throw new Error(`the type ${this.name} has no property ${key}`);
    return symbol;
  }

  #proseOf(symbol: ts.Symbol | undefined): string {
    return ts
      .displayPartsToString(symbol?.getDocumentationComment(this.#checker) ?? [])
      .replace(/\s+/g, ' ')
      .replace(/\{@link ([^}]+)\}/g, '$1')
      .replaceAll('`', "'")
      .trim();
  }
}

/** Reads types of source files: `['src/a.ts', 'A']` names the type `A` of a file. */
export function readTypes(wanted: readonly (readonly [file: string, name: string])[]): readonly SourceType[] {
  const program = ts.createProgram(
    wanted.map(([file]) => file),
    OPTIONS,
  );
  const checker = program.getTypeChecker();
  return wanted.map(([file, name]) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    const symbol = module && checker.getExportsOfModule(module).find((one) => one.name === name);
    if (symbol === undefined) throw new Error(`${file} exports no type ${name}`);
    return new SourceType(checker, checker.getDeclaredTypeOfSymbol(symbol));
  });
}
