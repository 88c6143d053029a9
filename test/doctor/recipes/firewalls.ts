import { type Recipe as FirewallRecipe, RECIPES } from '../../preview/firewalls/recipes.js';
import { BOTH, type Expected, every, G1, NAT, on, type Recipe } from './recipe.js';

/** What the recipes of other firewalls must lead to: the first finding of each backend. */
const POLICY: Expected = { id: 'filtered', proof: 'policy drop of chain FORWARD in table ip filter' };
const LAB_POLICY: Expected = { id: 'filtered', proof: 'policy drop of chain own in table inet lab' };
const GONE: Expected = { id: 'libvirt-rules-missing' };
const forwarding = (setting: string): Expected => ({ id: 'forwarding-off', proof: `${setting} = 0` });
const filtered = (proof: string): Expected => ({ id: 'filtered', proof });

const OTHER_FIREWALLS: Readonly<Record<string, Recipe['expected']>> = {
  'a forward policy of iptables': on(undefined, POLICY),
  'a forward policy of ip6tables': on(undefined, filtered('policy drop of chain FORWARD in table ip6 filter')),
  'an input policy of iptables': every(filtered('policy drop of chain INPUT in table ip filter')),
  // It takes the answers to the host's own packets too, whatever the backend.
  'an input policy of ip6tables': every(filtered('policy drop of chain INPUT in table ip6 filter')),
  'an output policy of iptables': every(filtered('policy drop of chain OUTPUT in table ip filter')),
  'a reject at the end': on(filtered('INPUT: counter reject'), filtered('counter reject')),
  'a reject at the head': every(filtered('FORWARD: counter reject')),
  'a forward policy of old iptables': every(filtered('(iptables-legacy)')),
  'a drop of DHCP in old iptables': every(filtered('--dport 67 -j DROP')),
  'an input drop of nftables': every(LAB_POLICY),
  'a forward drop of nftables': every(LAB_POLICY),
  'a forward drop that lets answers through': every(LAB_POLICY),
  'a forward drop that lets guests out alone': every(LAB_POLICY),
  'an output drop that lets answers through': every(LAB_POLICY),
  'a prerouting drop': every(filtered('198.51.100.0/24 drop')),
  'a prerouting drop of one port': every(filtered('7777-7779 } drop')),
  'a look for the way back': every(undefined),
  'a look for the way back of IPv6': every(undefined),
  'a drop of DHCP': every(filtered('udp dport 67 drop')),
  'a drop of offers': every(filtered('udp sport 67 drop')),
  'a drop of names': every(filtered('th dport 53 drop')),
  'a drop of questions outside': every(filtered('udp dport 53 drop')),
  'a drop of DHCPv6': every(filtered('udp dport 547 drop')),
  'a drop of router solicitations': every(filtered('nd-router-solicit drop')),
  'a drop of neighbour discovery': every(filtered('nd-neighbor-advert } drop')),
  'a drop of TFTP': every(filtered('udp dport 69 drop')),
  'a drop of invalid packets': every(undefined),
  'a verdict map': every(undefined),
  'a drop of DHCP among bridges': every(filtered('bridge lab own: udp dport 67 drop')),
  'a drop of frames between guests': every(filtered('bridge lab')),
  'a drop of IPv6 among bridges': every(filtered('ether type ip6 drop')),
  'a drop at the tap of one guest': every(filtered('ip protocol tcp drop')),
  "NixOS' look for the way back": every(undefined),
  'a look for the way back without an exception for DHCP': every(undefined),
  "ufw's chains and policies": on(undefined, filtered('policy drop of chain')),
  "firewalld's zones": every(undefined),
  "Docker's chains and policy": on(undefined, POLICY),
  "Docker's chains, opened for one network": on(undefined, POLICY),
  "Docker's policy where bridges are filtered": on(undefined, POLICY),
  'filtered bridges': every(undefined),
  'one filtered bridge': on(undefined, POLICY),
  'no masquerade': every(GONE),
  'an empty ruleset': every(GONE),
  'flushed chains of iptables': every(GONE),
  'flushed chains and drop policies': every(filtered('policy drop of chain')),
  "libvirt's table deleted": every(GONE),
  "one of libvirt's chains flushed": every(GONE),
  "rules restored without libvirt's": every(GONE),
  'an accept before the masquerade': every(undefined),
  'another source before the masquerade': every({ id: 'source-translated-elsewhere', proof: '198.51.100.77' }),
  'no tracking': every({ id: 'untracked', proof: 'virbr0' }),
  'no forwarding': every(forwarding('net.ipv4.ip_forward')),
  'no forwarding from one network': every(forwarding('net.ipv4.conf.virbr0.forwarding')),
  'no forwarding from the uplink': every(forwarding('net.ipv4.conf.ext0.forwarding')),
  'no answers to pings': every({ id: 'echo-ignored' }),
  'no default route': every({ id: 'no-default-route' }),
  'a route elsewhere': every({ id: 'target-routed-elsewhere', proof: '203.0.113.0/24 dev virbr2' }),
  'a route for the guests elsewhere': every({ id: 'guests-routed-elsewhere', proof: '192.168.122.0/25' }),
  'a routing rule that prohibits': every({ id: 'routing-refused', proof: 'prohibit' }),
  'a routing table of a VPN': every({ id: 'target-routed-elsewhere', proof: 'default dev virbr2' }),
  'a strict look for the way back of marked packets': every({ id: 'reverse-path-filter' }),
  'a loose look for the way back': every({ id: 'target-routed-elsewhere' }),
  'a strict look for the way back everywhere': every({ id: 'reverse-path-filter' }),
  'no look for the way back': every({ id: 'target-routed-elsewhere' }),
  nothing: every(undefined),
};

/** A recipe of other firewalls. What only one guest's tap, or only some guests suffer from, is asked about a guest. */
const fromFirewalls = (one: FirewallRecipe): Recipe[] => {
  const expected = OTHER_FIREWALLS[one.name];
  if (expected === undefined) return [];
  return [
    {
      name: one.name,
      breaks: [one.apply.replaceAll('$TAP', '$g1')],
      restores: [one.restore, ...(one.remake ? ['REMAKE'] : [])],
      target: one.apply.includes('$TAP') ? G1 : NAT,
      backends: one.backend === undefined ? BOTH : [one.backend],
      expected,
    },
  ];
};

/** What others do to the filters, translation and routes of a host. */
export const FIREWALLS: readonly Recipe[] = RECIPES.flatMap(fromFirewalls);
