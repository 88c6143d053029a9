import { IsolatedNetwork, NatNetwork, RoutedNetwork } from 'libvirt-network';
import type {
  OvnOutside,
  OvnTopology,
  OvnTopologyChassis,
  OvnTopologyGuest,
  OvnTopologyNetwork,
  OvnTopologyOutside,
} from 'libvirt-network/ovn';
import type { Random } from '../support/random.js';
import { HOSTILE_NAMES } from './topologies.js';

/** Three hosts with a network of each mode that OVN has. */
export const CLOUD: OvnTopology = {
  chassis: [{ name: 'kvm1', address: '10.0.0.1' }, { name: 'kvm2', address: '10.0.0.2' }, { name: 'kvm3' }],
  networks: [
    {
      network: NatNetwork.create('web').subnet('172.31.0.1/24', (subnet) =>
        subnet.dhcp('172.31.0.100', '172.31.0.199').host({ mac: '52:54:00:00:00:11', ip: '172.31.0.11', name: 'www' }),
      ),
      outside: {
        physicalNetwork: 'lan',
        addresses: ['198.51.100.10/24'],
        gateways: ['198.51.100.1'],
        chassis: ['kvm1', 'kvm2', 'kvm3'],
      },
    },
    {
      network: RoutedNetwork.create('dmz').subnet('172.32.0.1/24').subnet('2001:db8:32::1/64'),
      outside: {
        physicalNetwork: 'lan',
        vlan: 20,
        addresses: ['203.0.113.10/24', '2001:db8:1::10/64'],
        chassis: 'kvm2',
      },
    },
    { network: IsolatedNetwork.create('quiet').subnet('172.30.0.1/24') },
  ],
  guests: [
    { name: 'app', network: 'web', chassis: 'kvm2', addresses: ['172.31.0.101'] },
    { name: 'www', network: 'web', chassis: 'kvm1' },
    { name: 'spare', network: 'web', addresses: [] },
    { name: 'mail', network: 'dmz', chassis: 'kvm3', addresses: ['172.32.0.2', '2001:db8:32::2'] },
    { name: 'vault', network: 'quiet', up: true, addresses: ['172.30.0.2'] },
  ],
  outside: [
    { physicalNetwork: 'lan', addresses: ['198.51.100.2/24'] },
    { physicalNetwork: 'lan', vlan: 20, addresses: ['203.0.113.2/24'] },
  ],
};

/** Up to 15 hosts, six networks and 60 guests, some with hostile names. */
export function randomOvnTopology(random: Random): OvnTopology {
  const chassis = random.list(0, 15, (i) => hostOf(random, i));
  const networks = random.list(chassis.length === 0 ? 0 : 1, 6, (i) => networkOf(random, i, chassis));
  const guests = networks.length === 0 ? [] : random.list(0, 60, (i) => guestOf(random, i, { chassis, networks }));
  return { chassis, networks, guests, ...random.maybe(0.7, () => ({ outside: machines(random) })) };
}

/** Gateways have names that OVN can keep in lists. */
const hostOf = (random: Random, i: number): OvnTopologyChassis => ({
  name: random.chance(0.3) ? `${i}${random.pick(HOSTILE_NAMES)}` : `kvm${i}`,
  ...random.maybe(0.8, () => ({ address: random.pick([`10.0.0.${i + 1}`, `2001:db8:1234:5678:9abc:def0:1234:${i}`]) })),
  ...random.maybe(0.3, () => ({ encapsulation: random.pick(['geneve', 'vxlan'] as const) })),
});

function networkOf(random: Random, i: number, chassis: readonly OvnTopologyChassis[]): OvnTopologyNetwork {
  const hostile = random.pick(HOSTILE_NAMES).replace(/[/\n\p{Cc}\p{Cs}]/gu, '');
  const kind = random.pick([NatNetwork, RoutedNetwork, IsolatedNetwork]);
  const plain = kind
    .create(random.chance(0.3) ? `${i}${hostile}` : `net${i}`)
    .subnet(`10.${i}.0.1/16`, (one) => (random.chance(0.5) ? one.dhcp(`10.${i}.0.9`, `10.${i}.0.99`) : one));
  const network = random.chance(0.4) ? plain.subnet(`2001:db8:${i}::1/64`) : plain;
  return { network, outside: outsideOf(random, i, chassis) };
}

function outsideOf(random: Random, i: number, chassis: readonly OvnTopologyChassis[]): OvnOutside {
  const usable = chassis.map(({ name }) => name).filter((name) => /^kvm\d+$/.test(name));
  const gateways = new Set([
    ...random.list(0, 4, () => random.pick([...usable, 'gone'])),
    random.pick([...usable, 'gone']),
  ]);
  return {
    physicalNetwork: random.pick(['lan', 'storage', 'W'.repeat(60), `own${i}`]),
    addresses: [`198.51.${i}.10/24`, ...(random.chance(0.3) ? [`fd00:1:2:3:4:5:${i}:10/64`] : [])],
    ...random.maybe(0.5, () => ({ gateways: [`198.51.${i}.1`] })),
    ...random.maybe(0.3, () => ({ vlan: random.int(1, 4094) })),
    chassis: [...gateways],
  };
}

interface Places {
  readonly chassis: readonly OvnTopologyChassis[];
  readonly networks: readonly OvnTopologyNetwork[];
}

const guestOf = (random: Random, i: number, { chassis, networks }: Places): OvnTopologyGuest => ({
  name: random.chance(0.2) ? `${i} ${random.pick(HOSTILE_NAMES)}` : `guest${i}`,
  network: random.pick(networks).network.name,
  ...random.maybe(chassis.length === 0 ? 0 : 0.8, () => ({ chassis: random.pick(chassis).name })),
  ...random.maybe(0.2, () => ({ up: random.chance(0.5) })),
  addresses: random.list(0, 2, (n) => (n === 0 ? `10.0.1.${i}` : `2001:db8:1234:5678:9abc:def0:1234:${i}`)),
});

const machines = (random: Random): OvnTopologyOutside[] =>
  random.list(0, 3, (i) => ({
    physicalNetwork: random.pick(['lan', 'elsewhere', random.pick(HOSTILE_NAMES)]),
    ...random.maybe(0.3, () => ({ vlan: i + 1 })),
    addresses: random.list(0, 2, (n) => `2001:db8:${i}:1:2:3:4:${n + 9}/64`),
  }));
