import type { FilterOperations } from '../transport/filter-operations.js';
import { FILTER_COMMANDS } from './filter-commands.js';
import { listBindings, listFilters } from './filter-list.js';
import { type Handlers, nothing, reading } from './handler.js';
import { documentOf } from './output.js';
import type { Processes } from './process.js';

/** How virsh carries out each operation of network filters. */
export function filterHandlers(processes: Processes): Handlers<keyof FilterOperations> {
  const by = reading(processes);
  return {
    'filter.list': (input, task) => listFilters(processes, input, task),
    'filter.dump': by(FILTER_COMMANDS['filter.dump'], documentOf),
    'filter.define': by(FILTER_COMMANDS['filter.define'], nothing),
    'filter.undefine': by(FILTER_COMMANDS['filter.undefine'], nothing),
    'binding.list': (input, task) => listBindings(processes, input, task),
    'binding.dump': by(FILTER_COMMANDS['binding.dump'], documentOf),
    'binding.create': by(FILTER_COMMANDS['binding.create'], nothing),
    'binding.delete': by(FILTER_COMMANDS['binding.delete'], nothing),
  };
}
