import type { FilterOperations } from '../transport/filter-operations.js';
import type { Answers } from './answers.js';
import type { MockDriver } from './driver.js';
import { MockFilters } from './filter-driver.js';

/** How the mock carries out each operation of network filters. */
export function filterAnswers(driver: MockDriver, libvirt: string): Answers<keyof FilterOperations> {
  const filters = new MockFilters(driver, libvirt);
  return {
    'filter.list': ({ xml }) =>
      filters.all.map((filter) => {
        const { name, uuid } = filter;
        return xml === true ? { name, uuid, xml: filters.print(filter) } : { name, uuid };
      }),
    'filter.dump': ({ filter }) => filters.print(filters.find(filter)),
    'filter.define': ({ xml }) => filters.define(xml),
    'filter.undefine': ({ filter }) => filters.undefine(filter),
    'binding.list': ({ xml }) =>
      filters.bindings.map((binding) => {
        const state = { device: binding.portdev.name, filter: binding.filterref.filter };
        return xml === true ? { ...state, xml: filters.printBinding(binding) } : state;
      }),
    'binding.dump': ({ binding }) => filters.printBinding(filters.findBinding(binding)),
    'binding.create': ({ xml }) => filters.bind(xml),
    'binding.delete': ({ binding }) => filters.unbind(binding),
  };
}
