import { type Expected, every, on, type Recipe, recipe } from './recipe.js';

const cmd = (words: string): string => `firewall-cmd ${words} >/dev/null`;
/** A reload takes libvirt's rules too; libvirt hears of it, and makes them again one by one. */
const settled = (change: string): string => `
rules() { { iptables-save | grep LIBVIRT; nft list table ip libvirt_network; } 2>/dev/null | wc -l; }
bound() { { firewall-cmd --get-zone-of-interface=virbr0 && firewall-cmd --get-zone-of-interface=virbr1; } >/dev/null 2>&1; }
n=$(rules); ${change}; end=$(($(date +%s) + 50))
until [ $(rules) -ge $n ] && bound; do [ $(date +%s) -lt $end ]; done`;

const stopped = (proof: string): Expected => ({ id: 'filtered', proof });
const zone = (proof: string): Expected => ({ id: 'firewalld-zone', proof });

/** A change of firewalld and what takes it back. */
const firewalld = (
  name: string,
  [change, back]: readonly [string, string],
  expected: Expected,
  target = 'nat',
): Recipe =>
  recipe(
    name,
    [
      [change, 'FORWARD'],
      [back, 'FORWARD'],
    ],
    every(expected),
    { target },
  );

/** What is done to firewalld beside libvirt. */
export const FIREWALLD: readonly Recipe[] = [
  firewalld('a reload', [settled(cmd('--reload')), ''], undefined),
  firewalld('a complete reload', [settled(cmd('--complete-reload')), ''], undefined),
  firewalld(
    'a bridge in no zone',
    [cmd('--zone=libvirt --remove-interface=virbr0'), cmd('--zone=libvirt --change-interface=virbr0')],
    zone('public'),
  ),
  firewalld(
    'a bridge in the zone public',
    [cmd('--zone=public --change-interface=virbr0'), cmd('--zone=libvirt --change-interface=virbr0')],
    zone('public'),
  ),
  firewalld(
    'a bridge in the zone trusted',
    [cmd('--zone=trusted --change-interface=virbr0'), cmd('--zone=libvirt --change-interface=virbr0')],
    undefined,
  ),
  firewalld(
    'a port of the host',
    [cmd('--zone=libvirt --add-port=7777/tcp'), cmd('--zone=libvirt --remove-port=7777/tcp')],
    undefined,
  ),
  firewalld(
    'a port of the host for routed guests',
    [cmd('--zone=public --add-port=7777/tcp'), cmd('--zone=public --remove-port=7777/tcp')],
    undefined,
  ),
  firewalld(
    'a zone without DHCP',
    [cmd('--zone=libvirt --remove-service=dhcp'), cmd('--zone=libvirt --add-service=dhcp')],
    stopped('firewalld'),
  ),
  firewalld(
    'a zone without DNS',
    [cmd('--zone=libvirt --remove-service=dns'), cmd('--zone=libvirt --add-service=dns')],
    stopped('firewalld'),
  ),
  firewalld(
    'a zone without ICMPv6',
    [cmd('--zone=libvirt --remove-protocol=ipv6-icmp'), cmd('--zone=libvirt --add-protocol=ipv6-icmp')],
    stopped('firewalld'),
  ),
  firewalld('panic', [cmd('--panic-on'), cmd('--panic-off')], stopped('firewalld')),
  firewalld(
    'a routed bridge in the zone of networks with NAT',
    [cmd('--zone=libvirt --change-interface=virbr1'), cmd('--zone=libvirt-routed --change-interface=virbr1')],
    zone('libvirt'),
    'route',
  ),
  // The last one: it does not come back. Its end flushes iptables, with libvirt's rules, which libvirt does not notice.
  recipe(
    'a firewalld that ends',
    [
      ['pid=$(pgrep -f "[f]irewalld --nofork"); kill $pid; while kill -0 $pid 2>/dev/null; do :; done', 'FORWARD'],
      ['REMAKE'],
    ],
    on({ id: 'libvirt-rules-missing' }, undefined),
  ),
];
