import { type BaseNetwork, NatNetwork } from 'libvirt-network';
import type { HostEvidence, NicEvidence } from 'libvirt-network/doctor';
import { firewallBase, firewallRules, renderNftRuleset } from 'libvirt-network/preview';

/** A network, and a host on which nothing is wrong with it. */
export const LAB = NatNetwork.create('lab')
  .bridge('virbr9', { stp: false })
  .subnet('10.9.1.1/24', (subnet) => subnet.dhcp('10.9.1.100', '10.9.1.102'));

const NFTABLES = { backend: 'nftables' } as const;

interface Device {
  readonly name: string;
  readonly kind?: string;
  readonly up?: boolean;
  readonly carrier?: boolean;
  readonly mtu?: number;
  readonly master?: string;
  readonly mac?: string;
  readonly address?: string;
}

/** What is other than on a healthy host. */
export interface Changes {
  readonly network?: BaseNetwork;
  readonly active?: boolean;
  readonly devices?: readonly Device[];
  readonly nics?: readonly NicEvidence[];
  readonly leases?: HostEvidence['networks'][number]['leases'];
  /** More tables of nftables. */
  readonly tables?: string;
  /** More routes. */
  readonly routes?: readonly object[];
  readonly looks?: HostEvidence['looks'];
  readonly without?: readonly (keyof HostEvidence['looks'])[];
}

export const DEVICES: readonly Device[] = [
  { name: 'virbr9', kind: 'bridge', address: '10.9.1.1' },
  { name: 'eno1', address: '192.0.2.10' },
  { name: 'vnet0', kind: 'tun', master: 'virbr9', mac: 'fe:54:00:00:00:01' },
];
export const NIC: NicEvidence = { guest: 'web1', mac: '52:54:00:00:00:01', network: 'lab', link: 'up', tap: 'vnet0' };

/** What programs of a host with libvirt 12.9 print, made up. */
export function evidenceOf({
  network = LAB,
  active = true,
  leases = [],
  nics = [NIC],
  looks,
  without = [],
  ...host
}: Changes = {}): HostEvidence {
  // A network that does not run has no bridge.
  const { devices = active ? DEVICES : DEVICES.slice(1, 2), tables = '', routes = [] } = host;
  const all: HostEvidence['looks'] = {
    links: JSON.stringify(devices.map(linkOf)),
    addresses: JSON.stringify(devices.map(addressesOf)),
    routes4: JSON.stringify([
      { dst: 'default', gateway: '192.0.2.1', dev: 'eno1' },
      { dst: '192.0.2.0/24', dev: 'eno1', protocol: 'kernel', scope: 'link' },
      ...(active ? [{ dst: '10.9.1.0/24', dev: 'virbr9', protocol: 'kernel', scope: 'link' }] : []),
      ...routes,
    ]),
    ports: JSON.stringify(
      devices.flatMap(({ name, master }) =>
        master === undefined ? [] : [{ ifname: name, master, state: 'forwarding' }],
      ),
    ),
    sysctl: ['ip_forward', 'conf.virbr9.forwarding', 'conf.eno1.forwarding']
      .map((name) => `net.ipv4.${name} = 1\n`)
      .join(''),
    nft: `${renderNftRuleset([...firewallBase(NFTABLES), ...firewallRules(LAB, NFTABLES)])}\n${tables}`,
    dnsmasq: 'lab 4711 S (sleeping)\n',
    udp: '',
    resolver: 'nameserver 192.0.2.1\n',
    ...looks,
  };
  const { name } = network;
  return {
    host: 'test',
    libvirt: '12.9.0',
    networks: [
      {
        name,
        uuid: '8b1ce9c2-2e3f-4f4e-9a53-5a6a5c1d1a11',
        active,
        persistent: true,
        autostart: true,
        xml: network.toXml(),
        leases,
      },
    ],
    nics,
    looks: Object.fromEntries(Object.entries(all).filter(([look]) => !without.some((one) => one === look))),
    notSeen: [],
  };
}

const linkOf = ({ name, kind, up = true, carrier = true, mtu = 1500, master, mac }: Device): object => ({
  ifname: name,
  flags: [...(up ? ['UP'] : []), ...(carrier ? ['LOWER_UP'] : [])],
  mtu,
  link_type: 'ether',
  ...(mac === undefined ? {} : { address: mac }),
  ...(master === undefined ? {} : { master }),
  ...(kind === undefined ? {} : { linkinfo: { info_kind: kind } }),
});

const addressesOf = ({ name, address }: Device): object => ({
  ifname: name,
  addr_info: address === undefined ? [] : [{ family: 'inet', local: address, prefixlen: 24, scope: 'global' }],
});
