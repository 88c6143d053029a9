import type { BindingInput, FilterInput } from '../transport/filter-operations.js';
import { STDIN, value, type Words } from './words.js';

const ofFilter =
  (command: string) =>
  ({ filter }: FilterInput): Words => ({ words: [command, value('nwfilter', filter)] });

const ofBinding =
  (command: string) =>
  ({ binding }: BindingInput): Words => ({ words: [command, value('binding', binding)] });

const withDocument =
  (command: string) =>
  ({ xml }: { readonly xml: string }): Words => ({ words: [command, value('file', STDIN)], document: xml });

/** Commands of the operations of filters that one virsh command carries out. */
export const FILTER_COMMANDS = {
  'filter.dump': ofFilter('nwfilter-dumpxml'),
  'filter.define': withDocument('nwfilter-define'),
  'filter.undefine': ofFilter('nwfilter-undefine'),
  'binding.dump': ofBinding('nwfilter-binding-dumpxml'),
  'binding.create': withDocument('nwfilter-binding-create'),
  'binding.delete': ofBinding('nwfilter-binding-delete'),
};
