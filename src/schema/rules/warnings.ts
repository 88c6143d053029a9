import { type Address, addressOf, bitsOf, lastAddress, networkAddress, sameSubnet } from '../address.js';
import { forwardModeOf, isLayer3, printsDriver } from '../network/canonical.js';
import type { Dhcp, Ip } from '../network/ip.js';
import { droppedMetadata } from '../network/kept-metadata.js';
import { normalizeMac } from '../scalar.js';
import { effectivePrefix } from './addressing.js';
import { addressIn, eachOf, type RuleContext } from './context.js';
import { checkHostNames, checkReservedName } from './host-names.js';
import { type Interval, IntervalIndex } from './interval-index.js';

/** Finds parts that libvirt accepts but drops silently, or misreads. */
export function checkMeaning(context: RuleContext): void {
  checkDropped(context);
  checkSubnets(context);
  checkHostNames(context);
  const { document, report } = context;
  const ipv6 = document.ips?.some((ip) => addressIn(ip.address)?.family === 'ipv6');
  if (forwardModeOf(document) === 'nat' && ipv6 && document.forward?.nat?.ipv6 !== true)
    report('NAT_IPV6_ROUTED', 'forward');
  checkTags(context);
}

function checkTags({ document, report }: RuleContext): void {
  const seen = new Set<number>();
  eachOf(document.vlan?.tags, 'vlan.tags', ({ id }, path) => {
    if (id !== undefined && seen.has(id)) report('VLAN_TAG_DUPLICATE', `${path}.id`, { value: id });
    seen.add(id);
  });
}

/** Parts that are gone when libvirt prints the network back. */
function checkDropped(context: RuleContext): void {
  const { document, report } = context;
  const { dns, domain, forward, metadata, virtualport } = document;
  const mode = forwardModeOf(document);
  const drop = (path: string, property: string, reason: string) => report('DROPPED', path, { property, reason });
  if (domain !== undefined && domain.name === undefined) drop('domain', '<domain>', 'it has no name');
  if (forward?.managed !== undefined && mode !== 'hostdev')
    drop('forward.managed', 'managed', 'it is for mode hostdev');
  if (isModelMisplaced(context)) report('DRIVER_MODEL_MISPLACED', 'forward.driver.model');
  const interfaces = forward?.dev !== undefined || (forward?.interfaces?.length ?? 0) > 0;
  const addresses = (forward?.addresses?.length ?? 0) > 0;
  if (forward?.pf !== undefined && (interfaces || addresses)) drop('forward.pf', '<pf>', 'other devices are given');
  eachOf(forward?.addresses, 'forward.addresses', ({ multifunction, zpci }, path) => {
    if (multifunction !== undefined) drop(`${path}.multifunction`, 'multifunction', 'it is for devices of guests');
    if (zpci !== undefined) drop(`${path}.zpci`, '<zpci>', 'it is for devices of guests');
  });
  if (interfaces && addresses) drop('forward.addresses', '<address>', 'interfaces are given');
  if (virtualport?.type === 'midonet' && virtualport.parameters?.profileid !== undefined)
    drop('virtualport.parameters.profileid', 'profileid', 'midonet has none');
  if (document.bridge?.stp === undefined && !isLayer3(document) && Number(document.bridge?.delay ?? 1) === 0)
    drop('bridge.delay', 'delay', 'the bridge is not made by libvirt');
  eachOf(dns?.forwarders, 'dns.forwarders', ({ addr, port }, path) => {
    if (port !== undefined && addr === undefined) drop(`${path}.port`, 'port', 'the forwarder has no addr');
  });
  const dropped = droppedMetadata(metadata ?? []);
  eachOf(metadata, 'metadata', ({ name }, path, i) => {
    if (dropped.has(i)) report('METADATA_DROPPED', path, { element: name });
  });
  eachOf(document.ips, 'ips', (ip, path) => checkDroppedInIp(ip, path, drop));
}

/** libvirt does not count model and iommufd when it asks whether `<forward>` has content. */
function isModelMisplaced({ document: { forward }, release }: RuleContext): boolean {
  const { driver } = forward ?? {};
  if (driver === undefined || driver.name !== undefined || !printsDriver(driver, release)) return false;
  const { dev, nat = {}, pf, interfaces = [], addresses = [] } = forward ?? {};
  const content = [...Object.keys(nat), ...interfaces, ...addresses];
  return dev === undefined && pf === undefined && content.length === 0;
}

function checkDroppedInIp(ip: Ip, path: string, drop: (path: string, property: string, reason: string) => void): void {
  if (ip.tftp !== undefined && ip.tftp.root === undefined) drop(`${path}.tftp`, '<tftp>', 'it has no root');
  const { dhcp } = ip;
  if (dhcp === undefined) return;
  if ((dhcp.ranges?.length ?? 0) === 0 && (dhcp.hosts?.length ?? 0) === 0)
    drop(`${path}.dhcp`, '<dhcp>', 'it has neither a range nor a host');
  if (dhcp.bootp !== undefined && ip.family === 'ipv6') drop(`${path}.dhcp.bootp`, '<bootp>', 'it is for IPv4');
  const leases = (list: Dhcp['ranges'] | Dhcp['hosts'], name: string) =>
    list?.forEach(({ lease }, i) => {
      if (lease !== undefined && lease.expiry === undefined)
        drop(`${path}.dhcp.${name}[${i}].lease`, '<lease>', 'it has no expiry');
    });
  leases(dhcp.ranges, 'ranges');
  leases(dhcp.hosts, 'hosts');
}

interface Subnet extends Interval {
  readonly address: Address;
  readonly prefix: number;
  readonly path: string;
}

function checkSubnets(context: RuleContext): void {
  const before = { ipv4: new IntervalIndex<Subnet>(), ipv6: new IntervalIndex<Subnet>() };
  eachOf(context.document.ips, 'ips', (ip, path) => {
    const address = addressIn(ip.address);
    const prefix = effectivePrefix(ip);
    if (address !== undefined && ip.netmask !== undefined && prefix === undefined) {
      context.report('NETMASK_GAPS', `${path}.netmask`, { value: ip.netmask });
    }
    if (address === undefined || prefix === undefined) return;
    const [start, end] = [networkAddress(address, prefix).value, lastAddress(address, prefix).value];
    const subnet = { address, prefix, path, start, end };
    checkOwnAddress(context, subnet);
    const other = before[address.family].add(subnet);
    if (other !== undefined)
      context.report('SUBNETS_OVERLAP', path, {
        value: `${address.text}/${prefix}`,
        other: `${other.address.text}/${other.prefix}`,
      });
    if (ip.dhcp !== undefined) checkDhcpMeaning(context, subnet, ip.dhcp);
  });
}

function checkOwnAddress({ report }: RuleContext, { address, prefix, path }: Subnet): void {
  if (prefix > bitsOf(address.family) - 2) return;
  const first = networkAddress(address, prefix);
  const params = { value: address.text, first: addressOf(address.family, first.value + 1n).text };
  if (address.value === first.value) report('IP_IS_NETWORK', `${path}.address`, params);
  if (address.family === 'ipv4' && address.value === lastAddress(address, prefix).value)
    report('IP_IS_BROADCAST', `${path}.address`, params);
}

function checkDhcpMeaning({ report }: RuleContext, { address, prefix, path }: Subnet, dhcp: Dhcp): void {
  checkRanges(report, address, dhcp, `${path}.dhcp.ranges`);
  const seen = new Set<string>();
  eachOf(dhcp.hosts, `${path}.dhcp.hosts`, (host, at) => {
    const ip = addressIn(host.ip);
    if (ip !== undefined && !sameSubnet(ip, address, prefix))
      report('HOST_OUTSIDE_SUBNET', `${at}.ip`, { value: ip.text, address: address.text, prefix });
    checkReservedName(report, host.name, `${at}.name`);
    if (ip?.text === address.text) report('HOST_IS_GATEWAY', `${at}.ip`, { value: ip.text });
    const keys = [
      ['ip', ip?.text],
      ['mac', host.mac && normalizeMac(host.mac)],
      ['name', host.name],
    ] as const;
    for (const [attribute, value] of keys) {
      if (value === undefined) continue;
      if (seen.has(`${attribute} ${value}`)) report('HOST_DUPLICATE', `${at}.${attribute}`, { attribute, value });
      seen.add(`${attribute} ${value}`);
    }
  });
}

function checkRanges(report: RuleContext['report'], own: Address, dhcp: Dhcp, path: string): void {
  const spans = new IntervalIndex();
  eachOf(dhcp.ranges, path, (range, at) => {
    const start = addressIn(range.start);
    const end = addressIn(range.end);
    if (start === undefined || end === undefined || start.family !== own.family) return;
    const params = { start: start.text, end: end.text, value: own.text };
    if (start.value <= own.value && own.value <= end.value) report('RANGE_HAS_GATEWAY', at, params);
    if (start.value > end.value) return;
    if (spans.add({ start: start.value, end: end.value }) !== undefined) report('RANGE_OVERLAP', at, params);
  });
}
