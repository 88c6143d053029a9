import type { NatNetwork, RoutedNetwork } from '../../model/kinds/virtual-kinds.js';
import type { VirtualNetwork } from '../../model/kinds/virtual-network.js';
import type { SubnetBuilder } from '../../model/subnet.js';
import type { Dns } from '../../schema/network/dns.js';
import type { DhcpHost, DhcpRange, Ip, Lease, Route } from '../../schema/network/ip.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { compact } from '../../schema/values.js';
import { each, only, type Part, part, type Step, unlessEmpty } from './parts.js';
import { limits } from './ports.js';

type VirtualPart<T extends VirtualNetwork> = Part<T, NetworkDocument>;

/** The parts of networks whose bridge libvirt makes. */
export const virtualParts = <T extends VirtualNetwork>(): readonly VirtualPart<T>[] => [
  part('bridge', ({ name, ...options }) => (name === undefined ? [] : [(n) => n.bridge(name, unlessEmpty(options))])),
  part('mac', ({ address }) => (address === undefined ? [] : [(n) => n.mac(address)])),
  part('mtu', ({ size }) => (size === undefined ? [] : [(n) => n.mtu(size)])),
  part('domain', ({ name, ...options }) => (name === undefined ? [] : [(n) => n.domain(name, unlessEmpty(options))])),
  part('ips', (ips) => ips.map((ip) => subnetStep<T>(ip))),
  part('dns', (dns) => dnsSteps<T>(dns)),
  part('routes', (routes) => each(routes, routeStep<T>)),
  part('bandwidth', (bandwidth) => limits<T>(bandwidth, (both) => (n) => n.bandwidth(both))),
  part('ipv6', (ipv6) => [(n) => n.guestIpv6(ipv6 ? undefined : ipv6)]),
  part('dnsmasq', ({ options }) =>
    each(
      options,
      ({ value }) =>
        (n: T) =>
          n.dnsmasqOption(value),
    ),
  ),
];

/** The way out of a NAT network. */
export const natParts: readonly VirtualPart<NatNetwork>[] = [
  part('forward', ({ dev, nat }) => {
    const { ipv6, address, port } = nat ?? {};
    const steps: readonly (Step<NatNetwork> | undefined)[] = [
      dev === undefined ? undefined : (n) => n.via(dev),
      address && ((n) => n.natAddress(address.start, address.end === address.start ? undefined : address.end)),
      port && ((n) => n.natPorts(port.start, port.end)),
      ipv6 === undefined ? undefined : (n) => n.natIpv6(ipv6 ? undefined : ipv6),
    ];
    return steps.filter((step) => step !== undefined);
  }),
];

/** The way out of a routed network. */
export const routedParts: readonly VirtualPart<RoutedNetwork>[] = [
  part('forward', ({ dev }) => (dev === undefined ? [] : [(n) => n.via(dev)])),
];

function subnetStep<T extends VirtualNetwork>(ip: Ip): Step<T> {
  const steps = subnetSteps(ip);
  const cidr = `${ip.address}/${ip.prefix}`;
  if (steps.length === 0) return (n) => n.subnet(cidr);
  return (n) => n.subnet(cidr, (subnet) => steps.reduce((built, step) => step(built), subnet));
}

function subnetSteps({ localPtr, tftp, dhcp }: Ip): readonly Step<SubnetBuilder>[] {
  const [root, bootp] = [tftp?.root, dhcp?.bootp];
  const { file, ...server } = bootp ?? {};
  return [
    ...each(dhcp?.ranges, rangeStep),
    ...each(dhcp?.hosts, hostStep),
    ...(file === undefined ? [] : [(s: SubnetBuilder) => s.bootp(file, unlessEmpty(server))]),
    ...(root === undefined ? [] : [(s: SubnetBuilder) => s.tftp(root)]),
    ...(localPtr === undefined ? [] : [(s: SubnetBuilder) => s.localPtr(localPtr ? undefined : localPtr)]),
  ];
}

const rangeStep =
  ({ start, end, lease }: DhcpRange): Step<SubnetBuilder> =>
  (s) =>
    s.dhcp(start, end, unlessEmpty(leaseOption(lease)));

const hostStep =
  ({ mac, id, name, ip, lease }: DhcpHost): Step<SubnetBuilder> =>
  (s) =>
    s.host(compact({ mac, id, name, ip, ...leaseOption(lease) }));

/** A lease as an option: a number stands for minutes. */
function leaseOption(lease: Lease | undefined): { readonly lease?: number | Lease } {
  if (lease === undefined) return {};
  const minutes = only(lease, 'expiry');
  return { lease: typeof minutes === 'number' ? minutes : lease };
}

const dnsSteps = <T extends VirtualNetwork>({
  enable,
  forwardPlainNames,
  forwarders,
  txts,
  srvs,
  hosts,
}: Dns): readonly Step<T>[] => {
  const options = unlessEmpty(compact({ enable, forwardPlainNames }));
  return [
    ...(options === undefined ? [] : [(n: T) => n.dns(options)]),
    ...each(forwarders, (forwarder) => (n: T) => n.dnsForwarder(forwarder)),
    ...each(hosts, (host) => (n: T) => n.dnsHost(host)),
    ...each(txts, (txt) => (n: T) => n.dnsTxt(txt)),
    ...each(srvs, (srv) => (n: T) => n.dnsSrv(srv)),
  ];
};

const routeStep = <T extends VirtualNetwork>({ address, prefix, gateway: via, metric }: Route): Step<T> => {
  const to = `${address}/${prefix}`;
  return (n) => n.route(compact({ to, via, metric }));
};
