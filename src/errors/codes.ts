/**
 * Every code that an error of this library can carry. The set is closed: adding one is a minor
 * release, removing one a major. `docs/errors.md` says for each what to do.
 */
export type ErrorCode =
  /** The document breaks rules; {@link ValidationError.issues} lists them all. */
  | 'VALIDATION'
  /** The text is not well-formed XML, or uses XML features that are refused for safety. */
  | 'XML_SYNTAX'
  /** A call got an argument that can never be right. */
  | 'INVALID_ARGUMENT'
  /** This library, or the libvirt release named in the message, cannot do what was asked. */
  | 'UNSUPPORTED'
  /** There is no network of this name or uuid. */
  | 'NETWORK_NOT_FOUND'
  /** The name or the uuid belongs to another network. */
  | 'NETWORK_EXISTS'
  /** The network is active, and the operation needs it not to be. */
  | 'NETWORK_ACTIVE'
  /** The network is not active, and the operation needs it to be. */
  | 'NETWORK_INACTIVE'
  /** The network is transient, and the operation needs a stored definition. */
  | 'NETWORK_TRANSIENT'
  /** Guests use the network, and would lose their link. */
  | 'NETWORK_IN_USE'
  /** The network carries the tag of another owner, or of none. */
  | 'NOT_OWNER'
  /** The definition that a daemon has cannot be read, so that what it says would be lost. */
  | 'UNREADABLE'
  /** libvirt took a change, but what is read back is not what was asked for. */
  | 'NOT_APPLIED'
  /** No subnet of the pool is free, or no bridge name. */
  | 'POOL_EXHAUSTED'
  /** libvirt refuses a live change: the entry is there already, is not there, or cannot be changed while running. */
  | 'UPDATE_REFUSED'
  /** There is no guest of this name or uuid. */
  | 'GUEST_NOT_FOUND'
  /** The guest does not run, and the operation needs it to. */
  | 'GUEST_INACTIVE'
  /** The guest is transient, and the operation needs a stored definition. */
  | 'GUEST_TRANSIENT'
  /** The guest did not let a NIC go in time: it is asked, and the NIC goes when the guest answers. */
  | 'GUEST_HOLDS_NIC'
  /** The guest has no agent, or its agent does not answer. */
  | 'AGENT_MISSING'
  /** The guest has no NIC of this MAC address. */
  | 'NIC_NOT_FOUND'
  /** Several NICs of the guest have this MAC address. */
  | 'NIC_AMBIGUOUS'
  /** The guest has no free slot for another NIC. */
  | 'NO_FREE_SLOT'
  /** There is no filter of that name or uuid. */
  | 'FILTER_NOT_FOUND'
  /** Another filter has the name or the uuid. */
  | 'FILTER_EXISTS'
  /** A running guest has the filter, directly or by a filter that includes it. */
  | 'FILTER_IN_USE'
  /** The device has a filter in force. */
  | 'BINDING_EXISTS'
  /** There is no such port, host interface or metadata. */
  | 'NOT_FOUND'
  /** Another network has this bridge name. */
  | 'BRIDGE_IN_USE'
  /** A device of the bridge's name exists on the host. */
  | 'BRIDGE_EXISTS'
  /** The bridge name is longer than the 15 bytes that Linux allows. */
  | 'BRIDGE_NAME_TOO_LONG'
  /** The host network system has no words for properties of a host bridge; {@link BridgeUnsupportedError.fields} lists them. */
  | 'BRIDGE_FIELD_UNSUPPORTED'
  /** A subnet or route of the network is one of the host's already. */
  | 'SUBNET_IN_USE'
  /** Another network's bridge, a device of the host, or another NIC of the guest has this MAC address. */
  | 'MAC_IN_USE'
  /** Another network forwards the same port of the host. */
  | 'PORT_IN_USE'
  /** A host interface has IPv6 routes from router advertisements that forwarding would drop. */
  | 'ACCEPT_RA'
  /** dnsmasq cannot listen: another server has the address or port. */
  | 'DNSMASQ_PORT_IN_USE'
  /** dnsmasq did not start for another reason. */
  | 'DNSMASQ_FAILED'
  /** firewalld has no such zone, or does not run. */
  | 'FIREWALLD_ZONE_MISSING'
  /** iptables, nft or tc refused a rule. */
  | 'FIREWALL_FAILED'
  /** The daemon of the session was asked for what only the system's may do: make bridges and firewall rules. */
  | 'SESSION_DAEMON'
  /** The caller may not do this: polkit, the socket's mode or libvirt's own access control. */
  | 'ACCESS_DENIED'
  /** The daemon asks for a user and a password, and did not get the right ones. */
  | 'LOGIN_FAILED'
  /** A certificate of a TLS connection is missing, or one side refuses that of the other. */
  | 'CERTIFICATE_FAILED'
  /** The connection is read-only. */
  | 'READ_ONLY'
  /** The daemon's socket is not there: the daemon does not run, or the modular daemon for networks is not installed. */
  | 'SOCKET_MISSING'
  /** No daemon answers, or the connection was lost. */
  | 'CONNECTION_FAILED'
  /** The ssh connection failed. */
  | 'SSH_FAILED'
  /** The program that the transport needs is not installed. */
  | 'TOOL_MISSING'
  /** The client program lacks the command or option that was needed; the message names the release that has it. */
  | 'CLIENT_TOO_OLD'
  /** A definition could not be written to a temporary file, mostly because the disk is full. */
  | 'TEMP_FILE_FAILED'
  /** The call took longer than it may; {@link TransportError.mayHaveChanged} says whether it may have had an effect. */
  | 'TIMEOUT'
  /** The transport answered something that this library does not understand. */
  | 'UNEXPECTED_REPLY'
  /** The connection was closed before the call. */
  | 'CLOSED'
  /** OVN cannot express properties of a network; `fields` of the error lists them. */
  | 'OVN_FIELD_UNSUPPORTED'
  /** A condition of a database transaction did not hold, mostly since another client has changed the rows: nothing was changed. */
  | 'DATABASE_CHANGED'
  /** The server of a database refuses for a reason without a code of its own: nothing was changed; the message has its words. */
  | 'DATABASE_REFUSED'
  /** There is no bridge of that name on the host; libvirt starts a network on it all the same, and guests then fail. */
  | 'HOST_BRIDGE_MISSING'
  /** Another change of a host bridge is under way on the host, or waits for a decision. */
  | 'HOST_BRIDGE_PENDING'
  /** The host's network is not what it was when the plan was made. */
  | 'HOST_BRIDGE_STALE_PLAN'
  /** The transaction could not be begun on the host: nothing has changed. */
  | 'HOST_BRIDGE_NOT_BEGUN'
  /** A command of the change failed on the host; it was taken back. */
  | 'HOST_BRIDGE_APPLY_FAILED'
  /** The change was made and the host is not as it should be, or its gateway does not answer; it was taken back. */
  | 'HOST_BRIDGE_VERIFY_FAILED'
  /** The change could not be stored, mostly because the disk is full; it was taken back. */
  | 'HOST_BRIDGE_PERSIST_FAILED'
  /** The change was rolled back before this: its time was over, or somebody decided so. */
  | 'HOST_BRIDGE_ROLLED_BACK'
  /** The change was kept before this, so that it cannot be taken back any more. */
  | 'HOST_BRIDGE_COMMITTED'
  /** The host cannot be asked how the change ended. */
  | 'HOST_BRIDGE_UNDECIDED'
  /** libvirt refuses for a reason without a code of its own; the message has its words. */
  | 'LIBVIRT';
