// Files of a host's network of any size, each large in one way; and bridges that are large in one way.

const times = (size, make, separator = '') => Array.from({ length: size }, (_, i) => make(i)).join(separator);
const lines = (size, make) => times(size, (i) => `${make(i)}\n`);
const each = (size, make) => Array.from({ length: size }, (_, i) => make(i));
const address = (i, first = 10) => `${first}.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
const file = (path, content) => ({ path, content });

const plain = { comments: (n) => lines(n, () => '# a comment'), 'blank lines': (n) => '\n'.repeat(n) };
const blanks = (n) => `# ${' '.repeat(n * 10)}x\n`;

function networkd() {
  const path = (name) => `/etc/systemd/network/${name}`;
  const netdev = file(path('br0.netdev'), '[NetDev]\nName=br0\nKind=bridge\n');
  const network = (content) => file(path('br0.network'), `[Match]\nName=br0\n${content}`);
  const one = (make) => (n) => [netdev, network(make(n))];
  const port = (i, content) => file(path(`e${i}.network`), `[Match]\nName=e${i}\n[Network]\n${content}\n`);
  return {
    comments: one(plain.comments),
    'blank lines': one(plain['blank lines']),
    blanks: one(blanks),
    'a broken line': one((n) => `[Network]\nDomains=\\\n${times(n, (i) => `a${i}.example \\\n`)}\n`),
    addresses: one((n) => `[Network]\n${lines(n, (i) => `Address=${address(i)}/8`)}`),
    'sections of addresses': one((n) => times(n, (i) => `[Address]\nAddress=${address(i)}/8\n`)),
    routes: one((n) => times(n, (i) => `[Route]\nDestination=${address(i, 11)}/32\nGateway=10.0.0.1\n`)),
    VLANs: one((n) => times(n, (i) => `[BridgeVLAN]\nVLAN=${(i % 4094) + 1}\n`)),
    'unknown keys': one((n) => `[Network]\n${lines(n, (i) => `X${i}=1`)}`),
    'unknown sections': one((n) => times(n, (i) => `[S${i}]\nA=1\n`)),
    'stray lines': one((n) => lines(n, () => 'x')),
    devices: (n) => [netdev, ...each(n, (i) => port(i, 'DHCP=yes'))],
    ports: (n) => [netdev, ...each(n, (i) => port(i, 'Bridge=br0'))],
    'names in a match': (n) => [
      netdev,
      file(path('e.network'), `[Match]\nName=${times(n, (i) => `e${i}`, ' ')}\n[Network]\nBridge=br0\n`),
    ],
    'patterns in a match': (n) => [
      netdev,
      file(path('e.network'), `[Match]\nName=${times(n, (i) => `e${i}*`, ' ')}\n[Network]\nBridge=br0\n`),
    ],
    'cards in a bond': (n) => [
      netdev,
      file(path('bond0.netdev'), '[NetDev]\nName=bond0\nKind=bond\n'),
      file(path('bond0.network'), '[Match]\nName=bond0\n[Network]\nBridge=br0\n'),
      ...each(n, (i) => port(i, 'Bond=bond0')),
    ],
    'VLANs of a card': (n) => [
      netdev,
      port(
        0,
        lines(n, (i) => `VLAN=v${i}`),
      ),
      ...each(n, (i) => file(path(`v${i}.netdev`), `[NetDev]\nName=v${i}\nKind=vlan\n[VLAN]\nId=7\n`)),
      ...each(n, (i) => file(path(`v${i}.network`), `[Match]\nName=v${i}\n[Network]\nBridge=br0\n`)),
    ],
    'drop-ins': (n) => [
      netdev,
      network('[Network]\n'),
      ...each(n, (i) => file(path(`br0.network.d/${i}.conf`), `[Network]\nAddress=${address(i)}/8\n`)),
    ],
    bridges: (n) => [netdev, ...each(n, (i) => file(path(`b${i}.netdev`), `[NetDev]\nName=b${i}\nKind=bridge\n`))],
    'other devices': (n) => [
      netdev,
      ...each(n, (i) => file(path(`w${i}.netdev`), `[NetDev]\nName=w${i}\nKind=wireguard\n`)),
    ],
  };
}

function networkmanager() {
  const path = (name) => `/etc/NetworkManager/system-connections/${name}.nmconnection`;
  const bridge = (content = '') =>
    file(path('br0'), `[connection]\nid=br0\ntype=bridge\ninterface-name=br0\n${content}`);
  const one = (make) => (n) => [bridge(make(n))];
  const profile = (i, type, content) =>
    file(path(`${type}${i}`), `[connection]\nid=${type}${i}\ntype=${type}\ninterface-name=${type}${i}\n${content}`);
  const manual = '[ipv4]\nmethod=manual\naddress1=10.0.0.2/8\n';
  return {
    comments: one(plain.comments),
    'blank lines': one(plain['blank lines']),
    blanks: one(blanks),
    addresses: one((n) => `[ipv4]\nmethod=manual\n${lines(n, (i) => `address${i + 1}=${address(i)}/8`)}`),
    routes: one((n) => manual + lines(n, (i) => `route${i + 1}=${address(i, 11)}/32,10.0.0.1`)),
    'routes with options': one(
      (n) => manual + lines(n, (i) => `route${i + 1}=${address(i, 11)}/32\nroute${i + 1}_options=table=5`),
    ),
    'name servers': one((n) => `${manual}dns=${times(n, (i) => `${address(i)};`)}\n`),
    'search domains': one((n) => `${manual}dns-search=${times(n, (i) => `a${i}.example;`)}\n`),
    VLANs: one((n) => `[bridge]\nvlan-filtering=true\nvlans=${times(n, (i) => `${(i % 4094) + 1}`, ',')}\n`),
    'unknown keys': one((n) => `[bridge]\n${lines(n, (i) => `x${i}=1`)}`),
    'unknown sections': one((n) => times(n, (i) => `[s${i}]\na=1\n`)),
    devices: (n) => [bridge(), ...each(n, (i) => profile(i, 'ethernet', manual))],
    ports: (n) => [bridge(), ...each(n, (i) => profile(i, 'ethernet', 'master=br0\nslave-type=bridge\n'))],
    'profiles of one card': (n) => [
      bridge(),
      ...each(n, (i) => file(path(`e${i}`), `[connection]\nid=e${i}\ntype=ethernet\ninterface-name=eno1\n`)),
    ],
    'cards in a bond': (n) => [
      bridge(),
      profile(0, 'bond', 'master=br0\nslave-type=bridge\n'),
      ...each(n, (i) => profile(i, 'ethernet', 'master=bond0\nslave-type=bond\n')),
    ],
    bonds: (n) => [bridge(), ...each(n, (i) => profile(i, 'bond', 'master=br0\nslave-type=bridge\n'))],
    'VLANs of a card': (n) => [
      bridge(),
      profile(0, 'ethernet', ''),
      ...each(n, (i) => profile(i, 'vlan', `master=br0\n[vlan]\nid=${(i % 4094) + 1}\nparent=ethernet0\n`)),
    ],
    bridges: (n) => [bridge(), ...each(n, (i) => profile(i, 'bridge', ''))],
    'other devices': (n) => [bridge(), ...each(n, (i) => profile(i, 'wifi', ''))],
  };
}

function netplan() {
  const path = (name) => `/etc/netplan/${name}.yaml`;
  const yaml = (content) => [file(path('01'), `network:\n  version: 2\n${content}`)];
  const bridge = (content) => yaml(`  bridges:\n    br0:\n${content}`);
  const cards = (n, content = '{}') => `  ethernets:\n${lines(n, (i) => `    e${i}: ${content}`)}`;
  const ports = (n, letter) => `  bridges:\n    br0:\n      interfaces:\n${lines(n, (i) => `      - ${letter}${i}`)}`;
  return {
    comments: (n) => bridge(`      mtu: 1400\n${plain.comments(n)}`),
    'blank lines': (n) => bridge(`      mtu: 1400\n${plain['blank lines'](n)}`),
    blanks: (n) => bridge(`      mtu: 1400\n${blanks(n)}`),
    addresses: (n) => bridge(`      addresses:\n${lines(n, (i) => `      - ${address(i)}/8`)}`),
    'addresses with a label': (n) =>
      bridge(`      addresses:\n${lines(n, (i) => `      - ${address(i)}/8: {label: "br0:${i}"}`)}`),
    routes: (n) => bridge(`      routes:\n${lines(n, (i) => `      - {to: ${address(i, 11)}/32, via: 10.0.0.1}`)}`),
    'routes of other kinds': (n) =>
      bridge(`      routes:\n${lines(n, (i) => `      - {to: ${address(i, 11)}/32, type: blackhole}`)}`),
    'name servers': (n) =>
      bridge(`      nameservers:\n        addresses:\n${lines(n, (i) => `        - ${address(i)}`)}`),
    devices: (n) => yaml(cards(n, '{dhcp4: true}')),
    ports: (n) => yaml(cards(n) + ports(n, 'e')),
    VLANs: (n) =>
      yaml(`${cards(1)}  vlans:\n${lines(n, (i) => `    v${i}: {id: ${(i % 4094) + 1}, link: e0}`)}${ports(n, 'v')}`),
    bonds: (n) => yaml(`${cards(n)}  bonds:\n${lines(n, (i) => `    b${i}: {interfaces: [e${i}]}`)}${ports(n, 'b')}`),
    'cards in a bond': (n) => yaml(`${cards(n)}  bonds:\n    b0: {interfaces: [${times(n, (i) => `e${i}`, ', ')}]}\n`),
    bridges: (n) => yaml(`  bridges:\n${lines(n, (i) => `    br${i}: {}`)}`),
    'other devices': (n) => yaml(`  wifis:\n${lines(n, (i) => `    w${i}: {dhcp4: true}`)}`),
    'settings that are not read': (n) =>
      yaml(`  ethernets:\n${lines(n, (i) => `    e${i}: {ipv6-address-token: "::1"}`)}`),
    files: (n) => each(n, (i) => file(path(i), `network:\n  bridges:\n    br0:\n      addresses: [${address(i)}/8]\n`)),
    'files of cards': (n) => each(n, (i) => file(path(i), `network:\n  ethernets:\n    e${i}: {dhcp4: true}\n`)),
  };
}

function ifupdown() {
  const one = (make) => (n) => [file('/etc/network/interfaces', make(n))];
  const bridge = 'auto br0\niface br0 inet manual\n  bridge_ports none\n';
  const bridgeWith = (make) => one((n) => bridge + make(n));
  const ports = (n, letter) => `iface br0 inet manual\n  bridge_ports ${times(n, (i) => `${letter}${i}`, ' ')}\n`;
  const cards = (n, content = '') => times(n, (i) => `iface e${i} inet manual\n${content}`);
  return {
    comments: bridgeWith(plain.comments),
    'blank lines': bridgeWith(plain['blank lines']),
    blanks: bridgeWith(blanks),
    'a broken line': bridgeWith((n) => `  dns-search \\\n${times(n, (i) => `a${i}.example \\\n`)}\n`),
    devices: bridgeWith((n) => times(n, (i) => `auto e${i}\niface e${i} inet dhcp\n`)),
    'stanzas of one device': bridgeWith((n) => times(n, (i) => `iface br0 inet static\n  address ${address(i)}/8\n`)),
    labels: bridgeWith((n) => times(n, (i) => `iface br0:${i} inet static\n  address ${address(i)}/8\n`)),
    'unknown options': bridgeWith((n) => lines(n, (i) => `  x${i} 1`)),
    'repeated options': bridgeWith((n) => lines(n, () => '  mtu 1400')),
    routes: bridgeWith((n) => lines(n, (i) => `  up ip route add ${address(i, 11)}/32 via 10.0.0.1 dev br0`)),
    commands: bridgeWith((n) => lines(n, () => '  up true')),
    'names after auto': bridgeWith((n) => `auto ${times(n, (i) => `e${i}`, ' ')}\n`),
    'lines outside of stanzas': bridgeWith((n) => times(n, (i) => `allow-x e${i}\n`)),
    ports: one((n) => cards(n) + ports(n, 'e')),
    'ports without a stanza': one((n) => ports(n, 'e')),
    'path costs': one((n) => ports(n, 'e') + lines(n, (i) => `  bridge_pathcost e${i} 5`)),
    'patterns of ports': one((n) => `${cards(n)}iface br0 inet manual\n  bridge_ports regex e.*\n`),
    VLANs: one((n) => times(n, (i) => `iface e${i}.7 inet manual\n  vlan-raw-device e${i}\n`) + ports(n, 'e')),
    bonds: one((n) => times(n, (i) => `iface b${i} inet manual\n  bond-slaves e${i}\n`) + ports(n, 'b')),
    'cards in a bond': one((n) => `${cards(n, '  bond-master b0\n')}iface b0 inet manual\n  bond-mode 1\n`),
    bridges: one((n) => times(n, (i) => `iface br${i} inet manual\n  bridge_ports e${i}\n`)),
    'other devices': one((n) => times(n, (i) => `iface w${i} inet dhcp\n  wpa-ssid x\n`)),
    heirs: bridgeWith((n) => times(n, (i) => `iface e${i} inet manual inherits br0\n`)),
  };
}

function ifcfg() {
  const path = (name) => `/etc/sysconfig/network-scripts/${name}`;
  const bridge = (content = '') => file(path('ifcfg-br0'), `TYPE=Bridge\nDEVICE=br0\n${content}`);
  const one = (make) => (n) => [bridge(make(n))];
  return {
    comments: one(plain.comments),
    'blank lines': one(plain['blank lines']),
    blanks: one(blanks),
    addresses: one((n) => lines(n, (i) => `IPADDR${i}=${address(i)}\nPREFIX${i}=8`)),
    secondaries: one(
      (n) => `IPV6INIT=yes\nIPV6ADDR_SECONDARIES="${times(n, (i) => `2001:db8::${i.toString(16)}/64 `)}"\n`,
    ),
    'unknown keys': one((n) => lines(n, (i) => `X${i}=1`)),
    'stray lines': one((n) => lines(n, () => 'x')),
    routes: (n) => [
      bridge(),
      file(
        path('route-br0'),
        lines(n, (i) => `${address(i, 11)}/32 via 10.0.0.1`),
      ),
    ],
    'numbered routes': (n) => [
      bridge(),
      file(
        path('route-br0'),
        lines(n, (i) => `ADDRESS${i}=${address(i, 11)}\nNETMASK${i}=255.255.255.255\nGATEWAY${i}=10.0.0.1`),
      ),
    ],
    ports: (n) => [bridge(), ...each(n, (i) => file(path(`ifcfg-e${i}`), `DEVICE=e${i}\nBRIDGE=br0\n`))],
    bonds: (n) => [
      bridge(),
      ...each(n, (i) => file(path(`ifcfg-b${i}`), `DEVICE=b${i}\nTYPE=Bond\nBRIDGE=br0\n`)),
      ...each(n, (i) => file(path(`ifcfg-e${i}`), `DEVICE=e${i}\nMASTER=b${i}\n`)),
    ],
    VLANs: (n) => [bridge(), ...each(n, (i) => file(path(`ifcfg-e${i}.7`), `DEVICE=e${i}.7\nVLAN=yes\nBRIDGE=br0\n`))],
  };
}

function libvirt() {
  const one = (make) => (n) => [file('br0.xml', `<interface type='bridge' name='br0'>${make(n)}</interface>`)];
  const bridge = (content) => `<bridge>${content}</bridge>`;
  return {
    comments: one((n) => '<!--c-->'.repeat(n) + bridge('')),
    blanks: one((n) => ' '.repeat(n * 10) + bridge('')),
    'unknown elements': one((n) => bridge('') + times(n, (i) => `<x${i}/>`)),
    ports: one((n) => bridge(times(n, (i) => `<interface type='ethernet' name='e${i}'/>`))),
    addresses: one(
      (n) =>
        `<protocol family='ipv4'>${times(n, (i) => `<ip address='${address(i)}' prefix='8'/>`)}</protocol>${bridge('')}`,
    ),
    bonds: one((n) =>
      bridge(
        times(
          n,
          (i) =>
            `<interface type='bond' name='b${i}'><bond><interface type='ethernet' name='e${i}'/></bond></interface>`,
        ),
      ),
    ),
  };
}

/** By system: what its files are large in. */
export const largeHostFiles = {
  networkd: networkd(),
  networkmanager: networkmanager(),
  netplan: netplan(),
  ifupdown: ifupdown(),
  ifcfg: ifcfg(),
  libvirt: libvirt(),
};

const nic = (i) => ({ type: 'nic', name: `e${i}` });
const bond = (i) => ({ type: 'bond', name: `b${i}`, devices: [`c${i}`], mode: 'active-backup' });
const vlan = (i) => ({ type: 'vlan', name: `v${i}`, id: (i % 4094) + 1, parent: nic(0) });
const subnet = { addresses: ['10.255.255.254/8'] };

/** Bridges that are large in one way. */
export const largeBridges = {
  ports: (n) => ({ ports: each(n, nic) }),
  bonds: (n) => ({ ports: each(n, bond) }),
  'cards in a bond': (n) => ({ ports: [{ ...bond(0), devices: each(n, (i) => `e${i}`) }] }),
  VLANs: (n) => ({ ports: each(n, vlan) }),
  addresses: (n) => ({ ipv4: { addresses: each(n, (i) => `${address(i, 11)}/32`) } }),
  'addresses of one subnet': (n) => ({ ipv4: { addresses: each(n, (i) => `${address(i + 1)}/8`) } }),
  'equal addresses': (n) => ({ ipv4: { addresses: each(n, () => '10.0.0.1/8') } }),
  'routes over one subnet': (n) => ({
    ipv4: subnet,
    routes: each(n, (i) => ({ to: `${address(i, 11)}/32`, via: '10.0.0.1' })),
  }),
  'routes over many subnets': (n) => ({
    ipv4: { addresses: each(n, (i) => `${address(4 * i + 1)}/30`) },
    routes: each(n, (i) => ({ to: `${address(i, 11)}/32`, via: address(4 * i + 2) })),
  }),
  'name servers': (n) => ({ ipv4: subnet, dns: { servers: each(n, (i) => address(i)) } }),
  'search domains': (n) => ({ ipv4: subnet, dns: { search: each(n, (i) => `a${i}.example`) } }),
  'VLANs of a port': (n) => ({
    ports: [{ ...nic(0), vlans: each(n, (i) => ({ id: (i % 4094) + 1 })) }],
    vlanFiltering: {},
  }),
  'unknown properties': (n) => Object.fromEntries(each(n, (i) => [`x${i}`, 1])),
  'unknown values': (n) => ({ ports: each(n, () => 1) }),
};
