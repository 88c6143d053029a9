import { LibvirtError } from '../errors/index.js';
import { HostBridge } from '../host-bridge/host-bridge.js';
import { BaseNetwork } from '../model/base.js';
import { NwFilter } from '../model/filter/nw-filter.js';
import { BaseNic } from '../model/guest-nic/base.js';
import type { AnyNic } from '../model/guest-nic/guest-nic.js';
import { inEffect } from '../model/without-defaults.js';
import { kindOfValue } from '../options/kind-of-value.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { NIC_TABLES } from '../schema/guests/nic-tables.js';
import { networkTable } from '../schema/network/network.js';
import { filterTable } from '../schema/nwfilter/filter.js';
import { expectIdentifier, identifierFor, unused } from './identifier.js';
import { printConstant, printImport } from './print/chain.js';
import type { Chain } from './recorded.js';
import { filterChain } from './values/filters.js';
import { hostBridgeChain } from './values/host-bridges.js';
import { networkChain } from './values/networks.js';
import { nicChain } from './values/nics.js';
import { wrongTypeIn } from './wrong-type.js';

/** A value that {@link toSource} writes: a network, a bridge of a host, a guest's NIC, or a filter. */
export type SourceValue = BaseNetwork | HostBridge | AnyNic | NwFilter;

/** Options of {@link toSource}. */
export interface SourceOptions {
  /** Name of the constant. Default: made from the name of the value, `my-lab` gives `myLab`. For one value only. */
  readonly identifier?: string;
  /**
   * Writes networks without what changes nothing: a netmask becomes a prefix, and libvirt's own defaults go. The result
   * `equals` the given network, and its document may differ. Default: false.
   */
  readonly simplify?: boolean;
}

const SOURCE_OPTIONS: OptionNames<SourceOptions> = { identifier: true, simplify: true };

/**
 * Returns the TypeScript module that builds a value, as a person would write it: an import, and a constant for each value
 * with the calls of its class. What no method can say is written as data, so that nothing is lost: running the module
 * gives values whose documents are those of the given ones. It compiles under `strict`, and is formatted with two blanks, single
 * quotes and lines of at most 120 characters, unless a single text is longer.
 *
 * The files that `HostBridge.takeOver` read, and the network that `network.guestNic()` knows, are not part of a document,
 * and so not of the source.
 *
 * @param values - a network, a bridge of a host, a guest's NIC or a filter, or a list of them
 * @param options - the name of the constant, and whether networks are written without what changes nothing
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for other values, for a document with parts that are not of their
 *   type, such as a text where a number belongs, and for a name that cannot be that of a constant
 *
 * @example
 * ```ts
 * const network = Network.parse(text);
 * writeFileSync('lab.ts', toSource(network));
 * ```
 */
export function toSource(values: SourceValue | readonly SourceValue[], options: SourceOptions = {}): string {
  const { identifier, simplify = false } = optionsOf(options, SOURCE_OPTIONS, 'toSource');
  const list = Array.isArray(values) ? values : [values];
  if (list.length === 0) throw invalid('toSource needs at least one value');
  const described = list.map((value) => describe(value, simplify));
  const classes = new Set(described.map(({ chain }) => chain.root));
  const names = identifier === undefined ? namesOf(described, classes) : [only(identifier, list, classes)];
  const constants = described.map(({ chain }, i) => printConstant(names[i] ?? '', chain));
  return [printImport([...classes].sort(inAlphabet)), ...constants].join('\n');
}

interface Described {
  /** The value's own name, and what it is. */
  readonly name: string;
  readonly kind: string;
  readonly chain: Chain;
}

function describe(value: SourceValue, simplify: boolean): Described {
  if (value instanceof BaseNetwork) {
    expectTypes(value, wrongTypeIn(networkTable, value.document));
    const document = simplify ? inEffect(value.document) : value.document;
    return { name: value.name, kind: 'network', chain: networkChain(value.kind, document) };
  }
  if (value instanceof BaseNic) {
    expectTypes(value, wrongTypeIn(NIC_TABLES[value.kind], value.document));
    return { name: placeOf(value), kind: 'nic', chain: nicChain(value) };
  }
  if (value instanceof HostBridge) {
    expectTypes(value, value.validate().find(({ code }) => code.startsWith('HB_PROPERTY'))?.path);
    return { name: value.name, kind: 'bridge', chain: hostBridgeChain(value.document) };
  }
  if (value instanceof NwFilter) {
    expectTypes(value, wrongTypeIn(filterTable, value.document));
    return { name: value.name, kind: 'filter', chain: filterChain(value.document) };
  }
  throw invalid(`toSource cannot write ${kindOfValue(value)}`);
}

/** Refuses a document that a compiler would refuse. */
function expectTypes(value: object, wrong: string | undefined): void {
  if (wrong === undefined) return;
  throw new LibvirtError('INVALID_ARGUMENT', `cannot write ${value} as source: ${wrong} is not of its type`, {
    hint: 'validate() says what it must be',
  });
}

/** The order of names whatever their case, as tools sort imports. */
const inAlphabet = (a: string, b: string): number => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);

/** What a NIC is plugged into, as the beginning of a name. */
function placeOf(nic: BaseNic): string {
  const { network } = nic;
  return network === undefined ? `${nic.kind} nic` : `${network} nic`;
}

function namesOf(described: readonly Described[], classes: ReadonlySet<string>): readonly string[] {
  const taken = new Set(classes);
  return described.map(({ name, kind }) => {
    const free = unused(identifierFor(name, kind), taken);
    taken.add(free);
    return free;
  });
}

function only(identifier: string, values: readonly SourceValue[], classes: ReadonlySet<string>): string {
  if (values.length > 1) throw invalid('toSource takes an identifier for one value, not for a list');
  expectIdentifier(identifier, classes);
  return identifier;
}

const invalid = (message: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', message, {
    hint: 'pass a network, a HostBridge, a guest’s NIC or an NwFilter, or a list of them',
  });
