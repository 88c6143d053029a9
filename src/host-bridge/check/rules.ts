/** A rule for host bridges. Messages and hints name the finding's parameters in braces. */
export interface BridgeRule {
  /** Absent for errors. */
  readonly severity?: 'warning';
  readonly message: string;
  readonly hint?: string;
}

const error = (message: string, hint?: string): BridgeRule => (hint === undefined ? { message } : { message, hint });
const warning = (message: string, hint?: string): BridgeRule => ({ ...error(message, hint), severity: 'warning' });

/** Every rule about host bridges by its id. Limits are those of the Linux kernel. */
export const BRIDGE_RULES = {
  // Shape
  HB_PROPERTY_UNKNOWN: error('there is no property {property} here', 'check the spelling against the type'),
  HB_PROPERTY_MISSING: error('{property} is missing'),
  HB_PROPERTY_INVALID: error('{property} must be {expected}, not {value}'),

  // Devices
  HB_NAME_INVALID: error(
    "'{value}' cannot be the name of a device",
    'use 1 to 15 letters, digits, and . _ - or +, beginning with a letter or a digit; not "all", "default", "none" or "regex"',
  ),
  HB_NAME_TWICE: error("the device '{value}' is there twice", 'a device has one name and one place'),
  HB_PORT_LOOPBACK: error('the loopback device cannot be a port'),
  HB_BOND_EMPTY: error("the bond '{value}' has no devices", 'name at least one network card'),
  HB_BOND_OPTION: error('{property} has no effect in the mode {mode}', 'the modes with it are {modes}'),
  HB_BOND_PRIMARY: error("the bond has no device '{value}'", 'name one of its devices'),
  HB_BOND_MODE: warning(
    'the bond {value} in the mode {mode} cuts guests off: {reason}',
    'below a bridge use active-backup, 802.3ad with a switch that speaks LACP, or balance-xor with a static group of ports on the switch',
  ),
  HB_BOND_MONITOR: warning(
    'the bond {value} does not see when a card loses its link, and goes on sending over it',
    'set monitorInterval, such as 0.1; NetworkManager does so by itself, and a bond that the host watches by ARP needs none',
  ),
  HB_VLAN_ID: error('{value} is not a VLAN id', 'VLAN ids go from 1 to 4094'),
  HB_VXLAN_ID: error('{value} is not a VXLAN id', 'VXLAN ids go from 0 to 16777215'),
  HB_VXLAN_PEERS: error(
    'the VXLAN {value} reaches no other host',
    'name the other hosts in remotes, or a multicast group and the device that it is reached over',
  ),
  HB_VXLAN_BOTH: error('a VXLAN has remotes or a group, not both', 'leave one of them out'),
  HB_VXLAN_ADDRESS: error("'{value}' is not {expected}, as {property} of a VXLAN needs", 'write it as in {example}'),
  HB_VXLAN_FAMILIES: error('a VXLAN runs over IPv4 or over IPv6, not over both', 'use addresses of one family'),
  HB_VXLAN_DEVICE: error('the group {value} needs the device that it is reached over', 'name it in device'),
  HB_VXLAN_OVER_BRIDGE: error(
    'the VXLAN would run over {device}, which is the bridge that it is in, or a port of it',
    'let it run over a device outside of the bridge',
  ),
  HB_VXLAN_SELF: error('{value} is the address of this host itself', 'name the other hosts alone'),
  HB_VXLAN_REMOTE_TWICE: error('the remote {value} is listed twice', 'leave one of them out'),
  HB_VXLAN_LINK_LOCAL: error(
    '{value} is a link-local address, which says nothing without a device',
    'name the device that the hosts reach each other over',
  ),
  HB_VXLAN_TWICE: error('two VXLANs of a host cannot have the id {id} and the UDP port {port}', 'change one of them'),
  HB_VXLAN_LOOP: warning(
    'two VXLANs of the bridge reach {value}, and frames go round between the two hosts',
    'leave one of them out, or switch the spanning tree on on both hosts',
  ),
  HB_VXLAN_MTU: warning(
    'packets of {value} bytes need {needed} between the hosts',
    'give the network between the hosts an MTU of {needed}, or the VXLAN {room} or less',
  ),
  HB_MAC_INVALID: error("'{value}' is not a MAC address", 'write it as 52:54:00:12:34:56'),
  HB_MAC_MULTICAST: error('{value} is a multicast address', 'the first byte of a device’s own address is even'),
  HB_MAC_ZERO: error('a device cannot have the MAC address {value}'),
  HB_MAC_SOURCE: error(
    "the MAC address is copied from '{value}', which is not a port of this bridge",
    'name a port of this bridge',
  ),
  HB_MAC_DRIFTS: warning(
    'the bridge takes the lowest MAC address of its ports, which changes when guests come and go',
    'give it a MAC address of its own, or copy that of a port',
  ),
  HB_MTU_RANGE: error('an MTU of {value} bytes is not possible', 'the kernel takes 68 to 65535'),
  HB_MTU_IPV6: error('IPv6 needs an MTU of at least 1280 bytes, not {value}'),
  HB_MTU_ABOVE_PORT: error(
    'the MTU of {value} is above the {limit} of {device} below it',
    'packets between the two sizes would be lost: set the same MTU on both',
  ),

  // Bridge and ports
  HB_RANGE: error('{property} must be {min} to {max}, not {value}'),
  HB_RESOLUTION: error('{property} of {value} seconds is finer than {step} seconds'),
  HB_STP_TIMES: warning(
    'the spanning tree’s times do not fit together',
    'IEEE 802.1D wants 2 * (forward delay - 1) >= max age >= 2 * (hello time + 1)',
  ),
  HB_STP_SILENCE: warning(
    'with the spanning tree on, ports are silent for {value} seconds after they come up',
    'leave it off where no other bridge can form a loop',
  ),
  HB_STP_UNUSED: warning('{property} has no effect while the spanning tree is off'),
  HB_VLAN_NO_FILTERING: error('the port has VLANs, but the bridge does not filter them', 'add vlanFiltering'),
  HB_VLAN_RANGE: error('the range of VLANs from {from} to {to} is empty'),
  HB_VLAN_RANGE_FLAG: error('a range of VLANs cannot be {property}', 'name the one VLAN by itself'),
  HB_VLAN_TWICE: error('VLAN {value} is there twice'),
  HB_VLAN_PVIDS: error('a port has one VLAN for frames without a tag, not several'),

  // Addresses
  HB_ADDRESS_INVALID: error("'{value}' is not an {family} address with a prefix", 'write it as {example}'),
  HB_ADDRESS_UNUSABLE: error('{value} cannot be the address of a host: {reason}'),
  HB_ADDRESS_TWICE: error('the address {value} is there twice'),
  HB_GATEWAY_INVALID: error("'{value}' is not an {family} address"),
  HB_GATEWAY_OUTSIDE: error(
    'the gateway {value} is in none of the subnets of the bridge',
    'most systems drop such a gateway in silence: correct it, or add a route with onLink',
  ),
  HB_GATEWAY_SELF: error('the gateway {value} is the address of the bridge itself'),
  HB_CLIENT_ID_UNUSED: error('there is a DHCP client id, but no DHCP', 'add dhcp4()'),
  HB_OVERRIDE_UNUSED: error('{property} is for addresses that come by themselves, and there are none', 'set auto'),
  HB_DNS_SERVER: error("'{value}' is not the address of a name server"),
  HB_DNS_DOMAIN: error("'{value}' is not a domain name"),
  HB_DNS_TWICE: error('{value} is there twice'),
  HB_ROUTE_TO: error("'{value}' is not a network in CIDR notation", 'write it as 10.8.0.0/16, or 2001:db8::/32'),
  HB_ROUTE_HOST_BITS: error('{value} has bits after its prefix', 'the network is {network}'),
  HB_ROUTE_VIA: error("'{value}' is not an {family} address, as the route needs"),
  HB_ROUTE_OUTSIDE: error(
    'the router {value} is in none of the subnets of the bridge',
    'set onLink if it is reachable all the same',
  ),
  HB_ROUTE_ON_LINK: error('onLink is for routes with a router', 'add via, or leave onLink out'),
  HB_ROUTE_TWICE: error('there are two routes to {value} with the same metric and table'),

  // Files that are read
  HB_FILE_SYNTAX: error('{file}, line {line}: {why}'),
  HB_NOT_READ: warning(
    '{file}, line {line}: {what} has no place in the model and is left out',
    'keep the file if you need it, or set it by other means',
  ),

  // Systems that a bridge is written for
  HB_PARENT_WITHOUT_ADDRESS: warning(
    '{device} below a VLAN is set up without addresses of its own',
    'addresses that it has now are lost; put them on a bridge or VLAN of their own',
  ),
  HB_PROFILE_OF_PORT: warning(
    'profiles that the ports have now may come up in place of the new ones',
    'set connection.autoconnect to no in them',
  ),
  HB_IFCFG_OLD_ADDRESSES: warning(
    'the files take the place of those that the ports have now',
    'further files of the same devices, such as route files of a port, must go',
  ),
  HB_NMCLI_VOLATILE: warning(
    'the profiles are kept in memory, and are gone after a restart',
    'when all is well, save each with nmcli connection modify NAME connection.id NAME',
  ),
  HB_STANZA_OF_PORT: warning(
    'stanzas that the ports have in other files still count',
    'take them out of /etc/network/interfaces, or the addresses stay on the ports',
  ),
  HB_ALPINE_NEEDS_BRIDGE_UTILS: warning(
    'without the package bridge-utils, ifupdown-ng takes the times for hundredths of a second and leaves the spanning tree off',
    'install bridge-utils on Alpine',
  ),
  HB_IFUPDOWN2_AUTO: warning('ifupdown2 refuses the method auto of inet6', 'on Proxmox use DHCP or a fixed address'),
  HB_NEEDS_IFENSLAVE: warning('Debian’s ifupdown makes bonds only with the package ifenslave'),
  HB_IP_VOLATILE: warning('what ip sets is gone after a restart'),
  HB_LIBVIRT_NEEDS_NETCF: warning(
    'libvirt can define host interfaces only where it was built with netcf: RHEL 6 to 8',
    'elsewhere iface-define answers that the function is not supported',
  ),
  HB_DNS_ELSEWHERE: warning('name servers of this system are for the whole host, not for the bridge alone'),
  HB_NETPLAN_MERGES: warning(
    'netplan merges all files: addresses that another file gives to a port stay there',
    'take them out of that file; a file of cloud-init comes back unless its network configuration is disabled',
  ),
  HB_CLOUD_INIT: warning(
    'cloud-init wrote {file}, and may write it again over the change',
    'disable its network configuration with "network: {config: disabled}" in /etc/cloud/cloud.cfg.d/99-disable-network-config.cfg',
  ),
  HOST_LEASE: warning(
    'the DHCP server may give {bridge} another address than {card} has: it knows {card} by {old}, and the bridge by {now}',
    'what keeps the address: {keeps}; or a reservation for the bridge at the server',
  ),
} as const satisfies Readonly<Record<string, BridgeRule>>;

/** The id of a rule about host bridges. */
export type BridgeRuleId = keyof typeof BRIDGE_RULES;
