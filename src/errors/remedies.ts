import type { ErrorCode } from './codes.js';

/** Remedies: a sentence for each code that says what to do; the errors carry it as their hint. */
export const REMEDIES: { readonly [K in ErrorCode]?: string } = {
  NETWORK_NOT_FOUND:
    'list the networks of the host; names are case-sensitive, and a session daemon has networks of its own',
  NETWORK_EXISTS: 'take over the uuid of the existing network, or pick another name; networks cannot be renamed',
  NETWORK_ACTIVE: 'it runs already: ask for the state first, or take this for success',
  NETWORK_INACTIVE: 'start it first',
  NETWORK_TRANSIENT: 'define it first, so that it has a stored definition',
  NETWORK_IN_USE: 'move the guests first, or allow it: restart: "always" or inUse: true',
  NOT_OWNER: 'leave it to its owner, or allow it: foreign: true',
  UNREADABLE:
    'look at it with virsh net-dumpxml; pass replaceUnreadable: true if what cannot be read of it may be lost',
  NOT_APPLIED:
    'a daemon that is older than this library thinks drops what it does not know: name its release with libvirt',
  POOL_EXHAUSTED: 'pass a larger pool or a longer prefix, or remove unused networks with prune()',
  UPDATE_REFUSED:
    'read the network or the NIC and compare; what cannot be changed live is changed in the stored definition, and applies from the next start',
  GUEST_NOT_FOUND: 'list the guests of the host; names are case-sensitive, and a session daemon has guests of its own',
  GUEST_INACTIVE: 'start it first, or change the stored copy alone: live: false',
  GUEST_TRANSIENT: 'change the live copy alone: stored: false',
  GUEST_HOLDS_NIC:
    'check that the guest runs an operating system that supports hot plug and is not paused; wait for it with nics(), or stop the guest',
  AGENT_MISSING:
    'install qemu-guest-agent in the guest and give it the channel org.qemu.guest_agent.0, or ask another source',
  NIC_NOT_FOUND: 'list the NICs of the guest; they go by the MAC address of the definition',
  NIC_AMBIGUOUS: 'give each NIC a MAC address of its own in the stored definition and start the guest again',
  FILTER_NOT_FOUND:
    'check the name: filters(host).names() lists the filters; those of libvirt are in the package libvirt-daemon-config-nwfilter',
  FILTER_EXISTS: 'leave the uuid out to change the filter of that name, or take another name and uuid',
  FILTER_IN_USE:
    'stop the guests that have it, or give them another filter: filters(host).bindings() lists where it is in force',
  BINDING_EXISTS: 'delete the binding of the device first',
  NO_FREE_SLOT: 'detach a NIC, or give the stopped guest more controllers of model pcie-root-port',
  NOT_FOUND: 'list what there is',
  BRIDGE_IN_USE: 'pick another bridge name, or none: libvirt then finds a free one',
  BRIDGE_EXISTS: 'a device of that name is on the host already: pick another bridge name',
  BRIDGE_NAME_TOO_LONG: 'use at most 15 bytes; bridgeNameFor() makes such a name from a longer one',
  SUBNET_IN_USE: 'pick another subnet, or take down the interface named in the message',
  MAC_IN_USE: 'leave the MAC address out: libvirt then makes one',
  PORT_IN_USE: 'forward another port of the host, or tell the two apart with hostAddress or from',
  ACCEPT_RA: 'set net.ipv6.conf.IF.accept_ra to 2, IF being the interface named in the message',
  DNSMASQ_PORT_IN_USE:
    'another DNS or DHCP server listens on all addresses: bind it to its own ones, or switch DNS off for the network',
  DNSMASQ_FAILED: "look at the network's dnsmasq options; dnsmasq's own words are at the end of the message",
  FIREWALLD_ZONE_MISSING: 'start firewalld and add the zone, or leave the zone out',
  FIREWALL_FAILED: 'the text after the command comes from iptables, nft or tc: check that they work on the host',
  SESSION_DAEMON: 'the session daemon may not make bridges: connect to qemu:///system',
  ACCESS_DENIED: 'join the group libvirt, use sudo, or let polkit allow org.libvirt.unix.manage',
  LOGIN_FAILED: 'pass user and password with sasl, as saslpasswd2 -a libvirt on the host has set them',
  CERTIFICATE_FAILED:
    'check authority, names and dates of both certificates, as virt-pki-validate does; socket() takes the contents of other files in tls',
  READ_ONLY: 'connect without the read-only option',
  SOCKET_MISSING:
    'start the daemon: libvirtd, or virtnetworkd (virtnetworkd.socket) where the daemons are split; or check the URI',
  CONNECTION_FAILED: 'check that the daemon runs and that the URI is right',
  SSH_FAILED: 'try the same host with ssh alone: keys, known hosts and address must work without a question',
  CLIENT_TOO_OLD: 'update libvirt on the side named in the message',
  UNSUPPORTED: 'the libvirt release or the driver of this URI cannot do it',
  TOOL_MISSING:
    'install it (virsh is in the package libvirt-clients or libvirt-client, ssh in openssh-client), or name its path',
  TEMP_FILE_FAILED: 'make room in the folder for temporary files, or name another one with TMPDIR',
  CLOSED: 'reconnect',
  HOST_BRIDGE_MISSING: 'make the bridge first, or take one of those named in the message',
  HOST_BRIDGE_PENDING: 'wait until it has ended, or decide it: pending() lists it',
  HOST_BRIDGE_STALE_PLAN: 'plan again, and check what has changed',
  HOST_BRIDGE_NOT_BEGUN: 'look at the reason: it needs root, room below /run, and setsid',
  HOST_BRIDGE_APPLY_FAILED: 'look at the words of the command at the end of the message',
  HOST_BRIDGE_VERIFY_FAILED: 'correct what the message names; a gateway must be in the subnet and answer over the port',
  HOST_BRIDGE_PERSIST_FAILED: 'make room on the disk of the host, and see that its folders can be written',
  HOST_BRIDGE_ROLLED_BACK: 'apply it again, with a longer timeoutMs where the time was over',
  HOST_BRIDGE_COMMITTED: 'remove the bridge with removeHostBridge()',
  HOST_BRIDGE_UNDECIDED: 'ask pending() as soon as the host answers; without a decision it goes back by itself',
};
