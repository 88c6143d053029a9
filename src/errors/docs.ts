/** A page of the guides that the package ships. */
export type DocsPage = 'errors' | 'rules' | 'host-bridges';

/**
 * Returns the path of a code's entry in the documentation that the package ships, such as
 * `docs/errors.md#network-not-found`.
 *
 * @param page - the page that lists the code
 * @param code - an error code or the id of a rule
 */
export const docsOf = (page: DocsPage, code: string): string => `docs/${page}.md#${anchorOf(code)}`;

const anchors = /* @__PURE__ */ new Map<string, string>();

/** The anchor of a code, worked out once for each: a large document can break one rule very often. */
function anchorOf(code: string): string {
  const anchor = anchors.get(code) ?? code.toLowerCase().replaceAll('_', '-');
  anchors.set(code, anchor);
  return anchor;
}
