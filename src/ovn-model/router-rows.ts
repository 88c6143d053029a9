import { parseAddress } from '../schema/address.js';
import { compact } from '../schema/values.js';
import { elsewhereRows } from './forward-rows.js';
import { isDistributed, type Outside } from './outside.js';
import { addressMarks, natAddressOf, ROUTER_KEY } from './outside-addresses.js';
import { destinationOf } from './route-destination.js';
import type { OvnRow } from './rows.js';
import { macOf, type OvnShape, type OvnSubnet, subnetsOf } from './shape.js';
import { holds } from './subnet-facts.js';
import { untranslatedFor } from './untranslated-rows.js';
import type { OvsdbRowInput } from './values.js';

/** The router of a network with its ports, NAT and routes, and the switch that leads to the physical network. */
export function routerRows(shape: OvnShape): readonly OvnRow[] {
  if (!shape.hasRouter) return [];
  const { outside } = shape;
  const nat = outside === undefined ? [] : natRows(shape, outside);
  const routes = routeRows(shape);
  const ways = outside === undefined ? [] : outsideRows(shape, outside);
  const references = {
    ports: [{ named: 'router_inside' }, ...(outside === undefined ? [] : [{ named: 'router_outside' }])],
    nat: nat.map(({ key }) => ({ named: key })),
    static_routes: routes.map(({ key }) => ({ named: key })),
  };
  const marks = outside === undefined ? {} : addressMarks(shape, outside);
  const options = outside === undefined || isDistributed(outside) ? {} : { chassis: outside.chassis[0] };
  const router: OvsdbRowInput = { name: shape.names.router, options, ...references };
  return [
    { table: 'Logical_Router', key: ROUTER_KEY, columns: router, marks },
    ...insideRows(shape),
    ...ways,
    ...nat,
    ...routes,
  ];
}

function insideRows(shape: OvnShape): readonly OvnRow[] {
  const { names, routerMac, subnets } = shape;
  const inside: OvsdbRowInput = {
    name: names.port('inside'),
    mac: routerMac,
    networks: subnets.map(({ router, prefix }) => `${router.text}/${prefix}`),
    ipv6_ra_configs: advertisements(shape),
    // It answers larger packets from outside; tunnels would lose them without a word.
    options: shape.outside === undefined ? {} : compact({ gateway_mtu: shape.mtu }),
  };
  return [
    { table: 'Logical_Router_Port', key: 'router_inside', columns: inside },
    routerPort('switch_router', names.port('router'), names.port('inside')),
  ];
}

/** A port of a switch that leads to a router. */
const routerPort = (key: string, name: string, peer: string): OvnRow => ({
  table: 'Logical_Switch_Port',
  key,
  columns: { name, type: 'router', addresses: ['router'], options: { 'router-port': peer } },
});

function advertisements(shape: OvnShape): Readonly<Record<string, string>> {
  const [first] = subnetsOf(shape, 'ipv6');
  if (first === undefined) return {};
  return compact({
    address_mode: first.dhcpKey === undefined ? 'slaac' : 'dhcpv6_stateful',
    send_periodic: 'true',
    // OVN always makes itself a default router: one that leads nowhere gives way to any other of the guest.
    router_preference: shape.outside === undefined ? 'LOW' : undefined,
    mtu: shape.mtu,
    dnssl: shape.document.domain?.name,
  });
}

function outsideRows(shape: OvnShape, outside: Outside): readonly OvnRow[] {
  const { name, names } = shape;
  const { physicalNetwork, vlan, addresses, chassis } = outside;
  const gateways = isDistributed(outside) ? chassis : [];
  const port: OvsdbRowInput = {
    name: names.port('outside'),
    mac: macOf(`${name} outside`),
    networks: addresses.map(({ address, prefix }) => `${address.text}/${prefix}`),
    gateway_chassis: gateways.map((_, i) => ({ named: `gateway_${i}` })),
  };
  const physical: OvsdbRowInput = {
    ...{ name: names.port('physical'), type: 'localnet', addresses: ['unknown'] },
    ...{ options: { network_name: physicalNetwork }, tag: vlan },
  };
  const rules = elsewhereRows(shape, 'outside');
  const contents: OvsdbRowInput = {
    ports: [{ named: 'outside_router' }, { named: 'outside_physical' }],
    acls: rules.map(({ key }) => ({ named: key })),
  };
  return [
    { table: 'Logical_Router_Port', key: 'router_outside', columns: port },
    ...gateways.map((chassis_name, i) => gatewayRow(names.port('outside'), chassis_name, i)),
    { table: 'Logical_Switch', key: 'outside', columns: { name: names.outsideSwitch, ...contents } },
    routerPort('outside_router', names.port('uplink'), names.port('outside')),
    { table: 'Logical_Switch_Port', key: 'outside_physical', columns: physical },
    ...rules,
  ];
}

/** The first chassis has the highest priority. */
const gatewayRow = (port: string, chassis_name: string, index: number): OvnRow => ({
  table: 'Gateway_Chassis',
  key: `gateway_${index}`,
  columns: { name: `${port}-${chassis_name}`, chassis_name, priority: 1000 - index },
});

function natRows(shape: OvnShape, outside: Outside): readonly OvnRow[] {
  const { port } = shape.document.forward?.nat ?? {};
  const external_port_range = port === undefined ? '' : `${port.start}-${port.end}`;
  const untranslated = untranslatedFor(shape);
  const row = (key: string, external_ip: string, logical_ip: string, subnet: OvnSubnet | undefined): OvnRow => {
    const columns = { type: 'snat', external_ip, logical_ip, external_port_range };
    return { table: 'NAT', key, columns: { ...columns, exempted_ext_ips: untranslated(subnet) } };
  };
  return shape.translated.flatMap((family) => {
    const subnets = subnetsOf(shape, family);
    const all = subnets.map((subnet, i) =>
      row(`nat_${family}_${i}`, natAddressOf(shape, outside, family), subnet.cidr, subnet),
    );
    // The row of the longest prefix wins.
    const single = outside.ownAddresses.filter(({ guest }) => guest.family === family);
    const own = single.map(({ guest, address }, i) => {
      const subnet = subnets.find((one) => holds(one, guest));
      return row(`nat_own_${family}_${i}`, address.text, guest.text, subnet);
    });
    return [...all, ...own];
  });
}

const EVERYWHERE = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;

function routeRows({ document, outside }: OvnShape): readonly OvnRow[] {
  const own = (document.routes ?? []).map((route, i) => routeRow(`route_${i}`, destinationOf(route), route.gateway));
  const defaults = (outside?.gateways ?? []).map(({ family, text }) =>
    routeRow(`default_${family}`, EVERYWHERE[family], text),
  );
  return [...defaults, ...own];
}

const routeRow = (key: string, ip_prefix: string, nexthop: string): OvnRow => ({
  table: 'Logical_Router_Static_Route',
  key,
  columns: { ip_prefix, nexthop: parseAddress(nexthop)?.text ?? nexthop },
});
