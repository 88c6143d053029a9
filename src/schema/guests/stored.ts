import { knownParts } from '../known-parts.js';
import { knownRelease } from '../release.js';
import type { SmallFormat } from '../small-formats/format.js';
import { compact } from '../values.js';
import { isKeptParameter, isPlaced } from './canonical.js';
import type { NicAddress, NicAlias, NicMac } from './card.js';
import type { NicFilter, NicTarget } from './host-end.js';
import type { NetworkNicSource, ReportedNetwork } from './network-source.js';
import type { NicDocument } from './nic.js';

/**
 * The document as a daemon keeps it in the guest's definition: in its canonical form, without what the release does not
 * know and what is only true of a running guest.
 *
 * @param format - the format of the document's type
 */
export function storedNic<D extends NicDocument>(
  { table, canonical }: SmallFormat<D>,
  nic: D,
  release: string | undefined,
): D {
  const number = knownRelease(release);
  const known = knownParts(table, nic, number);
  const source = 'source' in known ? { source: withoutReports(known) } : {};
  const filterref = 'filterref' in known ? { filterref: keptFilter(known.filterref) } : {};
  const { mac, target, alias, address } = known;
  const stored = {
    mac: keptMac(mac, number),
    target: keptTarget(target),
    alias: keptAlias(alias),
    address: address && keptAddress(address),
  };
  const document: unknown = compact({ ...known, ...source, ...filterref, ...stored });
  // The same properties, or fewer of those that may be absent. Limits stay as given: without any, libvirt prints other
  // text for those that are 0 than for none.
  return { ...canonical(document as D), bandwidth: known.bandwidth };
}

/** 11.0 is assumed: 9.0 keeps an address of zeros, 11.3 makes another one. */
const ZEROS_REPLACED = 11_000_000;

/** Tells whether libvirt makes another MAC address. */
export const isReplacedMac = (mac: NicMac | undefined, release: number): boolean =>
  mac?.address === '00:00:00:00:00:00' && release >= ZEROS_REPLACED;

function keptMac(mac: NicMac | undefined, release: number): NicMac | undefined {
  const isZero = isReplacedMac(mac, release);
  return mac && compact({ ...mac, currentAddress: undefined, address: isZero ? undefined : mac.address });
}

/** Names that libvirt gives the host's end itself. */
const OWN_TARGET = /^(?:vnet|macvtap|macvlan)/;

/** Tells whether a name is one that libvirt gives the host's end itself. */
export const isOwnTarget = (target: NicTarget | undefined): boolean =>
  target?.dev !== undefined && target.managed !== false && OWN_TARGET.test(target.dev);

function keptTarget(target: NicTarget | undefined): NicTarget | undefined {
  return target && compact({ ...target, dev: isOwnTarget(target) ? undefined : target.dev });
}

const keptAddress = (address: NicAddress): NicAddress | undefined => (isPlaced(address) ? address : undefined);

/** Tells whether a person chose a name. */
export const isKeptAlias = (alias: NicAlias | undefined): boolean => alias?.name?.startsWith('ua-') === true;

const keptAlias = (alias: NicAlias | undefined): NicAlias | undefined => (isKeptAlias(alias) ? alias : undefined);

const keptFilter = (filter: NicFilter | undefined): NicFilter | undefined =>
  filter && compact({ ...filter, parameters: filter.parameters?.filter(isKeptParameter) });

function withoutReports(nic: NicDocument): unknown {
  if (nic.type === 'network') return nic.source && networkSourceOf(nic.source);
  if (nic.type === 'bridge') return nic.source && { bridge: nic.source.bridge };
  if (nic.type === 'direct') return nic.source && compact({ dev: nic.source.dev, mode: nic.source.mode });
  return 'source' in nic ? nic.source : undefined;
}

/** The source that the definition of a running guest's NIC names: its network, and the port group that was asked for. */
export const networkSourceOf = ({ network = '', portgroup }: ReportedNetwork): NetworkNicSource =>
  compact({ network, portgroup });
