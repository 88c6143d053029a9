import type { Nat } from '../schema/network/forward.js';
import type { DhcpHost, Ip, Route } from '../schema/network/ip.js';
import { keptMetadata } from '../schema/network/kept-metadata.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { destinationOf, effectivePrefix } from '../schema/rules/addressing.js';
import { mac } from '../schema/scalar.js';
import { compact, holdsExtra } from '../schema/values.js';

/**
 * The document without what changes nothing: values that are what libvirt does without them, and metadata that it drops.
 * libvirt keeps most of them as they were written, so this is for comparing and never for printing.
 */
export function inEffect(document: NetworkDocument): NetworkDocument {
  const { metadata, forward, bridge, domain, dns, port, ips, routes } = document;
  return compact({
    ...without(document, { trustGuestRxFilters: false }),
    metadata: metadata && keptMetadata(metadata),
    forward: forward && compact({ ...forward, nat: natInEffect(forward.nat) }),
    bridge: bridge && without(bridge, { macTableManager: 'kernel' }),
    domain: domain && without(domain, { localOnly: false, register: false }),
    dns: dns && without(dns, { enable: true, forwardPlainNames: true }),
    port: port && without(port, { isolated: false }),
    ips: ips?.map(ipInEffect),
    routes: routes?.map((route) => without<Route>(sized(destinationOf(route)), { metric: 1 })),
  });
}

/** A value without the properties that are what libvirt does without them. */
function without<T extends object>(value: T, standard: Partial<T>): T {
  const others = { ...value };
  for (const key in standard) if (others[key] === standard[key]) delete others[key];
  return others;
}

function natInEffect(nat: Nat | undefined): Nat | undefined {
  if (nat === undefined) return undefined;
  const { port, ...others } = without(nat, { ipv6: false });
  const isStandard = port?.start === 1024 && port.end === 65_535 && !holdsExtra(port);
  return isStandard || port === undefined ? others : { ...others, port };
}

const ipInEffect = ({ dhcp, ...ip }: Ip): Ip => ({
  ...without<Omit<Ip, 'dhcp'>>(sized(ip), { localPtr: false }),
  ...(dhcp === undefined ? {} : { dhcp: compact({ ...dhcp, hosts: dhcp.hosts?.map(hostInEffect) }) }),
});

const hostInEffect = (host: DhcpHost): DhcpHost =>
  host.mac === undefined ? host : { ...host, mac: mac.write(host.mac) };

/** A subnet, or the destination of a route, with its size as a prefix. */
function sized<T extends Pick<Ip, 'family' | 'address' | 'netmask' | 'prefix'>>(subnet: T) {
  const prefix = effectivePrefix(subnet);
  const size = prefix === undefined ? {} : { netmask: undefined, prefix };
  return compact({ ...subnet, ...size, family: subnet.family === 'ipv4' ? undefined : subnet.family });
}
