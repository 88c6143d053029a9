import {
  type AnyNetwork,
  type BaseNetwork,
  BridgedNetwork,
  bridgeNameFor,
  DirectNetwork,
  HostdevNetwork,
  IsolatedNetwork,
  macFor,
  NatNetwork,
  OpenNetwork,
  RoutedNetwork,
  type SubnetBuilder,
  type VirtualNetwork,
} from '../../src/index.js';
import { macOf, uuidOf } from './networks.js';
import type { Random } from './random.js';

/** One call of a method, with arguments made up. */
type Step<T> = (network: T, random: Random) => T;

const common: readonly (<T extends BaseNetwork>(network: T, random: Random) => T)[] = [
  (network, random) => network.withUuid(uuidOf(random)),
  (network, random) => network.title(`Title ${random.int(1, 99)}`),
  (network, random) => network.description(`<${random.int(1, 99)}> & "more"`),
  (network, random) => network.trustGuestRxFilters(random.chance(0.5)),
  (network, random) => network.isolatePorts(random.chance(0.5)),
  (network, random) => network.portGroup({ name: `group${random.int(1, 3)}`, trustGuestRxFilters: random.chance(0.5) }),
  (network, random) => network.withMetadata(noteOf(random)),
  (network) => network.withoutMetadata('urn:example:1'),
  (network, random) => network.named(`renamed${random.int(1, 9999)}`),
  (network, random) => network.copyAs(`copy${random.int(1, 9999)}`),
];

const noteOf = (random: Random) => ({
  type: 'element' as const,
  name: 'app:note',
  attributes: { 'xmlns:app': `urn:example:${random.int(1, 3)}` },
  children: [{ type: 'text' as const, text: `note ${random.int(1, 99)}` }],
});

const limitOf = (random: Random) => ({ inbound: { average: random.int(1, 9999), peak: random.int(1, 9999) } });

const virtual: readonly (<T extends VirtualNetwork>(network: T, random: Random) => T)[] = [
  (network, random) => network.bridge(`virbr${random.int(10, 9999)}`, { stp: random.chance(0.5) }),
  (network) => network.bridge(bridgeNameFor(network.name), { delay: 3, macTableManager: 'libvirt' }),
  (network, random) => network.mac(macOf(random)),
  (network, random) => network.mac(macFor(uuidOf(random))),
  (network, random) => network.mtu(random.int(1280, 9000)),
  (network, random) => network.domain(`d${random.int(1, 99)}.test`, { localOnly: random.chance(0.5) }),
  (network, random) => network.dns({ forwardPlainNames: random.chance(0.5) }),
  (network) => network.dnsForwarder({ addr: '192.0.2.53', domain: 'example.org' }),
  (network, random) => network.dnsTxt({ name: `t${random.int(1, 99)}`, value: '"1" & <2>' }),
  (network, random) =>
    network.dnsSrv({ service: 'ldap', protocol: 'tcp', target: 'a.test', port: random.int(1, 65535), weight: 5 }),
  (network, random) => network.dnsHost({ ip: `192.0.2.${random.int(1, 250)}`, hostnames: ['a', 'b'] }),
  (network, random) => network.bandwidth(limitOf(random)),
  (network, random) => network.dnsmasqOption(`dhcp-option=${random.int(1, 90)},x`),
  (network, random) => network.guestIpv6(random.chance(0.5)),
  (network, random) => network.reserve({ mac: macOf(random), name: `guest${random.int(1, 9999)}` }),
  (network, random) => network.route({ to: `172.${random.int(16, 31)}.0.0/16`, via: '10.1.0.9', metric: 7 }),
];

const nat: readonly Step<NatNetwork>[] = [
  (network) => network.via('eth0'),
  (network, random) => network.natPorts(1024, random.int(2000, 65535)),
  (network, random) => network.natAddress('203.0.113.1', `203.0.113.${random.int(1, 200)}`),
  (network, random) => network.natIpv6(random.chance(0.5)),
];

const routed: readonly Step<RoutedNetwork>[] = [(network, random) => network.via(`eth${random.int(0, 3)}`)];

const bridged: readonly Step<BridgedNetwork>[] = [
  (network, random) => network.openVswitch().vlan([random.int(1, 100), random.int(101, 4095)]),
  (network, random) => network.bandwidth(limitOf(random)),
  (network, random) => network.macTableManager(random.pick(['kernel', 'libvirt'])),
];

/** Networks begin with a subnet, since most modes need one and reservations and routes do. */
const withSubnets = <T extends VirtualNetwork>(network: T, random: Random): T => {
  const ipv4 = network.subnet('10.1.0.0/24', (subnet) => {
    const served = subnet.dhcp('10.1.0.100', '10.1.0.199', random.chance(0.5) ? { lease: random.int(2, 99) } : {});
    return random.pick<(subnet: SubnetBuilder) => SubnetBuilder>([
      (one) => one.localPtr(),
      (one) => one.tftp('/srv/tftp').bootp('boot.img', { server: '10.1.0.1' }),
      (one) => one.host({ name: 'fixed', mac: macOf(random), ip: '10.1.0.77', lease: { expiry: 5, unit: 'hours' } }),
    ])(served);
  });
  return random.chance(0.5) ? ipv4.subnet('fd00:1::1/64', (subnet) => subnet.dhcp('fd00:1::10', 'fd00:1::ff')) : ipv4;
};

const nameOf = (random: Random): string => `built-${random.int(1, 1_000_000)}`;

/** Networks on the way to one that was built by up to eight of these steps. */
const growing =
  <T extends AnyNetwork>(create: (random: Random) => T, steps: readonly Step<T>[]) =>
  (random: Random): readonly AnyNetwork[] => {
    let network = create(random);
    const networks = [network];
    for (let i = random.int(1, 8); i > 0; i--) {
      network = random.pick(steps)(network, random);
      networks.push(network);
    }
    return networks;
  };

const starts: readonly ((random: Random) => readonly AnyNetwork[])[] = [
  growing((random) => withSubnets(NatNetwork.create(nameOf(random)), random), [...common, ...virtual, ...nat]),
  growing((random) => withSubnets(RoutedNetwork.create(nameOf(random)), random), [...common, ...virtual, ...routed]),
  growing<OpenNetwork>((random) => withSubnets(OpenNetwork.create(nameOf(random)), random), [...common, ...virtual]),
  growing<IsolatedNetwork>(
    (random) => withSubnets(IsolatedNetwork.create(nameOf(random)), random),
    [...common, ...virtual],
  ),
  growing((random) => IsolatedNetwork.create(nameOf(random), { hostAccess: false }), common),
  growing((random) => BridgedNetwork.create({ name: nameOf(random), bridge: 'br0' }), [...common, ...bridged]),
  growing(
    (random) =>
      DirectNetwork.create({
        name: nameOf(random),
        mode: random.pick(['bridge', 'private', 'vepa', 'passthrough']),
        ...random.pick([{ devices: ['eth1', 'eth2'] }, { pf: 'eth3' }]),
      }),
    common,
  ),
  growing(
    (random) =>
      HostdevNetwork.create({
        name: nameOf(random),
        managed: random.chance(0.5),
        ...random.pick([{ pf: 'eth5' }, { addresses: [{ bus: 3, slot: 16, function: random.int(0, 7) }] }]),
      }).vlan(random.int(1, 4095)),
    common,
  ),
];

/** The number of ways to begin. */
export const STARTS = starts.length;

/**
 * Networks on the way to one that was built by up to eight calls of random methods, the first as it was created.
 *
 * @param start - which kind to begin with; the kinds take turns
 */
export function builtNetworks(random: Random, start: number): readonly AnyNetwork[] {
  return starts[start % STARTS]?.(random) ?? [];
}
