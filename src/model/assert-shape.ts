import { ValidationError } from '../errors/index.js';
import { shown } from '../options/shown.js';
import type { ElementTable } from '../schema/element.js';
import { type NetworkDocument, networkTable } from '../schema/network/network.js';
import type { ReleaseOption } from '../schema/release.js';
import { type Found, reporter } from '../schema/rules/context.js';
import { releaseOf } from '../schema/rules/index.js';
import { inspect } from '../schema/rules/inspect.js';
import { issueOf } from '../schema/rules/issue.js';

/**
 * Throws for data that is not a document at all: parts of a wrong type, such as a number where a list belongs. The compiler rejects them, but cannot check JSON. Such data can be neither printed nor compared.
 *
 * @throws {@link ValidationError} with every such part
 */
export const assertShape = (document: NetworkDocument, options: ReleaseOption = {}): void =>
  assertShapeOf(networkTable, document, { what: `network "${shown(document.name)}"`, ...options });

/**
 * The same for a document of any format.
 *
 * @param what - what messages call it
 */
export function assertShapeOf<T>(
  table: ElementTable<T>,
  document: T,
  { what, ...options }: ReleaseOption & { readonly what: string },
): void {
  const found: Found[] = [];
  inspect(table, document, undefined, reporter(releaseOf(options), found));
  const broken = found.filter(({ rule }) => rule === 'PROPERTY_INVALID');
  if (broken.length > 0)
    throw new ValidationError(
      what,
      broken.map((one) => issueOf(one)),
    );
}
