import { knownParts } from '../known-parts.js';
import { isKnownTo, knownRelease, NEWEST_RELEASE, RELEASE_10 } from '../release.js';
import { compact, holdsExtra } from '../values.js';
import type { Dns, DnsForwarder, DnsSrv } from './dns.js';
import type { Forward, ForwardDriver, Nat, PciAddress, PlugAddress } from './forward.js';
import type { Dhcp, Ip, Lease } from './ip.js';
import { keptMetadata } from './kept-metadata.js';
import { type Bridge, type NetworkDocument, networkTable } from './network.js';
import type { Bandwidth, BandwidthLimit, PortGroup, VirtualPort, VirtualPortParameters, Vlan } from './ports.js';

/**
 * The forward mode in libvirt's sense: no `<forward>` is `none`, `<forward>` without a mode is `nat`. Any
 * other word is a mode of a release that is newer than this library.
 */
export const forwardModeOf = ({ forward }: NetworkDocument): string =>
  forward === undefined ? 'none' : (forward.mode ?? unknownMode(forward) ?? 'nat');

const unknownMode = (forward: Forward): string | undefined => forward.extra?.attributes?.['mode'];

/** Modes whose bridge libvirt makes itself and gives addresses to. */
const LAYER3 = new Set(['none', 'nat', 'route', 'open']);

/** Tells whether libvirt makes the network's bridge itself: modes nat, route, open and isolated. */
export const isLayer3 = (document: NetworkDocument): boolean => LAYER3.has(forwardModeOf(document));

/** Drops a part that has no effect in libvirt, unless it contains something unknown, which must not be lost. */
const unlessEmpty = <T>(value: T | undefined, full: boolean): T | undefined =>
  full || holdsExtra(value) ? value : undefined;

const filled = <T>(list: readonly T[] | undefined): readonly T[] | undefined => (list?.length ? list : undefined);

const nonZero = <T extends number | string>(value: T | undefined): T | undefined =>
  value === undefined || Number(value) === 0 ? undefined : value;

/**
 * The document as libvirt holds it after reading: defaults filled in, what means nothing dropped. Two
 * documents mean the same network when their canonical forms are equal. What libvirt only reports
 * (`connections`) is left out. Source: measured on libvirt's
 * own test documents.
 */
export function canonicalNetwork(document: NetworkDocument, release: string = NEWEST_RELEASE): NetworkDocument {
  const number = knownRelease(release);
  const layer3 = isLayer3(document);
  const { mtu, mac, domain, port } = document;
  return compact({
    ...document,
    connections: undefined,
    ipv6: document.ipv6 || undefined,
    uuid: document.uuid || undefined,
    title: document.title || undefined,
    description: document.description || undefined,
    metadata:
      isKnownTo(number, '9.7.0') && document.extra?.inside?.['metadata'] === undefined
        ? filled(document.metadata)
        : document.metadata,
    forward: canonicalForward(document.forward, number),
    bridge: canonicalBridge(document.bridge, layer3),
    mtu: unlessEmpty(mtu && compact({ ...mtu, size: nonZero(mtu.size) }), nonZero(mtu?.size) !== undefined),
    mac: unlessEmpty(mac, mac?.address !== undefined),
    domain: unlessEmpty(domain, domain?.name !== undefined),
    dns: canonicalDns(document.dns),
    vlan: canonicalVlan(document.vlan),
    bandwidth: canonicalBandwidth(document.bandwidth),
    port: unlessEmpty(port, port?.isolated !== undefined),
    ips: filled(document.ips?.map((ip) => canonicalIp(ip, number))),
    routes: filled(document.routes),
    virtualport: canonicalVirtualPort(document.virtualport),
    portgroups: filled(document.portgroups?.map(canonicalPortGroup)),
    dnsmasq: unlessEmpty(document.dnsmasq, (document.dnsmasq?.options?.length ?? 0) > 0),
  });
}

/**
 * The document as a daemon of a release keeps it: in its canonical form, without what the release does not know. Unknown parts
 * of metadata stay, as libvirt keeps these.
 */
export const storedNetwork = (document: NetworkDocument, release: string = NEWEST_RELEASE): NetworkDocument =>
  canonicalNetwork(withKeptMetadata(knownParts(networkTable, document, knownRelease(release))), release);

const withKeptMetadata = (document: NetworkDocument): NetworkDocument =>
  compact({ ...document, metadata: document.metadata && keptMetadata(document.metadata) });

function canonicalForward(forward: Forward | undefined, release: number): Forward | undefined {
  if (forward === undefined || (forward.mode === 'none' && !holdsExtra(forward))) return undefined;
  const mode = forward.mode ?? (unknownMode(forward) === undefined ? 'nat' : undefined);
  // libvirt takes the first of these three that is there, and drops the others.
  const interfaces = filled(forward.interfaces) ?? (forward.dev === undefined ? undefined : [{ dev: forward.dev }]);
  const addresses = unlessEmpty(filled(forward.addresses), interfaces === undefined);
  const pf = unlessEmpty(forward.pf, interfaces === undefined && addresses === undefined);
  const { driver } = forward;
  return compact({
    ...forward,
    mode,
    dev: interfaces?.[0]?.dev,
    managed: mode === 'hostdev' ? (forward.managed ?? false) : undefined,
    driver: unlessEmpty(driver, driver !== undefined && (driver.name !== undefined || printsDriver(driver, release))),
    nat: canonicalNat(forward.nat),
    pf,
    interfaces: interfaces?.map((one) => compact({ ...one, connections: undefined })),
    addresses: addresses?.map(canonicalAddress),
  });
}

/** Tells whether libvirt prints a `<driver>` that has no name. */
export const printsDriver = ({ model, iommufd }: ForwardDriver, release: number): boolean =>
  (model !== undefined && release >= RELEASE_10) || (iommufd !== undefined && isKnownTo(release, '12.1.0'));

const canonicalAddress = ({ connections: _, type, ...address }: PciAddress): PciAddress => ({
  ...fullAddress(address),
  type,
});

/** A PCI address with the parts that libvirt prints whether they were given or not, and no others. */
export function fullAddress({ multifunction: _, zpci, ...address }: PlugAddress): PlugAddress {
  const { domain = 0, bus = 0, slot = 0, function: fn = 0 } = address;
  return compact({ ...address, domain, bus, slot, function: fn, zpci: unlessEmpty(zpci, false) });
}

function canonicalNat(nat: Nat | undefined): Nat | undefined {
  if (nat === undefined) return undefined;
  const unset = nat.port?.start === 0 && nat.port.end === 0;
  const port = unlessEmpty(nat.port, nat.port !== undefined && !unset);
  const full = nat.ipv6 !== undefined || nat.address !== undefined || port !== undefined;
  return unlessEmpty(compact({ ...nat, port }), full);
}

function canonicalBridge(bridge: Bridge | undefined, layer3: boolean): Bridge | undefined {
  if (layer3) return { ...bridge, stp: bridge?.stp ?? true, delay: bridge?.delay ?? 0 };
  if (bridge === undefined) return undefined;
  const { stp: _, delay: __, ...rest } = bridge;
  return unlessEmpty(rest, rest.name !== undefined || rest.macTableManager !== undefined);
}

function canonicalDns(dns: Dns | undefined): Dns | undefined {
  if (dns === undefined) return undefined;
  const kept = compact({
    ...dns,
    forwarders: filled(dns.forwarders?.map(canonicalForwarder)),
    txts: filled(dns.txts),
    srvs: filled(dns.srvs?.map(canonicalSrv)),
    hosts: filled(dns.hosts),
  });
  return Object.keys(kept).length > 0 ? kept : undefined;
}

const canonicalForwarder = ({ port, ...forwarder }: DnsForwarder): DnsForwarder =>
  port === undefined || forwarder.addr === undefined ? forwarder : { ...forwarder, port };

const canonicalSrv = (srv: DnsSrv): DnsSrv =>
  compact({ ...srv, port: nonZero(srv.port), priority: nonZero(srv.priority), weight: nonZero(srv.weight) });

function canonicalIp(ip: Ip, release: number): Ip {
  const { tftp, prefix } = ip;
  return compact({
    ...ip,
    prefix: nonZero(prefix),
    tftp: unlessEmpty(tftp, tftp?.root !== undefined),
    dhcp: canonicalDhcp(ip.dhcp, ip.family === 'ipv6', release),
  });
}

function canonicalDhcp(dhcp: Dhcp | undefined, ipv6: boolean, release: number): Dhcp | undefined {
  if (dhcp === undefined) return undefined;
  // libvirt reads bootp for IPv4 alone; until 10.x it skipped one without a file.
  const bootp = ipv6 || (dhcp.bootp?.file === undefined && release < RELEASE_10) ? undefined : dhcp.bootp;
  const kept = compact({
    ...dhcp,
    ranges: filled(dhcp.ranges?.map(withCanonicalLease)),
    hosts: filled(dhcp.hosts?.map(withCanonicalLease)),
    bootp: unlessEmpty(dhcp.bootp, bootp !== undefined),
  });
  return unlessEmpty(kept, kept.ranges !== undefined || kept.hosts !== undefined || holdsExtra(kept.bootp));
}

/** Most entries have no lease; they are passed through, since there can be very many. */
function withCanonicalLease<T extends { readonly lease?: Lease }>(entry: T): T {
  if (entry.lease === undefined) return entry;
  const { lease, ...rest } = entry;
  const kept = canonicalLease(lease);
  return kept === undefined ? (rest as T) : { ...entry, lease: kept };
}

function canonicalLease(lease: Lease): Lease | undefined {
  if (lease.expiry === undefined) return unlessEmpty(lease, false);
  const { unit, ...rest } = lease;
  return Number(lease.expiry) === 0 ? rest : { ...rest, unit: unit ?? 'minutes' };
}

export function canonicalVlan(vlan: Vlan | undefined): Vlan | undefined {
  if (vlan === undefined) return undefined;
  // Every tag with the native id gets the mode, since libvirt keeps the id and the mode apart from the tags.
  const native = vlan.tags?.find((tag) => tag.nativeMode !== undefined);
  const tags = vlan.tags?.map((tag) =>
    native?.nativeMode !== undefined && tag.id === native.id ? { ...tag, nativeMode: native.nativeMode } : tag,
  );
  const trunk = vlan.trunk || (vlan.tags?.length ?? 0) > 1;
  return compact({ ...vlan, trunk: trunk || undefined, tags: tags ?? [] });
}

export function canonicalBandwidth(bandwidth: Bandwidth | undefined): Bandwidth | undefined {
  if (bandwidth === undefined) return undefined;
  const { inbound, outbound } = bandwidth;
  const kept = compact({ ...bandwidth, inbound: canonicalLimit(inbound), outbound: canonicalLimit(outbound) });
  return unlessEmpty(kept, inbound !== undefined || outbound !== undefined);
}

function canonicalLimit(limit: BandwidthLimit | undefined): BandwidthLimit | undefined {
  if (limit === undefined) return undefined;
  const kept = compact({
    ...limit,
    average: nonZero(limit.average),
    peak: nonZero(limit.peak),
    floor: nonZero(limit.floor),
    burst: nonZero(limit.burst),
  });
  return unlessEmpty(kept, kept.average !== undefined || kept.floor !== undefined);
}

/** Parameters that libvirt prints for each type; without a type it prints all that were given. */
const PRINTED: Readonly<Record<string, readonly (keyof VirtualPortParameters)[]>> = {
  '802.1Qbg': ['managerid', 'typeid', 'typeidversion', 'instanceid'],
  '802.1Qbh': ['profileid'],
  openvswitch: ['interfaceid', 'profileid'],
  midonet: ['interfaceid'],
};

export function canonicalVirtualPort(port: VirtualPort | undefined): VirtualPort | undefined {
  if (port === undefined) return undefined;
  const { parameters, ...rest } = port;
  const given = parameters !== undefined && Object.keys(parameters).length > 0;
  if (!given) return unlessEmpty(rest, rest.type !== undefined);
  return { ...rest, parameters: printedParameters(parameters, rest.type) };
}

function printedParameters(parameters: VirtualPortParameters, type: VirtualPort['type']): VirtualPortParameters {
  const printed = type === undefined ? undefined : PRINTED[type];
  if (printed === undefined) return parameters;
  const kept = new Set<string>([...printed, 'extra']);
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => kept.has(key)));
}

const canonicalPortGroup = (group: PortGroup): PortGroup =>
  compact({
    ...group,
    default: group.default || undefined,
    vlan: canonicalVlan(group.vlan),
    virtualport: canonicalVirtualPort(group.virtualport),
    bandwidth: canonicalBandwidth(group.bandwidth),
  });
