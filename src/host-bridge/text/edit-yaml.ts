import { type Document, isAlias, isMap, isNode, parseDocument, visit } from 'yaml';

/** Changes to a YAML text, by the paths of its maps. */
export interface YamlEditor {
  readonly has: (path: readonly string[]) => boolean;
  /** Takes a key away, with what is below it. */
  readonly remove: (path: readonly string[]) => void;
  /** Sets a key of a map that is there. */
  readonly set: (path: readonly string[], value: unknown) => void;
}

/** Changes a YAML text and keeps its comments and its style. Aliases are written out, as a change is for one place. */
export function editYaml(source: string, change: (editor: YamlEditor) => void): string {
  const document = parseDocument(source, { schema: 'core' });
  let isChanged = false;
  const open = (): Document => {
    if (!isChanged) writeOutAliases(document);
    isChanged = true;
    return document;
  };
  const has = (path: readonly string[]): boolean => document.hasIn(path) || hasBehindAlias(document, path);
  change({
    has,
    remove: (path) => {
      if (has(path)) open().deleteIn(path);
    },
    set: (path, value) => open().setIn(path, document.createNode(value, { flow: Array.isArray(value) })),
  });
  return isChanged ? document.toString({ lineWidth: 0, flowCollectionPadding: false }) : source;
}

/** Tells whether a path leads somewhere when aliases are followed. */
function hasBehindAlias(document: Document, path: readonly string[]): boolean {
  let node: unknown = document.contents;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isMap(node) || !node.has(key)) return false;
    node = node.get(key, true);
  }
  return true;
}

function writeOutAliases(document: Document): void {
  visit(document, {
    Alias: (_, alias) => {
      const node: unknown = alias.resolve(document)?.clone();
      return isNode(node) ? node : undefined;
    },
  });
  visit(document, {
    Collection: (_, node) => {
      delete node.anchor;
    },
    Scalar: (_, node) => {
      delete node.anchor;
    },
  });
}
