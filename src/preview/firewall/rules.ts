import type { Family } from '../../schema/address.js';
import { type PreviewNetwork, type PreviewSubnet, servesDhcp, subnetsOf } from '../network.js';
import type { ChecksumFilter, Condition, FirewallBackend, FirewallRule, PortSpan, Target } from './rule.js';

/** The parts of libvirt's rules, by the names that iptables has for them. */
type Part = 'INP' | 'OUT' | 'FWO' | 'FWI' | 'FWX' | 'PRT' | 'MANGLE';

/** Where each part lives. nftables has no rules for traffic to and from the host itself. */
const PLACES: Record<FirewallBackend, Partial<Record<Part, { readonly table: string; readonly chain: string }>>> = {
  iptables: {
    INP: { table: 'filter', chain: 'LIBVIRT_INP' },
    OUT: { table: 'filter', chain: 'LIBVIRT_OUT' },
    FWO: { table: 'filter', chain: 'LIBVIRT_FWO' },
    FWI: { table: 'filter', chain: 'LIBVIRT_FWI' },
    FWX: { table: 'filter', chain: 'LIBVIRT_FWX' },
    PRT: { table: 'nat', chain: 'LIBVIRT_PRT' },
    MANGLE: { table: 'mangle', chain: 'LIBVIRT_PRT' },
  },
  nftables: {
    FWO: { table: 'libvirt_network', chain: 'guest_output' },
    FWI: { table: 'libvirt_network', chain: 'guest_input' },
    FWX: { table: 'libvirt_network', chain: 'guest_cross' },
    PRT: { table: 'libvirt_network', chain: 'guest_nat' },
  },
};

const ACCEPT: Target = { type: 'accept' };
const REJECT: Target = { type: 'reject' };
const RETURN: Target = { type: 'return' };

const from = (value: string): Condition => ({ field: 'source', value });
const to = (value: string): Condition => ({ field: 'destination', value });
const notTo = (value: string): Condition => ({ field: 'destination', value, not: true });
const inBy = (value: string): Condition => ({ field: 'inInterface', value });
const outBy = (value: string): Condition => ({ field: 'outInterface', value });
const over = (value: 'tcp' | 'udp'): Condition => ({ field: 'protocol', value });
const port = (value: number): Condition => ({ field: 'destinationPort', value });
const ESTABLISHED: Condition = { field: 'established' };

/** Collects the rules of one network for one backend. */
class Rules {
  readonly rules: (FirewallRule | ChecksumFilter)[] = [];

  readonly network: PreviewNetwork;
  readonly backend: FirewallBackend;

  constructor(network: PreviewNetwork, backend: FirewallBackend) {
    this.network = network;
    this.backend = backend;
  }

  add(family: Family, part: Part, match: readonly Condition[], target: Target): void {
    const place = PLACES[this.backend][part];
    if (place !== undefined) this.rules.push({ kind: 'rule', backend: this.backend, family, ...place, match, target });
  }

  /** The limit to the network's forward device, where it has one. */
  device(direction: 'inInterface' | 'outInterface'): Condition[] {
    const { device } = this.network;
    return device ? [{ field: direction, value: device, byName: true }] : [];
  }

  /** Accepts packets from guests to a service of the host on their bridge, and its answers. */
  service(family: Family, protocol: 'tcp' | 'udp', number: number, part: 'INP' | 'OUT'): void {
    const { bridge } = this.network;
    const match = [part === 'INP' ? inBy(bridge) : outBy(bridge), over(protocol), port(number)];
    this.add(family, part, match, ACCEPT);
  }

  /** Refuses what no other rule lets in or out, but not what stays on the bridge. */
  barrier(family: Family): void {
    const { bridge } = this.network;
    this.add(family, 'FWO', [inBy(bridge)], REJECT);
    this.add(family, 'FWI', [outBy(bridge)], REJECT);
    this.add(family, 'FWX', [inBy(bridge), outBy(bridge)], ACCEPT);
  }
}

/** The rules of a network in the order in which libvirt inserts them: the last stands first in its chain. */
export function networkRules(
  network: PreviewNetwork,
  backend: FirewallBackend,
): readonly (FirewallRule | ChecksumFilter)[] {
  if (network.mode === 'open') return [];
  const rules = new Rules(network, backend);
  if (backend === 'nftables') rules.rules.push({ kind: 'checksum', backend, device: network.bridge });
  generalIpv4(rules);
  generalIpv6(rules);
  for (const subnet of network.subnets) subnetRules(rules, subnet);
  if (subnetsOf(network, 'ipv4').some(servesDhcp)) {
    rules.add('ipv4', 'MANGLE', [outBy(network.bridge), over('udp'), port(68)], { type: 'checksum' });
  }
  return rules.rules;
}

function generalIpv4(rules: Rules): void {
  const service = rules.service.bind(rules, 'ipv4');
  for (const [number, part] of [[67, 'INP'] as const, [68, 'OUT'] as const]) {
    service('tcp', number, part);
    service('udp', number, part);
  }
  nameService(rules, 'ipv4');
  if (servesTftp(rules.network)) {
    service('udp', 69, 'INP');
    service('udp', 69, 'OUT');
  }
  rules.barrier('ipv4');
}

/** libvirt looks at the first subnet that has DHCP or TFTP, and no further. */
export const servesTftp = (network: PreviewNetwork): boolean =>
  subnetsOf(network, 'ipv4').find((subnet) => servesDhcp(subnet) || subnet.ip.tftp?.root)?.ip.tftp?.root !== undefined;

function nameService(rules: Rules, family: Family): void {
  for (const part of ['INP', 'OUT'] as const) {
    rules.service(family, 'tcp', 53, part);
    rules.service(family, 'udp', 53, part);
  }
}

function generalIpv6(rules: Rules): void {
  const addressed = subnetsOf(rules.network, 'ipv6').length > 0;
  if (!addressed && rules.network.document.ipv6 !== true) return;
  rules.barrier('ipv6');
  if (!addressed) return;
  nameService(rules, 'ipv6');
  rules.service('ipv6', 'udp', 547, 'INP');
  rules.service('ipv6', 'udp', 546, 'OUT');
}

function subnetRules(rules: Rules, { subnet }: PreviewSubnet): void {
  const { network } = rules;
  if (network.mode === 'none') return;
  const { family, cidr } = subnet;
  rules.add(family, 'FWO', [from(cidr), inBy(network.bridge), ...rules.device('outInterface')], ACCEPT);
  if (isTranslated(network, family)) translate(rules, family, cidr);
  else rules.add(family, 'FWI', [to(cidr), ...rules.device('inInterface'), outBy(network.bridge)], ACCEPT);
}

/** Tells whether guests of a network leave it with an address of the host's. NAT of IPv6 has to be asked for. */
export const isTranslated = ({ mode, document }: PreviewNetwork, family: Family): boolean =>
  mode === 'nat' && (family === 'ipv4' || document.forward?.nat?.ipv6 === true);

function translate(rules: Rules, family: Family, cidr: string): void {
  const nft = rules.backend === 'nftables';
  const [device, way] = [rules.device('inInterface'), outBy(rules.network.bridge)];
  const back = nft ? [...device, way, to(cidr), ESTABLISHED] : [to(cidr), ...device, way, ESTABLISHED];
  rules.add(family, 'FWI', back, ACCEPT);

  const leaving = [notTo(cidr), ...rules.device('outInterface')];
  rules.add(family, 'PRT', [from(cidr), ...leaving], translation(rules.network, family));
  for (const protocol of ['udp', 'tcp'] as const) {
    const start = nft ? [over(protocol), from(cidr)] : [from(cidr), over(protocol)];
    rules.add(family, 'PRT', [...start, ...leaving], translation(rules.network, family, natPortSpan(rules.network)));
  }

  const untouched = family === 'ipv4' ? ['255.255.255.255/32', '224.0.0.0/24'] : ['ff02::/16'];
  for (const group of untouched)
    rules.add(family, 'PRT', [...rules.device('outInterface'), from(cidr), to(group)], RETURN);
}

function natPortSpan({ document }: PreviewNetwork): PortSpan {
  const { start = 0, end = 0 } = document.forward?.nat?.port ?? {};
  return start > 0 || end > 0 ? { start, end } : { start: 1024, end: 65535 };
}

function translation({ document }: PreviewNetwork, family: Family, ports?: PortSpan): Target {
  const address = document.forward?.nat?.address;
  const given = ports === undefined ? {} : { ports };
  // libvirt knows addresses to translate to for IPv4 only.
  if (family === 'ipv6' || address?.start === undefined) return { type: 'masquerade', ...given };
  return { type: 'snat', start: address.start, end: address.end ?? address.start, ...given };
}
