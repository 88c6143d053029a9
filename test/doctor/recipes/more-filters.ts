import { G1, type Recipe, recipe } from './recipe.js';

/** Filters of other programs and of libvirt itself, that none of the recipes of firewalls has. */
export const FILTERS: readonly Recipe[] = [
  recipe(
    'a kill switch of a VPN',
    [
      [
        'nft \'table inet mullvad { chain forward { type filter hook forward priority 0; policy drop; ct state established,related accept; oifname "wg0-mullvad" accept; }; }\'',
      ],
      ['nft delete table inet mullvad'],
    ],
    { id: 'filtered', proof: 'table inet mullvad' },
    { packet: ['g1', 'tcp', '198.51.100.2'] },
  ),
  recipe(
    'a table before all others',
    [
      [
        "nft 'table ip early { chain own { type filter hook forward priority -400; policy accept; iifname virbr0 drop; }; }'",
      ],
      ['nft delete table ip early'],
    ],
    { id: 'filtered', proof: 'ip early own' },
    { packet: ['g1', 'tcp', '198.51.100.2'] },
  ),
  recipe(
    'a set of blocked subnets that has that of the network',
    [
      [
        "nft 'table inet block { set bad { type ipv4_addr; flags interval; elements = { 10.66.0.0/16, 192.168.122.0/24 }; }; chain own { type filter hook forward priority -10; policy accept; ip saddr @bad drop; }; }'",
      ],
      ['nft delete table inet block'],
    ],
    { id: 'filtered', proof: 'ip saddr @bad drop' },
    { packet: ['g1', 'tcp', '198.51.100.2'] },
  ),
  recipe(
    'DHCP that ebtables drops',
    [
      ['ebtables -A INPUT -p IPv4 --ip-proto udp --ip-dport 67 -j DROP'],
      ['ebtables -D INPUT -p IPv4 --ip-proto udp --ip-dport 67 -j DROP'],
    ],
    { id: 'filtered', proof: 'DROP' },
    { packet: ['g1', 'dhcp', 'eth0'] },
  ),
  recipe(
    'guests that ebtables keeps apart',
    [['ebtables -A FORWARD -j DROP'], ['ebtables -D FORWARD -j DROP']],
    { id: 'filtered', proof: 'DROP' },
    { packet: ['g1', 'tcp', '192.168.122.12'] },
  ),
  recipe(
    'packets between guests of one bridge, which iptables drops',
    [
      ['sysctl -qw net.bridge.bridge-nf-call-iptables=1; iptables -I FORWARD -i virbr0 -o virbr0 -j DROP'],
      ['iptables -D FORWARD -i virbr0 -o virbr0 -j DROP; sysctl -qw net.bridge.bridge-nf-call-iptables=0'],
    ],
    { id: 'bridge-filtered', proof: 'virbr0' },
    { packet: ['g1', 'tcp', '192.168.122.12'] },
  ),
  recipe(
    "a network filter with another address than the guest's",
    [['BIND g1 clean-traffic 52:54:00:00:00:01 192.168.122.99'], ['UNBIND g1']],
    { id: 'guest-filtered' },
    { target: G1, packet: ['g1', 'tcp', '192.168.122.1'] },
  ),
  recipe(
    "a network filter with another hardware address than the guest's",
    [['BIND g1 no-mac-spoofing 52:54:00:00:00:99'], ['UNBIND g1']],
    { id: 'guest-filtered' },
    { target: G1, packet: ['g1', 'tcp', '192.168.122.1'] },
  ),
];
