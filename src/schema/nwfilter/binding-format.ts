import { compact } from '../values.js';
import { type FilterBindingDocument, filterBindingTable } from './binding.js';
import { canonicalReference } from './canonical.js';
import { checkReference } from './check.js';
import type { FilterFormat } from './format.js';

const same = <T>(value: T): T => value;

/** `<filterbinding>` for the shared reader and writer. */
export const filterBindingFormat: FilterFormat<FilterBindingDocument> = {
  table: filterBindingTable,
  nameOf: ({ portdev }) => portdev?.name,
  wrap: same,
  unwrap: same,
  tidy: same,
  check: ({ filterref }, context) => {
    if (filterref !== undefined) checkReference(filterref, 'filterref', context);
  },
  canonical: (document) =>
    compact({ ...document, filterref: document.filterref && canonicalReference(document.filterref) }),
  printed: same,
  looksAt: () => true,
};
