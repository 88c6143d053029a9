import type { FilterOperations } from './filter-operations.js';
import type { Wording } from './wording.js';

/** Words of the operations of network filters. */
export const FILTER_WORDING: Readonly<Record<keyof FilterOperations, Wording>> = {
  'filter.list': { what: 'list the filters' },
  'filter.dump': { what: 'read filter' },
  'filter.define': { what: 'define filter', changes: true },
  'filter.undefine': { what: 'undefine filter', changes: true },
  'binding.list': { what: 'list the filter bindings' },
  'binding.dump': { what: 'read the filter binding of' },
  'binding.create': { what: 'create a filter binding', changes: true },
  'binding.delete': { what: 'delete the filter binding of', changes: true },
};
