import type { ErrorCode } from './codes.js';

/** An error of libvirt, recognised by the words before its detail. */
export interface LibvirtErrorKind {
  /** Number in libvirt's `virErrorNumber`. */
  readonly number: number;
  /** Name in `virErrorNumber`, without `VIR_ERR_`. */
  readonly name: string;
  /** The words before the detail; the same in all releases, in English. */
  readonly prefix: string;
  /** The whole message when there is no detail; absent where there always is one. */
  readonly bare?: string;
  /** The code, unless a {@link LibvirtErrorDetail} is more specific. */
  readonly code: ErrorCode;
}

const kind = (number: number, name: string, prefix: string, code: ErrorCode = 'LIBVIRT', bare?: string) =>
  bare === undefined ? { number, name, prefix, code } : { number, name, prefix, code, bare };

/**
 * libvirt's errors with their prefixes. virsh prints these words and never the number. XML_DETAIL (35),
 * SYSTEM_ERROR (38) and RPC (39) have no prefix, so they are known by their details alone.
 */
export const LIBVIRT_ERRORS: readonly LibvirtErrorKind[] = [
  kind(1, 'INTERNAL_ERROR', 'internal error: '),
  kind(3, 'NO_SUPPORT', 'this function is not supported by the connection driver: ', 'UNSUPPORTED'),
  kind(5, 'NO_CONNECT', 'no connection driver available for ', 'CONNECTION_FAILED'),
  kind(6, 'INVALID_CONN', 'invalid connection pointer in '),
  kind(8, 'INVALID_ARG', 'invalid argument: '),
  kind(9, 'OPERATION_FAILED', 'operation failed: '),
  kind(21, 'NO_NAME', 'missing name information in ', 'LIBVIRT', 'missing name information'),
  kind(27, 'XML_ERROR', 'XML error: ', 'LIBVIRT', 'XML description is invalid or not well formed'),
  kind(29, 'OPERATION_DENIED', 'operation forbidden: ', 'ACCESS_DENIED'),
  kind(36, 'INVALID_NETWORK', 'invalid network pointer in '),
  kind(42, 'NO_DOMAIN', 'Domain not found: ', 'GUEST_NOT_FOUND', 'Domain not found'),
  kind(43, 'NO_NETWORK', 'Network not found: ', 'NETWORK_NOT_FOUND'),
  kind(44, 'INVALID_MAC', 'invalid MAC address: ', 'INVALID_ARGUMENT'),
  kind(45, 'AUTH_FAILED', 'authentication failed: ', 'ACCESS_DENIED', 'authentication failed'),
  kind(55, 'OPERATION_INVALID', 'Requested operation is not valid: ', 'LIBVIRT', 'Requested operation is not valid'),
  kind(57, 'NO_INTERFACE', 'Interface not found: ', 'NOT_FOUND', 'Interface not found'),
  kind(59, 'MULTIPLE_INTERFACES', 'multiple matching interfaces found: '),
  kind(62, 'NO_NWFILTER', 'Network filter not found: ', 'FILTER_NOT_FOUND', 'Network filter not found'),
  kind(67, 'CONFIG_UNSUPPORTED', 'unsupported configuration: '),
  kind(68, 'OPERATION_TIMEOUT', 'Timed out during operation: ', 'LIBVIRT', 'Timed out during operation'),
  kind(70, 'HOOK_SCRIPT_FAILED', 'Hook script execution failed: ', 'LIBVIRT', 'Hook script execution failed'),
  kind(78, 'OPERATION_ABORTED', 'operation aborted: ', 'LIBVIRT', 'operation aborted'),
  kind(79, 'AUTH_CANCELLED', 'authentication cancelled: ', 'ACCESS_DENIED', 'authentication cancelled'),
  kind(82, 'OVERFLOW', 'numerical overflow: ', 'LIBVIRT', 'numerical overflow'),
  kind(84, 'OPERATION_UNSUPPORTED', 'Operation not supported: ', 'UNSUPPORTED', 'Operation not supported'),
  kind(85, 'SSH', 'SSH transport error: ', 'SSH_FAILED', 'SSH transport error'),
  kind(87, 'RESOURCE_BUSY', 'resource busy: ', 'LIBVIRT', 'resource busy'),
  kind(88, 'ACCESS_DENIED', 'access denied: ', 'ACCESS_DENIED', 'access denied'),
  kind(89, 'DBUS_SERVICE', 'error from service: ', 'LIBVIRT', 'error from service'),
  kind(86, 'AGENT_UNRESPONSIVE', 'Guest agent is not responding: ', 'AGENT_MISSING', 'Guest agent is not responding'),
  kind(92, 'XML_INVALID_SCHEMA', 'XML document failed to validate against schema: '),
  kind(94, 'AUTH_UNAVAILABLE', 'authentication unavailable: ', 'ACCESS_DENIED', 'authentication unavailable'),
  kind(98, 'LIBSSH', 'libssh transport error: ', 'SSH_FAILED', 'libssh transport error'),
  kind(99, 'DEVICE_MISSING', 'device not found: ', 'NIC_NOT_FOUND', 'device not found'),
  kind(
    101,
    'NO_NWFILTER_BINDING',
    'Network filter binding not found: ',
    'NOT_FOUND',
    'Network filter binding not found',
  ),
  kind(105, 'INVALID_NETWORK_PORT', 'Invalid network port pointer: ', 'LIBVIRT', 'Invalid network port pointer'),
  kind(107, 'NO_NETWORK_PORT', 'network port not found: ', 'NOT_FOUND', 'network port not found'),
  kind(111, 'NO_NETWORK_METADATA', 'metadata not found: ', 'NOT_FOUND', 'metadata not found'),
];

/** The meaning of a detail of one of libvirt's errors. */
export interface LibvirtErrorDetail {
  /** The error's number; absent for the words of libvirt's client, of virsh and of the programs around it. */
  readonly number?: number;
  /** The whole detail, or the whole message where there is no prefix. Anchored: names in a message are anybody's text. */
  readonly detail: RegExp;
  /** The code. */
  readonly code: ErrorCode;
}

/** A name or value in a message, which may hold anything, line breaks too. */
const on = (number: number | undefined, code: ErrorCode, ...details: readonly RegExp[]): LibvirtErrorDetail[] =>
  details.map((detail) => (number === undefined ? { detail, code } : { number, detail, code }));

/** Details that have a code of their own, most specific first. */
export const LIBVIRT_ERROR_DETAILS: readonly LibvirtErrorDetail[] = [
  // What a network's state forbids.
  ...on(
    55,
    'NETWORK_ACTIVE',
    /^network is already active(?: as '.*')?$/s,
    /^Network '.*' is (?:already|still) running$/s,
  ),
  ...on(55, 'NETWORK_INACTIVE', /^network '.*' is not active$/s, /^network is not running$/),
  ...on(
    55,
    'NETWORK_TRANSIENT',
    /^(?:can't undefine|cannot set autostart for) transient network$/,
    /^cannot change persistent config of a transient network$/,
  ),
  ...on(
    9,
    'NETWORK_EXISTS',
    /^network '.*' already exists with uuid \S+$/s,
    /^network '.*' is already defined with uuid \S+$/s,
  ),

  // What the state of a guest forbids, and what hot plug refuses.
  ...on(55, 'GUEST_INACTIVE', /^domain is not running$/),
  ...on(55, 'GUEST_TRANSIENT', /^transient domains do not have any persistent config$/),
  ...on(9, 'NIC_AMBIGUOUS', /^multiple (?:matching )?devices (?:matching MAC address .* )?found$/),
  ...on(1, 'NO_FREE_SLOT', /^No more available PCI slots$/),
  ...on(undefined, 'AGENT_MISSING', /^argument unsupported: QEMU guest agent is not configured$/),
  ...on(
    84,
    'UPDATE_REFUSED',
    /^cannot (?:modify|change) (?:virtio )?(?:config|network) .*/,
    /^cannot modify MTU$/,
    /^unable to change config on '.*' network type$/,
  ),

  // What filters of guests' traffic refuse.
  ...on(
    9,
    'FILTER_EXISTS',
    /^filter '.*' already exists with uuid \S+$/s,
    /^filter with same UUID but different name \('.*'\) already exists$/s,
  ),
  ...on(9, 'BINDING_EXISTS', /^binding '.*' already exists$/s),
  ...on(9, 'INVALID_ARGUMENT', /^filter would introduce a loop$/),
  ...on(55, 'FILTER_IN_USE', /^nwfilter is in use$/),

  // What net-update refuses.
  ...on(
    55,
    'UPDATE_REFUSED',
    /^there is an existing .* in network '.*'/s,
    /^there is already (?:at least one DNS|a DNS TXT record) /,
    /^couldn't (?:locate|find|update) (?:a|an|dhcp) .* in network /s,
    /^couldn't locate an existing dhcp host entry /,
    /^multiple (?:matching )?DNS .* were found in network /s,
    /^a different portgroup entry in network /,
    /^dhcp is supported only for a single IPv[46] address on each network$/,
    /^the address family of a .* must match the address family of the dhcp element's parent$/,
    /^unable to delete interface '.*' in network /s,
    /^missing value of modifying DNS TXT record in network /,
  ),
  ...on(84, 'UPDATE_REFUSED', /^can't update '.*' section of network /, / cannot be modified, only added or deleted$/),

  // What would begin a new line in the configuration of dnsmasq.
  ...on(undefined, 'INVALID_ARGUMENT', /^invalid line break in DNS (?:TXT|SRV) record \w+ attribute$/),
  ...on(67, 'INVALID_ARGUMENT', /^(?:DNS \w+ record \w+|Field '.*' value '.*') must not contain line breaks$/s),

  // What the host refuses when a network starts.
  ...on(1, 'BRIDGE_IN_USE', /^bridge name '.*' already in use\.$/s),
  ...on(undefined, 'BRIDGE_EXISTS', /^error creating bridge interface .*: File exists$/s),
  ...on(undefined, 'BRIDGE_NAME_TOO_LONG', /^error creating bridge interface .*: Numerical result out of range$/s),
  ...on(undefined, 'SESSION_DAEMON', /^error creating bridge interface .*: Operation not permitted$/s),
  ...on(3, 'SESSION_DAEMON', /No firewall backend is available$/),
  ...on(
    1,
    'SUBNET_IN_USE',
    /^Network is already in use by interface \S+$/,
    /^Route address '.*' conflicts with IP address for '.*'$/,
  ),
  ...on(
    1,
    'ACCEPT_RA',
    /^Check the host setup: interface \S+ has kernel autoconfigured IPv6 routes and enabling forwarding/,
  ),
  ...on(
    1,
    'DNSMASQ_PORT_IN_USE',
    /^Child process \([^)]*dnsmasq .* unexpected exit status \d+: .*Address already in use\s*$/s,
  ),
  ...on(1, 'DNSMASQ_FAILED', /^Child process \([^)]*dnsmasq .* unexpected exit status \d+: /s),
  ...on(
    1,
    'FIREWALLD_ZONE_MISSING',
    /^zone .* requested for network .* but firewalld is not active$/s,
    /^firewalld can't find the 'libvirt' zone/,
  ),
  ...on(89, 'FIREWALLD_ZONE_MISSING', /INVALID_ZONE/),
  ...on(
    1,
    'FIREWALL_FAILED',
    /^Failed to (?:apply|run) firewall (?:rules|command) /,
    /^Child process \(tc .*\) unexpected exit status \d+: /s,
  ),

  // What stands between us and the daemon.
  ...on(45, 'LOGIN_FAILED', /^authentication failed$/),
  ...on(45, 'CERTIFICATE_FAILED', /^Failed to verify peer's certificate$/),
  ...on(
    undefined,
    'CERTIFICATE_FAILED',
    /^Unable to read TLS confirmation: /,
    /^Our own certificate .* failed validation against .*: /s,
    /^The (?:client|CA) certificate .* has expired$/s,
    /^Cannot read CA certificate '.*': /s,
    /^CA certificate '.*' does not exist: /s,
  ),
  ...on(
    undefined,
    'TOOL_MISSING',
    /^Cannot find '.*' in path: No such file or directory$/s,
    /^Cannot recv data: libvirt: +error : cannot execute binary .*: No such file or directory: Connection reset by peer$/s,
  ),
  ...on(1, 'CONNECTION_FAILED', /^client socket is closed$/),
  ...on(29, 'READ_ONLY', /^read only access prevents \w+$/),
  ...on(undefined, 'SOCKET_MISSING', /^Failed to connect socket to '.*': No such file or directory$/s),
  ...on(undefined, 'ACCESS_DENIED', /^Failed to connect socket to '.*': Permission denied$/s),
  ...on(
    undefined,
    'ACCESS_DENIED',
    /^sudo: .*(?:password is required|not allowed to (?:run|execute)|not in the sudoers)/s,
  ),
  // What stands between these words is what the program said that was to reach the daemon: ssh, mostly.
  ...on(
    undefined,
    'SOCKET_MISSING',
    /^Cannot recv data: nc: .*: No such file or directory.*: Connection reset by peer$/s,
    /^End of file while reading data: virt-ssh-helper: .*: No such file or directory: Input\/output error$/s,
  ),
  ...on(
    undefined,
    'SSH_FAILED',
    /^Cannot recv data: .+: Connection reset by peer$/s,
    /^End of file while reading data: .+: Input\/output error$/s,
  ),
  ...on(
    undefined,
    'CONNECTION_FAILED',
    /^Failed to connect socket to '.*': /s,
    /^unable to connect to server at '.*': /s,
    /^Cannot (?:recv|read|write|send) data: /,
    /^End of file while reading data: /,
    /^Disconnected from .* due to /s,
    /^failed to connect to the hypervisor$/,
  ),

  // What virsh itself cannot do.
  ...on(
    undefined,
    'CLIENT_TOO_OLD',
    /^unknown command: '.*'$/s,
    /^command '.*' doesn't support option /,
    /^unknown event type /,
  ),
  ...on(1, 'UNSUPPORTED', /^unsupported network event ID \d+$/),
  ...on(undefined, 'UNSUPPORTED', /^unknown procedure: \d+$/, /^unsupported flags \(0x[0-9a-f]+\) in function \w+$/),
  ...on(undefined, 'GUEST_NOT_FOUND', /^failed to get domain '.*'$/s),
  ...on(undefined, 'NETWORK_NOT_FOUND', /^failed to get network '.*'$/s),
  ...on(undefined, 'NOT_FOUND', /^failed to get (?:network port|interface) '.*'$/s),
  ...on(undefined, 'INVALID_ARGUMENT', /^Failed to read file '.*': Value too large for defined data type$/s),
];
