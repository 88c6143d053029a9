import { canonicalBandwidth, canonicalVirtualPort, canonicalVlan } from '../network/canonical.js';
import { compact, holdsExtra } from '../values.js';
import type { NicIp, NicPortForward, NicPortRange } from './addresses.js';
import type { NicAddress, NicModel } from './card.js';
import type { HostdevNicDriver, NicBackend, NicDriver } from './driver.js';
import type { NicCoalesce, NicFilter, NicFilterParameter } from './host-end.js';
import type { NicDocument, NicParts } from './nic.js';

const VIRTIO: ReadonlySet<string> = new Set(['virtio', 'virtio-transitional', 'virtio-non-transitional']);

/** Tells whether a card is a virtio one; libvirt keeps `<driver>` of these alone. */
export const isVirtio = (model: NicModel | undefined): boolean => VIRTIO.has(model?.type?.toLowerCase() ?? '');

/** A part, unless nothing is left of it. */
export const filled = <T extends object>(part: T | undefined): T | undefined =>
  part !== undefined && Object.keys(part).length > 0 ? part : undefined;

/** A list, unless it is empty. */
export const filledList = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list?.length ? list : undefined;

const nonZero = <T extends number | string>(value: T | undefined): T | undefined =>
  value === undefined || Number(value) === 0 ? undefined : value;

/** Drops a part without effect, unless it holds something unknown, which must not be lost. */
export const only = <T>(part: T | undefined, counts: boolean): T | undefined =>
  counts || holdsExtra(part) ? part : undefined;

const unchangedSource = (nic: NicDocument): unknown => ('source' in nic ? nic.source : undefined);

/**
 * The document as libvirt holds it after reading: defaults filled in, what means nothing dropped. Source: read back from
 * the qemu driver of 9.0, 11.3 and 12.9.
 *
 * @param sourceOf - gives the source as libvirt holds it. Default: as it is, for types that have nothing to fill in there
 */
export function canonicalNic<D extends NicDocument>(nic: D, sourceOf: (nic: D) => unknown = unchangedSource): D {
  const canonical: unknown = compact({
    ...nic,
    type: nic.type ?? 'user',
    ...(nic.type === 'hostdev' ? { managed: nic.managed || undefined } : {}),
    ...('source' in nic ? { source: sourceOf(nic) } : {}),
    ...('driver' in nic ? { driver: canonicalDriver(nic) } : {}),
    ...('filterref' in nic ? { filterref: canonicalFilter(nic.filterref) } : {}),
    ...canonicalParts(nic),
    backend: canonicalBackend(nic.backend, nic.type !== 'hostdev' && isVirtio(nic.model)),
    ...(isOnlyVirtio(nic) ? { model: filled(nic.model) ?? { type: 'virtio' } } : {}),
  });
  return canonical as D; // the parts above are those of its type
}

/** Types whose card is a virtio one where nobody says which. */
const isOnlyVirtio = ({ type }: NicDocument): boolean => type === 'vdpa' || type === 'vhostuser';

function canonicalParts(nic: NicParts): { [K in keyof NicParts]: NicParts[K] | undefined } {
  const { mtu } = nic;
  return {
    mac: filled(nic.mac),
    vlan: canonicalVlan(nic.vlan),
    virtualport: canonicalVirtualPort(nic.virtualport),
    bandwidth: canonicalBandwidth(nic.bandwidth),
    port: filled(nic.port),
    ips: filledList(nic.ips?.map(canonicalIp)),
    routes: filledList(nic.routes),
    portForwards: filledList(nic.portForwards?.map(canonicalForward)),
    script: filled(nic.script),
    downscript: filled(nic.downscript),
    backenddomain: filled(nic.backenddomain),
    target: filled(nic.target),
    guest: filled(nic.guest),
    model: filled(nic.model),
    tune: filled(nic.tune),
    teaming: filled(nic.teaming),
    link: filled(nic.link),
    mtu: filled(mtu && compact({ ...mtu, size: nonZero(mtu.size) })),
    coalesce: canonicalCoalesce(nic.coalesce),
    alias: filled(nic.alias),
    rom: filled(nic.rom),
    acpi: filled(nic.acpi),
    address: canonicalAddress(nic.address),
  };
}

/** An address with the family that libvirt takes it for. */
export const canonicalIp = (ip: NicIp): NicIp =>
  compact({ ...ip, family: ip.family ?? (ip.address?.includes(':') ? 'ipv6' : 'ipv4'), prefix: nonZero(ip.prefix) });

const canonicalForward = (forward: NicPortForward): NicPortForward =>
  compact({ ...forward, ranges: filledList(forward.ranges?.flatMap((range) => filled(canonicalRange(range)) ?? [])) });

const canonicalRange = (range: NicPortRange): NicPortRange =>
  range.start === undefined ? compact({ ...range, end: undefined, to: undefined }) : range;

function canonicalDriver(nic: NicDocument): NicDriver | HostdevNicDriver | undefined {
  if (nic.type === 'hostdev') return filled(nic.driver);
  if (!('driver' in nic) || nic.driver === undefined) return undefined;
  const { driver } = nic;
  const { queues, host, guest } = driver;
  const kept = compact({
    ...driver,
    queues: queues === 1 ? undefined : nonZero(queues),
    rx_queue_size: nonZero(driver.rx_queue_size),
    tx_queue_size: nonZero(driver.tx_queue_size),
    host: filled(host),
    guest: filled(guest),
  });
  return filled(only(kept, isVirtio(nic.model)));
}

const canonicalBackend = (backend: NicBackend | undefined, virtio: boolean): NicBackend | undefined =>
  backend &&
  filled(
    compact({
      ...backend,
      type: backend.type === 'default' ? undefined : backend.type,
      vhost: virtio ? backend.vhost : undefined,
    }),
  );

const NAME = /^[a-zA-Z0-9_]+$/;
const VALUE = /^[a-zA-Z0-9_.:]+$/;

/** Tells whether libvirt keeps a parameter of a filter; it drops others silently. */
export const isKeptParameter = ({ name, value }: NicFilterParameter): boolean => NAME.test(name) && VALUE.test(value);

const byName = (a: NicFilterParameter, b: NicFilterParameter): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

function canonicalFilter(filter: NicFilter | undefined): NicFilter | undefined {
  if (filter?.filter === undefined) return only(filter, false);
  const parameters = filter.parameters?.filter((one) => isKeptParameter(one) || one.extra !== undefined);
  return compact({ ...filter, parameters: filledList(parameters?.toSorted(byName)) });
}

function canonicalCoalesce(coalesce: NicCoalesce | undefined): NicCoalesce | undefined {
  const frames = coalesce?.rx?.frames;
  const max = nonZero(frames?.max);
  if (max === undefined) return only(coalesce, false);
  return { ...coalesce, rx: { ...coalesce?.rx, frames: { ...frames, max } } };
}

/** libvirt prints all parts of an address on a PCI bus, and no others. */
function canonicalAddress(address: NicAddress | undefined): NicAddress | undefined {
  if (address === undefined || !isPlaced(address)) return address;
  if (address.type !== 'pci') return { ...address, ...decimalBus(address) };
  const { domain = 0, bus = 0, slot = 0, function: fn = 0, multifunction, zpci, extra } = address;
  return compact({ type: 'pci' as const, domain, bus, slot, function: fn, multifunction, zpci, extra });
}

/** Tells whether an address names a place; where it does not, libvirt finds one of its type. */
export const isPlaced = ({ type, ...place }: NicAddress): boolean => type !== 'pci' || Object.keys(place).length > 0;

/** libvirt prints the buses of PCI in hexadecimal digits, others in decimal ones. */
export const decimalBus = ({ bus }: { readonly bus?: number | string }): { readonly bus?: string } =>
  bus === undefined ? {} : { bus: String(Number(bus)) };
