import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

/** The modules that a source text names: in imports and re-exports of values and types, in `import()` and in `require()`. */
export const modulesNamedIn = (source: string): readonly string[] =>
  ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);

/** The imports of each file of a tree by its path; those of the tree itself as paths, others as they are written. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Reads the imports of all TypeScript files below a folder. */
export function readImports(folder: string): ImportGraph {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return new Map(files.sort().map((file) => [file, resolveImports(file, readFileSync(join(folder, file), 'utf8'))]));
}

/** The imports of one file, with those of the tree itself as paths in the tree. */
export const resolveImports = (file: string, source: string): readonly string[] =>
  modulesNamedIn(source).map((name) =>
    name.startsWith('.') ? posix.join(dirname(file), name).replace(/\.js$/, '.ts') : name,
  );

/** Which files may import what. */
export interface ImportRules {
  /** Folders, lowest layer first; those of one layer do not import each other. Files beside the folders may import all. */
  readonly layers: readonly (readonly string[])[];
  /** The files that may import each package; other packages are not allowed anywhere. */
  readonly packages: Readonly<Record<string, RegExp>>;
  /** The files that may import modules of Node. */
  readonly node: RegExp;
}

const folderOf = (file: string): string | undefined => /^([^/]+)\//.exec(file)?.[1];

/** The top folders of a tree. */
export const foldersOf = (graph: ImportGraph): ReadonlySet<string> =>
  new Set([...graph.keys()].flatMap((file) => folderOf(file) ?? []));

/** Every import that the rules do not allow, one line each. */
export function offences(graph: ImportGraph, rules: ImportRules): readonly string[] {
  return [...graph].flatMap(([file, imports]) =>
    imports.filter((to) => !isAllowed(file, to, graph, rules)).map((to) => `${file} imports ${to}`),
  );
}

function isAllowed(file: string, to: string, graph: ImportGraph, { layers, packages, node }: ImportRules): boolean {
  if (to.startsWith('node:')) return node.test(file);
  if (!graph.has(to)) return Object.hasOwn(packages, to) && packages[to]?.test(file) === true;
  const [from, target] = [folderOf(file), folderOf(to)];
  if (from === undefined || from === target) return true;
  const rank = (folder: string | undefined) =>
    layers.findIndex((names) => folder !== undefined && names.includes(folder));
  return rank(target) !== -1 && rank(target) < rank(from);
}

/** The files that reach themselves through their imports, in groups: each group holds one circle or several. */
export function circlesOf(graph: ImportGraph): readonly (readonly string[])[] {
  const reachable = (from: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    const open = [from];
    for (let file = open.pop(); file !== undefined; file = open.pop())
      for (const next of graph.get(file) ?? []) {
        if (!graph.has(next) || seen.has(next)) continue;
        seen.add(next);
        open.push(next);
      }
    return seen;
  };
  const reach = new Map([...graph.keys()].map((file) => [file, reachable(file)]));
  const inCircle = [...graph.keys()].filter((file) => reach.get(file)?.has(file));
  const groupOf = (file: string) =>
    inCircle.filter((other) => reach.get(file)?.has(other) && reach.get(other)?.has(file));
  return [...new Set(inCircle.map((file) => groupOf(file).join(' ')))].map((group) => group.split(' '));
}
