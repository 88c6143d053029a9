import type { EditableSystem } from '../../src/host-bridge/index.js';

/** A host in the words of one system: files by their paths. */
export type HostFiles = Readonly<Record<string, string>>;

/** A host as people set it up, in the words of four systems, and what its bridge must have. */
export interface RealisticHost {
  readonly name: string;
  /** The device that the bridge takes over. */
  readonly device: string;
  /** Fixed addresses of the bridge. */
  readonly addresses: readonly string[];
  /** True if the bridge asks a DHCP server for an IPv4 address. */
  readonly isDhcp?: true;
  /** Routers of the bridge, with the metric of the route where it has one. */
  readonly gateways: readonly string[];
  readonly files: Readonly<Record<EditableSystem, HostFiles>>;
}

const NM = '/etc/NetworkManager/system-connections';
const ND = '/etc/systemd/network';
const INTERFACES = '/etc/network/interfaces';
const LO = '# The loopback network interface\nauto lo\niface lo inet loopback\n\n';

const uuid = (n: number): string => `0a5b4d1c-0000-4000-8000-0000000000${String(n).padStart(2, '0')}`;
const profile = (id: string, n: number, type: string, rest: string): string =>
  `# written by hand\n[connection]\nid=${id}\nuuid=${uuid(n)}\ntype=${type}\ninterface-name=${id}\n${rest}`;
const nm = (...profiles: readonly (readonly [id: string, type: string, rest: string])[]): HostFiles =>
  Object.fromEntries(
    profiles.map(([id, type, rest], i) => [`${NM}/${id}.nmconnection`, profile(id, i + 1, type, rest)]),
  );
const netplan = (yaml: string): HostFiles => ({ '/etc/netplan/01-host.yaml': yaml });
const network = (name: string, rest: string): string => `# uplink of the rack\n[Match]\nName=${name}\n\n${rest}`;
const interfaces = (text: string): HostFiles => ({ [INTERFACES]: LO + text });

export const HOSTS: readonly RealisticHost[] = [
  {
    name: 'a fixed address',
    device: 'enp3s0',
    addresses: ['192.168.1.10/24'],
    gateways: ['192.168.1.1'],
    files: {
      netplan: netplan(`# the office LAN
network:
  version: 2
  ethernets:
    enp3s0:
      addresses: [192.168.1.10/24] # ask Ana before you change this
      routes:
        - to: default
          via: 192.168.1.1
      nameservers:
        search: [office.example]
        addresses: [192.168.1.1, 9.9.9.9]
    enp4s0:
      dhcp4: true
`),
      networkmanager: nm(
        [
          'enp3s0',
          'ethernet',
          '\n[ipv4]\nmethod=manual\naddress1=192.168.1.10/24,192.168.1.1\ndns=192.168.1.1;9.9.9.9;\ndns-search=office.example;\n\n[ipv6]\nmethod=disabled\n',
        ],
        ['enp4s0', 'ethernet', '\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n'],
      ),
      networkd: {
        [`${ND}/20-enp3s0.network`]: network(
          'enp3s0',
          '[Network]\n# ask Ana before you change this\nAddress=192.168.1.10/24\nGateway=192.168.1.1\nDNS=192.168.1.1\nDNS=9.9.9.9\nDomains=office.example\n',
        ),
        [`${ND}/90-dhcp.network`]: '[Match]\nName=en*\n\n[Network]\nDHCP=yes\n',
      },
      ifupdown: interfaces(`# The primary network interface
allow-hotplug enp3s0
iface enp3s0 inet static
\taddress 192.168.1.10/24
\tgateway 192.168.1.1
\t# dns-* options are implemented by the resolvconf package, if installed
\tdns-nameservers 192.168.1.1 9.9.9.9
\tdns-search office.example
`),
    },
  },
  {
    name: 'DHCP',
    device: 'eno1',
    addresses: [],
    isDhcp: true,
    gateways: [],
    files: {
      netplan: netplan('network:\n  version: 2\n  ethernets:\n    eno1: {dhcp4: true, optional: true}\n'),
      networkmanager: nm([
        'eno1',
        'ethernet',
        'timestamp=1700000000\n\n[ethernet]\n\n[ipv4]\nmethod=auto\n\n[ipv6]\naddr-gen-mode=default\nmethod=auto\n\n[proxy]\n',
      ]),
      networkd: {
        [`${ND}/80-eno1.network`]: network('eno1', '[Network]\nDHCP=yes\n\n[DHCPv4]\nClientIdentifier=mac\n'),
      },
      ifupdown: interfaces(
        'allow-hotplug eno1\niface eno1 inet dhcp\n# This is an autoconfigured IPv6 interface\niface eno1 inet6 auto\n',
      ),
    },
  },
  {
    name: 'fixed addresses of both families',
    device: 'eno1',
    addresses: ['10.20.0.5/16', '2001:db8:20::5/64'],
    gateways: ['10.20.0.1', 'fe80::1'],
    files: {
      netplan: netplan(`network:
  version: 2
  renderer: networkd
  ethernets:
    eno1:
      dhcp4: no
      accept-ra: no
      addresses:
      - 10.20.0.5/16
      - "2001:db8:20::5/64"
      gateway4: 10.20.0.1
      gateway6: "fe80::1"
`),
      networkmanager: nm([
        'eno1',
        'ethernet',
        '[ipv4]\nmethod=manual\naddress1=10.20.0.5/16,10.20.0.1\n[ipv6]\nmethod=manual\naddress1=2001:db8:20::5/64,fe80::1\n',
      ]),
      networkd: {
        [`${ND}/10-eno1.network`]: network(
          'eno1',
          '[Network]\nIPv6AcceptRA=no\n\n[Address]\nAddress=10.20.0.5/16\n\n[Address]\nAddress=2001:db8:20::5/64\n\n[Route]\nGateway=10.20.0.1\n\n[Route]\nGateway=fe80::1\n',
        ),
      },
      ifupdown: interfaces(`auto eno1
iface eno1 inet static
    address 10.20.0.5
    netmask 255.255.0.0
    gateway 10.20.0.1

iface eno1 inet6 static
    address 2001:db8:20::5
    netmask 64
    gateway fe80::1
`),
    },
  },
  {
    name: 'a bond with LACP',
    device: 'bond0',
    addresses: ['172.16.1.2/24'],
    gateways: ['172.16.1.1'],
    files: {
      netplan: netplan(`network:
  version: 2
  ethernets:
    eno1: {}
    eno2: {}
  bonds:
    bond0:
      interfaces: [eno1, eno2]
      parameters:
        mode: 802.3ad
        lacp-rate: fast
        mii-monitor-interval: 100
        transmit-hash-policy: layer3+4
      addresses: [172.16.1.2/24]
      routes: [{to: 0.0.0.0/0, via: 172.16.1.1}]
`),
      networkmanager: nm(
        [
          'bond0',
          'bond',
          '[bond]\nmode=802.3ad\nmiimon=100\nlacp_rate=fast\nxmit_hash_policy=layer3+4\n[ipv4]\nmethod=manual\naddress1=172.16.1.2/24,172.16.1.1\n[ipv6]\nmethod=disabled\n',
        ],
        ['eno1', 'ethernet', 'master=bond0\nslave-type=bond\n'],
        ['eno2', 'ethernet', 'master=bond0\nslave-type=bond\n'],
      ),
      networkd: {
        [`${ND}/10-bond0.netdev`]:
          '[NetDev]\nName=bond0\nKind=bond\n\n[Bond]\nMode=802.3ad\nMIIMonitorSec=100ms\nLACPTransmitRate=fast\nTransmitHashPolicy=layer3+4\n',
        [`${ND}/20-ports.network`]: '[Match]\nName=eno1 eno2\n\n[Network]\nBond=bond0\n',
        [`${ND}/30-bond0.network`]: network('bond0', '[Network]\nAddress=172.16.1.2/24\nGateway=172.16.1.1\n'),
      },
      ifupdown: interfaces(`auto bond0
iface bond0 inet static
    address 172.16.1.2/24
    gateway 172.16.1.1
    bond-slaves eno1 eno2
    bond-mode 802.3ad
    bond-miimon 100
    bond-lacp-rate fast
    bond-xmit-hash-policy layer3+4
`),
    },
  },
  {
    name: 'an active-backup bond with a primary',
    device: 'bond0',
    addresses: [],
    isDhcp: true,
    gateways: [],
    files: {
      netplan: netplan(`network:
  version: 2
  ethernets:
    ports:
      match: {name: "ens*"}
    eno1: {}
    eno2: {}
  bonds:
    bond0:
      dhcp4: true
      interfaces: [eno1, eno2]
      parameters: {mode: active-backup, primary: eno1, mii-monitor-interval: 1s}
`),
      networkmanager: nm(
        [
          'bond0',
          'bond',
          '[bond]\nmode=active-backup\nmiimon=1000\nprimary=eno1\n[ipv4]\nmethod=auto\n[ipv6]\nmethod=auto\n',
        ],
        ['eno1', 'ethernet', `controller=${uuid(1)}\nport-type=bond\n`],
        ['eno2', 'ethernet', `master=${uuid(1)}\nslave-type=bond\n`],
      ),
      networkd: {
        [`${ND}/bond0.netdev`]: '[NetDev]\nName=bond0\nKind=bond\n[Bond]\nMode=active-backup\nMIIMonitorSec=1s\n',
        [`${ND}/eno1.network`]: '[Match]\nName=eno1\n[Network]\nBond=bond0\nPrimarySlave=true\n',
        [`${ND}/eno2.network`]: '[Match]\nName=eno2\n[Network]\nBond=bond0\n',
        [`${ND}/bond0.network`]: network('bond0', '[Network]\nDHCP=ipv4\n'),
      },
      ifupdown: interfaces(`auto eno1
iface eno1 inet manual
    bond-master bond0
    bond-primary eno1

auto eno2
iface eno2 inet manual
    bond-master bond0

auto bond0
iface bond0 inet dhcp
    bond-mode active-backup
    bond-miimon 1000
    bond-slaves none
`),
    },
  },
  {
    name: 'a VLAN on a card that keeps its own address',
    device: 'eno1.20',
    addresses: ['10.20.20.2/24'],
    gateways: ['10.20.20.1'],
    files: {
      netplan: netplan(`network:
  version: 2
  ethernets:
    eno1: {addresses: [10.20.1.2/24]}
  vlans:
    eno1.20:
      id: 20
      link: eno1
      addresses: [10.20.20.2/24]
      routes: [{to: default, via: 10.20.20.1}]
`),
      networkmanager: nm(
        ['eno1', 'ethernet', '[ipv4]\nmethod=manual\naddress1=10.20.1.2/24\n[ipv6]\nmethod=disabled\n'],
        [
          'eno1.20',
          'vlan',
          '[vlan]\nid=20\nparent=eno1\nflags=1\n[ipv4]\nmethod=manual\naddress1=10.20.20.2/24,10.20.20.1\n[ipv6]\nmethod=disabled\n',
        ],
      ),
      networkd: {
        [`${ND}/10-eno1.20.netdev`]: '[NetDev]\nName=eno1.20\nKind=vlan\n[VLAN]\nId=20\n',
        [`${ND}/20-eno1.network`]: '[Match]\nName=eno1\n[Network]\nAddress=10.20.1.2/24\nVLAN=eno1.20\n',
        [`${ND}/20-eno1.20.network`]: network('eno1.20', '[Network]\nAddress=10.20.20.2/24\nGateway=10.20.20.1\n'),
      },
      ifupdown: interfaces(`auto eno1
iface eno1 inet static
    address 10.20.1.2/24

auto eno1.20
iface eno1.20 inet static
    vlan-raw-device eno1
    address 10.20.20.2/24
    gateway 10.20.20.1
`),
    },
  },
  {
    name: 'a VLAN on a bond',
    device: 'bond0.30',
    addresses: ['10.30.0.2/24', '10.30.1.2/24'],
    gateways: ['10.30.0.1'],
    files: {
      netplan: netplan(`network:
  version: 2
  ethernets: {eno1: {}, eno2: {}}
  bonds:
    bond0: {interfaces: [eno1, eno2], mtu: 9000, parameters: {mode: balance-xor}}
  vlans:
    bond0.30: {id: 30, link: bond0, mtu: 9000, addresses: [10.30.0.2/24, 10.30.1.2/24], gateway4: 10.30.0.1}
`),
      networkmanager: nm(
        [
          'bond0',
          'bond',
          '[ethernet]\nmtu=9000\n[bond]\nmode=balance-xor\n[ipv4]\nmethod=disabled\n[ipv6]\nmethod=disabled\n',
        ],
        ['eno1', 'ethernet', 'master=bond0\nslave-type=bond\n'],
        ['eno2', 'ethernet', 'master=bond0\nslave-type=bond\n'],
        [
          'bond0.30',
          'vlan',
          `[ethernet]\nmtu=9000\n[vlan]\nid=30\nparent=${uuid(1)}\n[ipv4]\nmethod=manual\naddress1=10.30.0.2/24\naddress2=10.30.1.2/24\ngateway=10.30.0.1\n[ipv6]\nmethod=ignore\n`,
        ],
      ),
      networkd: {
        [`${ND}/bond0.netdev`]: '[NetDev]\nName=bond0\nKind=bond\nMTUBytes=9000\n[Bond]\nMode=balance-xor\n',
        [`${ND}/bond0.30.netdev`]: '[NetDev]\nName=bond0.30\nKind=vlan\nMTUBytes=9000\n[VLAN]\nId=30\n',
        [`${ND}/eno.network`]: '[Match]\nName=eno1\nName=eno2\n[Network]\nBond=bond0\n',
        [`${ND}/bond0.network`]: '[Match]\nName=bond0\n[Network]\nVLAN=bond0.30\nLinkLocalAddressing=no\n',
        [`${ND}/bond0.30.network`]: network(
          'bond0.30',
          '[Network]\nAddress=10.30.0.2/24\nAddress=10.30.1.2/24\nGateway=10.30.0.1\n',
        ),
      },
      ifupdown: interfaces(`auto bond0
iface bond0 inet manual
    bond-slaves eno1 eno2
    bond-mode balance-xor
    mtu 9000

auto bond0.30
iface bond0.30 inet static
    address 10.30.0.2/24
    gateway 10.30.0.1
    mtu 9000
iface bond0.30:1 inet static
    address 10.30.1.2/24
`),
    },
  },
  {
    name: 'settings over two files, one of them written by cloud-init',
    device: 'ens3',
    addresses: ['203.0.113.10/24', '10.0.0.10/24'],
    gateways: ['203.0.113.1'],
    files: {
      netplan: {
        '/etc/netplan/50-cloud-init.yaml': `# This file is generated from information provided by the datasource.  Changes
# to it will not persist across an instance reboot.
network:
    ethernets:
        ens3:
            addresses:
            - 203.0.113.10/24
            match:
                macaddress: 52:54:00:12:34:56
            nameservers:
                addresses:
                - 9.9.9.9
            routes:
            -   to: default
                via: 203.0.113.1
            set-name: ens3
    version: 2
`,
        '/etc/netplan/60-local.yaml':
          '# the second address\nnetwork:\n  version: 2\n  ethernets:\n    ens3:\n      addresses: [10.0.0.10/24]\n',
      },
      networkmanager: {
        [`${NM}/cloud-init-ens3.nmconnection`]: `# Generated by cloud-init. Changes will be lost.

[connection]
id=cloud-init ens3
uuid=${uuid(1)}
autoconnect-priority=120
type=ethernet
interface-name=ens3

[user]
org.freedesktop.NetworkManager.origin=cloud-init

[ethernet]
mac-address=52:54:00:12:34:56

[ipv4]
method=manual
may-fail=false
address1=203.0.113.10/24
route1=0.0.0.0/0,203.0.113.1
address2=10.0.0.10/24
dns=9.9.9.9;
`,
        [`${NM}/old.nmconnection`]: profile(
          'ens3',
          2,
          'ethernet',
          '[ipv4]\nmethod=auto\n[ipv6]\nmethod=auto\n',
        ).replace('id=ens3', 'id=old'),
      },
      networkd: {
        [`${ND}/10-cloud-init-ens3.network`]:
          '[Match]\nName=ens3\nMACAddress=52:54:00:12:34:56\n\n[Network]\nDHCP=no\nDNS=9.9.9.9\n\n[Address]\nAddress=203.0.113.10/24\n\n[Route]\nGateway=203.0.113.1\n',
        [`${ND}/10-cloud-init-ens3.network.d/local.conf`]: '# the second address\n[Network]\nAddress=10.0.0.10/24\n',
      },
      ifupdown: {
        [INTERFACES]: `${LO}source /etc/network/interfaces.d/*\n`,
        '/etc/network/interfaces.d/50-cloud-init': `# This file is generated from information provided by the datasource.
auto lo
iface lo inet loopback
    dns-nameservers 9.9.9.9

auto ens3
iface ens3 inet static
    address 203.0.113.10/24
    gateway 203.0.113.1

# control-alias ens3
iface ens3 inet static
    address 10.0.0.10/24
`,
      },
    },
  },
  {
    name: 'two default routes with metrics',
    device: 'eno1',
    addresses: ['192.0.2.10/24'],
    gateways: ['192.0.2.1 100', '192.0.2.254 200'],
    files: {
      netplan: netplan(`network:
  version: 2
  ethernets:
    eno1:
      addresses: [192.0.2.10/24]
      routes:
        - {to: default, via: 192.0.2.1, metric: 100}
        - {to: default, via: 192.0.2.254, metric: 200}
`),
      networkmanager: nm([
        'eno1',
        'ethernet',
        '[ipv4]\nmethod=manual\naddress1=192.0.2.10/24\nroute1=0.0.0.0/0,192.0.2.1,100\nroute2=0.0.0.0/0,192.0.2.254,200\n[ipv6]\nmethod=disabled\n',
      ]),
      networkd: {
        [`${ND}/eno1.network`]: network(
          'eno1',
          '[Network]\nAddress=192.0.2.10/24\n[Route]\nGateway=192.0.2.1\nMetric=100\n[Route]\nDestination=0.0.0.0/0\nGateway=192.0.2.254\nMetric=200\n',
        ),
      },
      ifupdown: interfaces(`auto eno1
iface eno1 inet static
    address 192.0.2.10/24
    gateway 192.0.2.1
    metric 100
    up ip route add default via 192.0.2.254 dev $IFACE metric 200
    down ip route del default via 192.0.2.254 dev $IFACE metric 200
`),
    },
  },
  {
    name: 'IPv6 alone',
    device: 'eno1',
    addresses: ['2001:db8::10/64'],
    gateways: ['2001:db8::1'],
    files: {
      netplan: netplan(
        'network:\n  version: 2\n  ethernets:\n    eno1:\n      accept-ra: false\n      addresses: ["2001:db8::10/64"]\n      routes: [{to: "::/0", via: "2001:db8::1"}]\n',
      ),
      networkmanager: nm([
        'eno1',
        'ethernet',
        '[ipv4]\nmethod=disabled\n[ipv6]\nmethod=manual\naddress1=2001:db8::10/64,2001:db8::1\n',
      ]),
      networkd: {
        [`${ND}/eno1.network`]: network(
          'eno1',
          '[Network]\nIPv6AcceptRA=no\nAddress=2001:db8::10/64\nGateway=2001:db8::1\n',
        ),
      },
      ifupdown: interfaces(
        'auto eno1\niface eno1 inet6 static\n    address 2001:db8::10/64\n    gateway 2001:db8::1\n    accept_ra 0\n',
      ),
    },
  },
  {
    name: 'a single address with a gateway outside of it',
    device: 'eno1',
    addresses: ['203.0.113.77/32'],
    gateways: ['198.51.100.1'],
    files: {
      netplan: netplan(
        'network:\n  version: 2\n  ethernets:\n    eno1:\n      addresses: [203.0.113.77/32]\n      routes: [{to: default, via: 198.51.100.1, on-link: true}]\n',
      ),
      networkmanager: nm([
        'eno1',
        'ethernet',
        '[ipv4]\nmethod=manual\naddress1=203.0.113.77/32,198.51.100.1\n[ipv6]\nmethod=disabled\n',
      ]),
      networkd: {
        [`${ND}/eno1.network`]: network(
          'eno1',
          '[Network]\nAddress=203.0.113.77/32\n[Route]\nGateway=198.51.100.1\nGatewayOnLink=yes\n',
        ),
      },
      ifupdown: interfaces(
        'auto eno1\niface eno1 inet static\n    address 203.0.113.77/32\n    gateway 198.51.100.1\n',
      ),
    },
  },
  {
    name: 'a card that is in a bridge already',
    device: 'eno1',
    addresses: ['192.168.7.2/24'],
    gateways: ['192.168.7.1'],
    files: {
      netplan: netplan(
        'network:\n  version: 2\n  ethernets:\n    eno1: {}\n  bridges:\n    br0:\n      interfaces: [eno1]\n      addresses: [192.168.7.2/24]\n      routes: [{to: default, via: 192.168.7.1}]\n      parameters: {stp: false}\n',
      ),
      networkmanager: nm(
        [
          'br0',
          'bridge',
          '[bridge]\nstp=false\n[ipv4]\nmethod=manual\naddress1=192.168.7.2/24,192.168.7.1\n[ipv6]\nmethod=disabled\n',
        ],
        ['eno1', 'ethernet', 'master=br0\nslave-type=bridge\n'],
      ),
      networkd: {
        [`${ND}/br0.netdev`]: '[NetDev]\nName=br0\nKind=bridge\n',
        [`${ND}/eno1.network`]: '[Match]\nName=eno1\n[Network]\nBridge=br0\n',
        [`${ND}/br0.network`]: '[Match]\nName=br0\n[Network]\nAddress=192.168.7.2/24\nGateway=192.168.7.1\n',
      },
      ifupdown: interfaces(
        'iface eno1 inet manual\n\nauto br0\niface br0 inet static\n    bridge_ports eno1\n    bridge_stp off\n    address 192.168.7.2/24\n    gateway 192.168.7.1\n',
      ),
    },
  },
];
