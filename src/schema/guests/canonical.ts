import { canonicalBandwidth, canonicalVirtualPort, canonicalVlan } from '../network/canonical.js';
import { compact, holdsExtra } from '../values.js';
import type { NicIp, NicPortForward, NicPortRange } from './addresses.js';
import type { NicAddress, NicModel } from './card.js';
import type { HostdevNicDriver, NicBackend, NicDriver } from './driver.js';
import type { NicCoalesce, NicFilter, NicFilterParameter } from './host-end.js';
import type { NicDocument, NicParts } from './nic.js';
import type { HostdevNicAddress, HostdevNicSource, UserNicSource, VhostUserNicSource } from './sources.js';

const VIRTIO: ReadonlySet<string> = new Set(['virtio', 'virtio-transitional', 'virtio-non-transitional']);

/** Tells whether a card is a virtio one; libvirt keeps `<driver>` of these alone. */
export const isVirtio = (model: NicModel | undefined): boolean => VIRTIO.has(model?.type?.toLowerCase() ?? '');

/** A part, unless nothing is left of it. */
const filled = <T extends object>(part: T | undefined): T | undefined =>
  part !== undefined && Object.keys(part).length > 0 ? part : undefined;

const filledList = <T>(list: readonly T[] | undefined): readonly T[] | undefined => (list?.length ? list : undefined);

const nonZero = <T extends number | string>(value: T | undefined): T | undefined =>
  value === undefined || Number(value) === 0 ? undefined : value;

/** Drops a part without effect, unless it holds something unknown, which must not be lost. */
const only = <T>(part: T | undefined, counts: boolean): T | undefined =>
  counts || holdsExtra(part) ? part : undefined;

/**
 * The document as libvirt holds it after reading: defaults filled in, what means nothing dropped. Source: read back from
 * the qemu driver of 9.0, 11.3 and 12.9.
 */
export function canonicalNic<D extends NicDocument>(nic: D): D {
  const canonical: unknown = compact({
    ...nic,
    type: nic.type ?? 'user',
    ...(nic.type === 'hostdev' ? { managed: nic.managed || undefined } : {}),
    ...('source' in nic ? { source: canonicalSource(nic) } : {}),
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

type AddressPart = keyof NicAddress & keyof NicAddress;

/** The parts of an address that its type has. */
const ADDRESS_PARTS: Readonly<Record<NicAddress['type'], readonly AddressPart[]>> = {
  pci: ['domain', 'bus', 'slot', 'function', 'multifunction', 'zpci'],
  ccw: ['cssid', 'ssid', 'devno'],
  'spapr-vio': ['reg'],
  'virtio-mmio': [],
  usb: ['bus', 'port'],
  isa: ['iobase', 'irq'],
  drive: ['controller', 'bus', 'target', 'unit'],
  'virtio-serial': ['controller', 'bus', 'port'],
  ccid: ['controller', 'slot'],
  'virtio-s390': [],
  dimm: ['slot', 'base'],
  unassigned: [],
  none: [],
};

function canonicalAddress(address: NicAddress | undefined): NicAddress | undefined {
  if (address === undefined) return undefined;
  const has = new Set<string>(['type', 'extra', ...(ADDRESS_PARTS[address.type] ?? [])]);
  const kept: Partial<NicAddress> = Object.fromEntries(Object.entries(address).filter(([key]) => has.has(key)));
  if (address.type !== 'pci') return { ...kept, type: address.type, ...decimalBus(address) };
  if (!isPlaced(address)) return { ...kept, type: 'pci' };
  const { domain = 0, bus = 0, slot = 0, function: fn = 0 } = address;
  return { ...kept, type: 'pci', domain, bus, slot, function: fn };
}

/** Tells whether an address names a place; where it does not, libvirt finds one of its type. */
export const isPlaced = ({ type, ...place }: NicAddress): boolean => type !== 'pci' || Object.keys(place).length > 0;

/** libvirt prints the buses of PCI in hexadecimal digits, others in decimal ones. */
const decimalBus = ({ bus }: { readonly bus?: number | string }): { readonly bus?: string } =>
  bus === undefined ? {} : { bus: String(Number(bus)) };

function canonicalSource(nic: NicDocument): unknown {
  switch (nic.type) {
    case 'direct':
      return nic.source && { ...nic.source, mode: nic.source.mode ?? 'vepa' };
    case 'vhostuser':
      return canonicalVhostUser(nic.source, nic.backend?.type === 'passt');
    case 'vds':
      return (
        nic.source && { ...nic.source, portid: nic.source.portid ?? 0, connectionid: nic.source.connectionid ?? 0 }
      );
    case 'hostdev':
      return canonicalHostdev(nic.source);
    case 'ethernet':
      return nic.source && filled(compact({ ...nic.source, ips: filledList(nic.source.ips?.map(canonicalIp)) }));
    case 'user':
    case undefined:
      return 'source' in nic ? canonicalUser(nic.source, nic.backend?.type === 'passt') : undefined;
    default:
      return 'source' in nic ? nic.source : undefined;
  }
}

const canonicalUser = (source: UserNicSource | undefined, passt: boolean): UserNicSource | undefined =>
  filled(only(source, passt));

function canonicalVhostUser(source: VhostUserNicSource | undefined, passt: boolean): VhostUserNicSource | undefined {
  if (passt) return filled(source && compact({ dev: source.dev, extra: source.extra }));
  return source && compact({ ...source, type: source.type ?? 'unix', mode: source.mode ?? 'client', dev: undefined });
}

function canonicalHostdev(source: HostdevNicSource | undefined): HostdevNicSource | undefined {
  const address = source?.address;
  if (source === undefined || address === undefined) return source;
  if (address.type === 'usb') return compact({ ...source, missing: undefined, address: usbAddress(address) });
  const { domain = 0, bus = 0, slot = 0, function: fn = 0, extra } = address;
  return compact({
    extra: source.extra,
    vendor: only(source.vendor, false),
    product: only(source.product, false),
    address: compact({ type: 'pci' as const, domain, bus, slot, function: fn, extra }),
  });
}

const usbAddress = (address: HostdevNicAddress): HostdevNicAddress =>
  compact({ type: 'usb' as const, ...decimalBus(address), device: address.device, extra: address.extra });
