import type { Complaint, DiagnosisTarget } from 'libvirt-network/doctor';
import { type Expected, G1, type Recipe, recipe } from './recipe.js';

const complain = (complaint: Complaint, guest = 'g1'): DiagnosisTarget => ({ complaint, guest });
const INSIDE: Expected = { id: 'not-on-host' };
const ADDRESS = 'ip addr replace 192.168.122.11/24 dev eth0; ip route replace default via 192.168.122.1';

/** Faults inside of guests and on the LAN: the host is well. */
export const BEYOND_THE_HOST: readonly Recipe[] = [
  recipe(
    'a wrong router in the guest',
    [['g1: ip route replace default via 192.168.122.254'], ['g1: ip route replace default via 192.168.122.1']],
    INSIDE,
    { target: complain('no way out') },
  ),
  recipe(
    'no router in the guest',
    [['g1: ip route del default'], ['g1: ip route replace default via 192.168.122.1']],
    INSIDE,
    { target: complain('no way out') },
  ),
  recipe(
    'a NIC that is switched off in the guest',
    [
      ['g1: ip link set eth0 down'],
      [
        `g1: ip link set eth0 up; ${ADDRESS}; ip addr replace fd00:122::11/64 dev eth0 nodad; ip -6 route replace default via fd00:122::1`,
        'until bridge link show dev $g1 | grep -q "state forwarding"; do sleep 0.05; done',
      ],
    ],
    { id: 'guest-link-down', proof: 'NO-CARRIER' },
    { target: G1 },
  ),
  recipe(
    "a guest's own firewall",
    [
      [
        "g1: nft 'table inet f { chain i { type filter hook input priority 0; policy drop; ct state established accept; }; }'",
      ],
      ['g1: nft delete table inet f'],
    ],
    INSIDE,
    { target: complain('not reachable') },
  ),
  recipe(
    'one address at two guests',
    [
      [
        'g1b: ip addr add 192.168.122.11/24 dev eth0',
        'g1b: busybox arping -q -c 1 -A -I eth0 192.168.122.11',
        'ip neigh replace 192.168.122.11 lladdr 52:54:00:00:00:02 dev virbr0 nud stale',
      ],
      ['g1b: ip addr del 192.168.122.11/24 dev eth0', 'ip neigh flush dev virbr0', 'g1: ip neigh flush dev eth0'],
    ],
    { id: 'address-twice', proof: '52:54:00:00:00:02' },
    { target: G1 },
  ),
  recipe(
    'no route back on the LAN',
    [
      ['outside: ip route del 192.168.0.0/16 via 198.51.100.1'],
      ['outside: ip route add 192.168.0.0/16 via 198.51.100.1'],
    ],
    INSIDE,
    { target: complain('no way out', 'g2') },
  ),
  recipe(
    'an address of another subnet in the guest',
    [
      ['g1: ip addr del 192.168.122.11/24 dev eth0; ip addr add 10.9.9.9/24 dev eth0'],
      [`g1: ip addr del 10.9.9.9/24 dev eth0; ${ADDRESS}`],
    ],
    INSIDE,
    { target: complain('no way out') },
  ),
  recipe(
    'a wrong mask in the guest',
    [
      ['g1: ip addr del 192.168.122.11/24 dev eth0; ip addr add 192.168.122.11/32 dev eth0'],
      [`g1: ip addr del 192.168.122.11/32 dev eth0; ${ADDRESS}`],
    ],
    INSIDE,
    { target: complain('no dns') },
  ),
  recipe(
    'a guest that drops what it sends',
    [
      ["g1: nft 'table inet f { chain o { type filter hook output priority 0; policy drop; }; }'"],
      ['g1: nft delete table inet f'],
    ],
    INSIDE,
    { target: complain('no dns') },
  ),
  recipe(
    'no address in the guest',
    [
      ['g1: ip addr flush dev eth0 scope global'],
      [`g1: ${ADDRESS}; ip addr replace fd00:122::11/64 dev eth0 nodad; ip -6 route replace default via fd00:122::1`],
    ],
    INSIDE,
    {
      target: complain('no address'),
    },
  ),
  recipe(
    'a LAN whose machine does not answer',
    [
      ['outside: ip link set eth0 down'],
      [
        'outside: ip link set eth0 up; ip -6 addr replace 2001:db8:ffff::2/64 dev eth0 nodad; ip route replace 192.168.0.0/16 via 198.51.100.1',
      ],
    ],
    { id: 'uplink-down', proof: 'NO-CARRIER' },
  ),
];
