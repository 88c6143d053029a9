import type { HostRoute } from '../../host-facts/routes.js';
import type { Subnet } from '../../model/subnet.js';
import { numberOf, within } from '../../preview/flow/addresses.js';
import { type RouteChoice, Routing } from '../../preview/host-kernel/routing.js';
import { command } from '../../shell/quote.js';
import type { Finding } from '../findings.js';
import type { Facts, NetworkFacts } from './facts.js';
import { finding, proof } from './finding.js';
import { addressesOf } from './nic.js';
import { textOf } from './routes.js';

/** Routes that take the packets for guests of a network: to another device than its bridge, or nowhere. */
export function guestsElsewhere(facts: Facts, on: NetworkFacts): Finding[] {
  const { preview } = on;
  if (preview === undefined || facts.kernel?.routes === undefined) return [];
  return preview.subnets.flatMap(({ subnet }) => {
    const stray = narrowerRoute(facts, subnet, preview.bridge);
    if (stray !== undefined) return [elsewhere(on, subnet, stray)];
    const [choice] = addressesIn(facts, on, subnet).flatMap((address) => wayTo(facts, subnet, address) ?? []);
    if (choice?.type === 'refused') return [refused(on, subnet, choice.text)];
    return choice?.type === 'unicast' && choice.device !== preview.bridge ? [elsewhere(on, subnet, choice.route)] : [];
  });
}

/** A route to a part of the subnet by another device, which counts more than that to the whole. */
const narrowerRoute = ({ kernel }: Facts, subnet: Subnet, bridge: string): HostRoute | undefined =>
  kernel?.routes?.find(
    (route) =>
      route.family === subnet.family &&
      route.type === 'unicast' &&
      route.to !== 'default' &&
      (route.table ?? 'main') === 'main' &&
      route.device !== bridge &&
      prefixOf(route.to) >= subnet.prefix &&
      within(subnet.cidr)(numberOf(route.to.replace(/\/.*/, ''))),
  );

const prefixOf = (cidr: string): number => Number(/\/(\d+)$/.exec(cidr)?.[1] ?? (cidr.includes(':') ? 128 : 32));

/** Addresses of guests of a subnet: those that are known, else one that a guest could have. */
function addressesIn(facts: Facts, { state }: NetworkFacts, subnet: Subnet): readonly string[] {
  const known = facts.nics
    .filter(({ network }) => network === state.name)
    .flatMap((nic) => addressesOf(facts, { nic, network: state.name, bridge: '' }));
  const inside = [...known, ...state.leases.map(({ address }) => address)].filter((one) => subnet.contains(one));
  if (inside.length > 0) return inside;
  for (const address of subnet.hosts()) if (address !== subnet.gateway) return [address];
  return [];
}

/** The way that the host's own packets take: by the rules for packets without a mark. */
function wayTo({ kernel }: Facts, { family, gateway }: Subnet, address: string): RouteChoice | undefined {
  const routing = new Routing(kernel?.routes ?? [], kernel ?? {});
  const [source, destination] = [numberOf(gateway), numberOf(address)];
  return routing.choose({ family, source, destination, inBy: 'lo', mark: 0 });
}

const lossesOf = ({ family }: Subnet) =>
  (['host to guest', 'gateway', 'dns', 'out', 'port forward'] as const).map((need) => ({ need, family }));

function elsewhere({ preview, state: { name } }: NetworkFacts, subnet: Subnet, stray: HostRoute): Finding {
  const { table = 'main' } = stray;
  const inTable = table === 'main' ? '' : command` table ${table}`;
  const remedy =
    stray.protocol === 'kernel'
      ? { commands: [], note: `Give ${stray.device} another subnet, or the network.` }
      : {
          commands: [`ip route del ${textOf(stray)}${inTable}`],
          note: 'A metric does not help against a narrower route. Where the route is needed, give the network another subnet.',
        };
  return finding('guests-routed-elsewhere', {
    what: `the host sends packets for ${stray.to} to ${stray.device}, but guests of network ${name} (${subnet.cidr}) are at ${preview?.bridge}`,
    network: name,
    loses: lossesOf(subnet),
    evidence: [proof(`ip route show${inTable}`, `${textOf(stray)}${inTable}`)],
    owner: 'host',
    remedy,
  });
}

const refused = ({ state: { name } }: NetworkFacts, subnet: Subnet, text: string): Finding =>
  finding('routing-refused', {
    what: `${text}: the host sends no packets to guests of network ${name} (${subnet.cidr})`,
    network: name,
    loses: lossesOf(subnet),
    evidence: [proof(text.includes('routing rule') ? 'ip rule show' : 'ip route show table all', text)],
    owner: 'host',
    remedy: { commands: [], note: 'Delete the route or rule, or give the network another subnet.' },
  });
