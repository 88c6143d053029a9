/**
 * The filters that libvirt's packages install, alike on 9.0, 11.3 and 12.9. `clean-traffic` keeps a guest from using other
 * addresses than its own, and lets no IPv6 pass; `clean-traffic-gateway` besides keeps it to its gateway.
 */
export type BuiltInFilter =
  | 'allow-arp'
  | 'allow-dhcp'
  | 'allow-dhcp-server'
  | 'allow-dhcpv6'
  | 'allow-dhcpv6-server'
  | 'allow-incoming-ipv4'
  | 'allow-incoming-ipv6'
  | 'allow-ipv4'
  | 'allow-ipv6'
  | 'clean-traffic'
  | 'clean-traffic-gateway'
  | 'no-arp-ip-spoofing'
  | 'no-arp-mac-spoofing'
  | 'no-arp-spoofing'
  | 'no-ip-multicast'
  | 'no-ip-spoofing'
  | 'no-ipv6-multicast'
  | 'no-ipv6-spoofing'
  | 'no-mac-broadcast'
  | 'no-mac-spoofing'
  | 'no-other-l2-traffic'
  | 'no-other-rarp-traffic'
  | 'qemu-announce-self'
  | 'qemu-announce-self-rarp';

/** Name of a filter: editors complete those that libvirt installs. */
export type FilterName = BuiltInFilter | (string & {});
