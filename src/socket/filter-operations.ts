import type { FilterInput, FilterOperations } from '../transport/filter-operations.js';
import { type Asking, byUuidOrName, present } from './asking.js';
import type { Handlers } from './handler.js';
import { FILTER_CALLS, type FilterIdentity } from './wire/filter-procedures.js';

const ALL = { need_results: 1, flags: 0 };

/** Finds a filter by its uuid or name. */
async function filterOf({ filter }: FilterInput, asking: Asking): Promise<FilterIdentity> {
  const found = await byUuidOrName(filter, {
    byUuid: (uuid) => asking.read(FILTER_CALLS.NWFILTER_LOOKUP_BY_UUID, { uuid }),
    byName: (name) => asking.read(FILTER_CALLS.NWFILTER_LOOKUP_BY_NAME, { name }),
  });
  return found.nwfilter;
}

const dumpFilter = async (nwfilter: FilterIdentity, asking: Asking): Promise<string> =>
  (await asking.read(FILTER_CALLS.NWFILTER_GET_XML_DESC, { nwfilter, flags: 0 })).xml;

async function dumpBinding(binding: string, asking: Asking): Promise<string> {
  const { nwfilter } = await asking.read(FILTER_CALLS.NWFILTER_BINDING_LOOKUP_BY_PORT_DEV, { name: binding });
  return (await asking.read(FILTER_CALLS.NWFILTER_BINDING_GET_XML_DESC, { nwfilter, flags: 0 })).xml;
}

/** Adds to each item its definition; what is gone by now is left out. */
const withDocuments = <T>(items: readonly T[], read: (item: T) => Promise<string>) =>
  present(items.map(async (item) => ({ ...item, xml: await read(item) })));

/** How a socket carries out each operation of network filters. */
export const filterHandlers: Handlers<keyof FilterOperations> = {
  'filter.list': async ({ xml }, asking) => {
    const { filters } = await asking.read(FILTER_CALLS.CONNECT_LIST_ALL_NWFILTERS, ALL);
    return xml === true ? withDocuments(filters, (filter) => dumpFilter(filter, asking)) : filters;
  },
  'filter.dump': async (input, asking) => dumpFilter(await filterOf(input, asking), asking),
  'filter.define': async ({ xml }, asking) => {
    await asking.change(FILTER_CALLS.NWFILTER_DEFINE_XML, { xml });
    return undefined;
  },
  'filter.undefine': async (input, asking) =>
    asking.change(FILTER_CALLS.NWFILTER_UNDEFINE, { nwfilter: await filterOf(input, asking) }),
  'binding.list': async ({ xml }, asking) => {
    const { bindings } = await asking.read(FILTER_CALLS.CONNECT_LIST_ALL_NWFILTER_BINDINGS, ALL);
    const states = bindings.map(({ portdev, filtername }) => ({ device: portdev, filter: filtername }));
    return xml === true ? withDocuments(states, ({ device }) => dumpBinding(device, asking)) : states;
  },
  'binding.dump': ({ binding }, asking) => dumpBinding(binding, asking),
  'binding.create': async ({ xml }, asking) => {
    await asking.change(FILTER_CALLS.NWFILTER_BINDING_CREATE_XML, { xml, flags: 0 });
    return undefined;
  },
  'binding.delete': async ({ binding }, asking) => {
    const { nwfilter } = await asking.read(FILTER_CALLS.NWFILTER_BINDING_LOOKUP_BY_PORT_DEV, { name: binding });
    return asking.change(FILTER_CALLS.NWFILTER_BINDING_DELETE, { nwfilter });
  },
};
