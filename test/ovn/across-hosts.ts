import type { IsolatedNetwork, NatNetwork, RoutedNetwork } from '../../src/index.js';
import { type Ovn as Cloud, type OvnOutside, type OvnTopology, ovn, readOvnTopology } from '../../src/ovn/index.js';
import { lab, type Ovn, type OvnGuest } from '../lab/index.js';
import type { OvnHost, OvnOptions } from '../lab/ovn/ovn.js';

/** A network of the world, the one with this number. */
export interface WorldNetwork {
  readonly number: number;
  readonly network: NatNetwork | RoutedNetwork | IsolatedNetwork;
  /** Absent for an isolated one. */
  readonly outside?: OvnOutside;
  /** The addresses of its guests, by their hosts. Default: those that the network chooses. */
  readonly addresses?: readonly (readonly string[])[];
}

/** A guest with its addresses. */
export interface WorldGuest {
  readonly name: string;
  readonly of: WorldNetwork;
  readonly guest: OvnGuest;
  /** Number of its host, from 0. */
  readonly host: number;
}

/** The machine of the LAN, which also routes between the networks and has an address further away. */
export const LAN = {
  ipv4: '198.51.100.2',
  ipv6: '2001:db8:ffff::2',
  far4: '203.0.113.7',
  far6: '2001:db8:7::7',
} as const;

const HOSTS = ['h1', 'h2', 'h3'] as const satisfies readonly OvnHost[];

/** Networks of OVN with guests on every host, and a LAN beyond them. */
export class World {
  readonly hosts: Ovn;
  readonly cloud: Cloud;
  readonly outside: OvnGuest;
  readonly guests: WorldGuest[] = [];
  readonly #names: readonly OvnHost[];

  private constructor(options: OvnOptions) {
    this.hosts = lab.ovn(options);
    this.#names = HOSTS.slice(0, options.hosts ?? 2);
    this.outside = this.hosts.lan(this.#names, `${LAN.ipv4}/24`, `${LAN.ipv6}/64`);
    this.cloud = ovn({ northbound: this.hosts.northbound });
  }

  /** Starts the hosts, makes the networks, and plugs a guest of each network into each host. */
  static async start(networks: readonly WorldNetwork[], options: OvnOptions = {}): Promise<World> {
    const world = new World(options);
    try {
      for (const { network, outside } of networks)
        await world.cloud.networks.ensure(network, outside === undefined ? {} : { outside });
      for (const of of networks) for (const [i, host] of world.#names.entries()) await world.#plug(of, host, i);
      world.hosts.sync();
      world.#outsideWays(networks);
      for (const { guest } of world.guests) guest.serve();
      world.outside.serve();
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  /** What runs, as it is read, with the machine of the LAN. */
  async topology(): Promise<OvnTopology> {
    const { northbound, southbound } = this.hosts;
    await using cloud = ovn({ northbound, southbound });
    return await readOvnTopology(cloud, {
      outside: [
        { physicalNetwork: 'lan', addresses: [`${LAN.ipv4}/24`, `${LAN.ipv6}/64`] },
        { physicalNetwork: 'lan', addresses: [`${LAN.far4}/32`, `${LAN.far6}/128`] },
      ],
    });
  }

  /** Guests of one network. */
  guestsOf(network: WorldNetwork): readonly WorldGuest[] {
    return this.guests.filter(({ of }) => of === network);
  }

  /** Has every guest ask for addresses and take them. @returns of each its IPv4 lease, and its IPv6 addresses */
  takeAddresses(): Promise<(readonly [string, readonly string[]])[]> {
    return Promise.all(
      this.guests.map(async ({ guest }) => {
        const lease = guest.lease();
        const [, offer] = await guest.probes(['ra eth0', 'dhcp6 eth0']);
        const addresses = offer?.addresses ?? [];
        for (const address of addresses) guest.sh(`ip addr add ${address}/128 dev eth0 nodad`);
        return [lease, addresses] as const;
      }),
    );
  }

  /** Has every router know its neighbours outside. */
  meet(): void {
    const routers = this.guests.filter(({ host, of }) => host === 0 && of.outside !== undefined);
    const publics = routers.flatMap(({ of }) => of.outside?.addresses ?? []).map((one) => one.replace(/\/.*/, ''));
    // The datapath in user space loses some answers of routers to each other, which go through it too often.
    const ask = publics.map((address) => `busybox ping -c 1 -W 1 ${address} >/dev/null`).join(' & ');
    for (const { guest } of routers) {
      guest.reach(LAN.ipv4, LAN.ipv6);
      guest.sh(`${ask} & wait`);
    }
  }

  /** What the controllers of all hosts could not parse. */
  complaints(): string {
    return this.#names.map((host) => this.hosts.complaints(host)).join('');
  }

  async stop(): Promise<void> {
    await this.cloud.close();
    this.hosts.stop();
  }

  async #plug(of: WorldNetwork, host: OvnHost, i: number): Promise<void> {
    const mac = macOf(of.number, i);
    const { id: port } = await this.cloud.networks.port(of.network.name, { mac, ip: of.addresses?.[i] ?? [] });
    const name = `${of.network.name}-${i}`;
    this.guests.push({ name, of, host: i, guest: this.hosts.guest(`g${of.number}${i}`, { host, port, mac }) });
  }

  /** The LAN knows the way to every network, so that what does not arrive is kept out by the network itself. */
  #outsideWays(networks: readonly WorldNetwork[]): void {
    const ways = networks.flatMap(({ number, outside }) => {
      const [via4, via6] = (outside?.addresses ?? []).map((address) => address.replace(/\/.*/, ''));
      return via4 === undefined
        ? []
        : [`ip route add 172.30.${number}.0/24 via ${via4}`, `ip route add fd00:${number}::/64 via ${via6}`];
    });
    const own = [`ip addr add ${LAN.far4}/32 dev lo`, `ip addr add ${LAN.far6}/128 dev lo`];
    const forwarding = ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'].map(
      (name) => `busybox sysctl -w ${name}=1`,
    );
    this.outside.sh(['set -e', ...own, ...forwarding, ...ways].join('\n'));
  }
}

/** The MAC address of a guest by the number of its network and host. */
export const macOf = (network: number, host: number): string => `52:54:00:00:0${network}:0${host + 1}`;
