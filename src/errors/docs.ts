/** A page of the guides that the package ships. */
export type DocsPage = 'errors' | 'rules' | 'host-bridges';

/** Worked out once for each code, as a large document can break one rule very often. */
const paths: Readonly<Record<DocsPage, Map<string, string>>> = {
  errors: /* @__PURE__ */ new Map(),
  rules: /* @__PURE__ */ new Map(),
  'host-bridges': /* @__PURE__ */ new Map(),
};

/**
 * Returns the path of a code's entry in the documentation that the package ships, such as
 * `docs/errors.md#network-not-found`.
 *
 * @param page - the page that lists the code
 * @param code - an error code or the id of a rule
 */
export function docsOf(page: DocsPage, code: string): string {
  const path = paths[page].get(code) ?? `docs/${page}.md#${code.toLowerCase().replaceAll('_', '-')}`;
  paths[page].set(code, path);
  return path;
}
