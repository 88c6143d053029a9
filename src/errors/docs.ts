/** A page of the guides that the package ships. */
export type DocsPage = 'errors' | 'rules' | 'host-bridges';

/**
 * Returns the path of a code's entry in the documentation that the package ships, such as
 * `docs/errors.md#network-not-found`.
 *
 * @param page - the page that lists the code
 * @param code - an error code or the id of a rule
 */
export const docsOf = (page: DocsPage, code: string): string =>
  `docs/${page}.md#${code.toLowerCase().replaceAll('_', '-')}`;
