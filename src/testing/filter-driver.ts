import { ValidationError } from '../errors/index.js';
import type { FilterBindingDocument } from '../schema/nwfilter/binding.js';
import { filterBindingFormat } from '../schema/nwfilter/binding-format.js';
import type { FilterDocument } from '../schema/nwfilter/filter.js';
import { filterFormat } from '../schema/nwfilter/filter-format.js';
import { type FilterFormat, printDocument, readText, storedDocument } from '../schema/nwfilter/format.js';
import type { MockDriver } from './driver.js';
import { invalid, Refusal } from './refusal.js';
import type { MockFilter } from './state.js';

/** The state machine of libvirt's driver for network filters: a refusal leaves everything as it was. */
export class MockFilters {
  readonly #driver: MockDriver;
  readonly #libvirt: string;

  constructor(driver: MockDriver, libvirt: string) {
    this.#driver = driver;
    this.#libvirt = libvirt;
  }

  /** The filters by their names, as virsh sorts them. */
  get all(): readonly MockFilter[] {
    return [...this.#driver.state.filters.values()].sort((a, b) => Number(a.name > b.name) - Number(a.name < b.name));
  }

  /** The bindings by their devices. */
  get bindings(): readonly FilterBindingDocument[] {
    const all = [...this.#driver.state.bindings.values()];
    return all.sort((a, b) => Number(a.portdev.name > b.portdev.name) - Number(a.portdev.name < b.portdev.name));
  }

  /** The filter of a uuid or name. */
  find(key: string): MockFilter {
    const found = this.#driver.state.filters.get(key.toLowerCase()) ?? this.#named(key);
    if (found !== undefined) return found;
    throw new Refusal(`Network filter not found: no nwfilter with matching name '${key}'`);
  }

  /** The binding of a device. */
  findBinding(device: string): FilterBindingDocument {
    const found = this.#driver.state.bindings.get(device);
    if (found !== undefined) return found;
    throw new Refusal(`Network filter binding not found: no nwfilter binding for port dev '${device}'`);
  }

  define(xml: string): undefined {
    const document = this.#read(filterFormat, xml);
    if (document.name.includes('/'))
      throw new Refusal(
        `Failed to create file '/etc/libvirt/nwfilter/${document.name}.xml.new': No such file or directory`,
      );
    const filter = { ...document, uuid: document.uuid ?? this.#driver.makeUuid() };
    this.#refuseTaken(filter);
    if (this.#reaches(filter, filter.name)) throw new Refusal('operation failed: filter would introduce a loop');
    const { state } = this.#driver;
    this.#driver.state = { ...state, filters: new Map(state.filters).set(filter.uuid, filter) };
  }

  #refuseTaken({ name, uuid }: MockFilter): void {
    const [sameUuid, sameName] = [this.#driver.state.filters.get(uuid), this.#named(name)];
    if (sameUuid !== undefined && sameUuid.name !== name)
      throw new Refusal(
        `operation failed: filter with same UUID but different name ('${sameUuid.name}') already exists`,
      );
    if (sameName !== undefined && sameName.uuid !== uuid)
      throw new Refusal(`operation failed: filter '${name}' already exists with uuid ${sameName.uuid}`);
  }

  /** libvirt lets a filter go where the device of its binding is missing; the mock takes each device to be there. */
  undefine(key: string): undefined {
    const { name, uuid } = this.find(key);
    const isUsed = this.bindings.some(({ filterref: { filter } }) => filter === name || this.#leadsTo(filter, name));
    if (isUsed) invalid('nwfilter is in use');
    const { state } = this.#driver;
    const filters = new Map(state.filters);
    filters.delete(uuid);
    this.#driver.state = { ...state, filters };
  }

  bind(xml: string): undefined {
    const binding = this.#read(filterBindingFormat, xml);
    const device = binding.portdev.name;
    if (this.#driver.state.bindings.has(device))
      throw new Refusal(`operation failed: binding '${device}' already exists`);
    this.#putBinding(device, binding);
  }

  unbind(device: string): undefined {
    this.findBinding(device);
    this.#putBinding(device, undefined);
  }

  #putBinding(device: string, binding: FilterBindingDocument | undefined): void {
    const { state } = this.#driver;
    const bindings = new Map(state.bindings);
    if (binding === undefined) bindings.delete(device);
    else bindings.set(device, binding);
    this.#driver.state = { ...state, bindings };
  }

  print(filter: MockFilter): string {
    return printDocument(filterFormat, filter, { libvirt: this.#libvirt });
  }

  printBinding(binding: FilterBindingDocument): string {
    const document = { ...binding, backend: { name: 'iptables' } };
    return printDocument(filterBindingFormat, document, { libvirt: this.#libvirt });
  }

  #named(name: string): MockFilter | undefined {
    return this.all.find((filter) => filter.name === name);
  }

  /** Tells whether a filter includes another one, directly or not. */
  #reaches({ entries = [] }: FilterDocument, name: string): boolean {
    return entries.some(({ filterref }) => filterref !== undefined && this.#leadsTo(filterref.filter, name));
  }

  #leadsTo(filter: string, name: string): boolean {
    if (filter === name) return true;
    const next = this.#named(filter);
    return next !== undefined && this.#reaches(next, name);
  }

  #read<T>(format: FilterFormat<T>, xml: string): T {
    const options = { libvirt: this.#libvirt };
    try {
      return storedDocument(format, readText(format, xml, options), options);
    } catch (error) {
      throw error instanceof ValidationError ? new Refusal(wordsFor(error)) : error;
    }
  }
}

/** libvirt's words for the first problem of a document. */
function wordsFor({ issues: [issue] }: ValidationError): string {
  const { code = '', message = '' } = issue ?? {};
  const [, attribute, value, element] = /^([\w-]+)='(.*)' of <([\w-]+)> is not /s.exec(message) ?? [];
  if (element === 'rule') return `XML error: Invalid value for attribute '${attribute}' in element 'rule': '${value}'.`;
  if (attribute !== undefined && element !== 'filter') return `internal error: ${attribute} has illegal value ${value}`;
  return WORDS[code] ?? `XML error: ${message}`;
}

/** libvirt's words for a problem without a value. */
const WORDS: Readonly<Record<string, string>> = {
  FILTER_CHAIN_LONG: 'invalid argument: Name of chain is longer than 12 characters',
  FILTER_CHAIN_CHARACTER: 'invalid argument: Chain name contains invalid characters',
  FILTER_PORTS:
    'internal error: IP rule with port specification requires protocol specification with protocol to be either one of tcp(6), udp(17), dccp(33), or sctp(132)',
  UUID_MALFORMED: 'XML error: malformed uuid element',
};
