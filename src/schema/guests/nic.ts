import { attribute, type ElementTable, type Extra, element, type Field, many, one, optional } from '../element.js';
import { type Route, routeTable } from '../network/ip.js';
import {
  type Bandwidth,
  bandwidthTable,
  type PortOptions,
  portOptionsTable,
  type VirtualPort,
  type Vlan,
  virtualPortTable,
  vlanTable,
} from '../network/ports.js';
import { oneOf, yesNo } from '../scalar.js';
import { type NicIp, type NicPortForward, nicIpTable, nicPortForwardTable } from './addresses.js';
import {
  type NicAcpi,
  type NicAddress,
  type NicAlias,
  type NicBoot,
  type NicGuestDevice,
  type NicMac,
  type NicModel,
  type NicRom,
  type NicTeaming,
  nicAcpiTable,
  nicAddressTable,
  nicAliasTable,
  nicBootTable,
  nicGuestDeviceTable,
  nicMacTable,
  nicModelTable,
  nicRomTable,
  nicTeamingTable,
  WORD,
} from './card.js';
import {
  type HostdevNicDriver,
  type NicBackend,
  type NicDriver,
  type NicTune,
  nicBackendTable,
  nicDriverTable,
  nicTuneTable,
} from './driver.js';
import {
  type NicBackendDomain,
  type NicCoalesce,
  type NicFilter,
  type NicLink,
  type NicMtu,
  type NicScript,
  type NicTarget,
  nicBackendDomainTable,
  nicCoalesceTable,
  nicDownscriptTable,
  nicFilterTable,
  nicLinkTable,
  nicMtuTable,
  nicScriptTable,
  nicTargetTable,
} from './host-end.js';
import { type NetworkNicSource, networkNicSourceTable } from './network-source.js';
import type {
  BridgeNicSource,
  DirectNicSource,
  EthernetNicSource,
  HostdevNicSource,
  InternalNicSource,
  ServerNicSource,
  SocketNicSource,
  UdpNicSource,
  UserNicSource,
  VdpaNicSource,
  VdsNicSource,
  VhostUserNicSource,
} from './sources.js';

/** Parts of `<interface>` that every type may have. Source: "Network interfaces" of libvirt's domain format page. */
export interface NicParts {
  /** Lets the guest change its MAC address and multicast filters, which macvtap then follows; since libvirt 1.2.10. */
  readonly trustGuestRxFilters?: boolean;
  readonly mac?: NicMac;
  readonly vlan?: Vlan;
  readonly virtualport?: VirtualPort;
  readonly bandwidth?: Bandwidth;
  readonly port?: PortOptions;
  /** Addresses of the guest; QEMU takes them with type `user` only. */
  readonly ips?: readonly NicIp[];
  /** Routes of the guest; QEMU refuses them, but for a default route with passt since 12.2.0. */
  readonly routes?: readonly Route[];
  readonly portForwards?: readonly NicPortForward[];
  readonly script?: NicScript;
  readonly downscript?: NicScript;
  readonly backenddomain?: NicBackendDomain;
  readonly target?: NicTarget;
  readonly guest?: NicGuestDevice;
  readonly model?: NicModel;
  readonly backend?: NicBackend;
  readonly tune?: NicTune;
  readonly teaming?: NicTeaming;
  readonly link?: NicLink;
  readonly mtu?: NicMtu;
  readonly coalesce?: NicCoalesce;
  readonly boot?: NicBoot;
  readonly alias?: NicAlias;
  readonly rom?: NicRom;
  readonly acpi?: NicAcpi;
  readonly address?: NicAddress;
  readonly extra?: Extra;
}

/** Parts that types other than `hostdev` may have. */
export interface EmulatedNicParts extends NicParts {
  readonly driver?: NicDriver;
}

/** Parts of types whose packets a filter can see. */
export interface FilteredNicParts extends EmulatedNicParts {
  readonly filterref?: NicFilter;
}

/** `<interface type='network'>`: a network of libvirt. */
export interface NetworkNicDocument extends FilteredNicParts {
  readonly type: 'network';
  readonly source: NetworkNicSource;
}
/** `<interface type='bridge'>`: a bridge of the host. */
export interface BridgeNicDocument extends FilteredNicParts {
  readonly type: 'bridge';
  readonly source: BridgeNicSource;
}
/** `<interface type='direct'>`: a device of the host over macvtap; since libvirt 0.7.7. */
export interface DirectNicDocument extends EmulatedNicParts {
  readonly type: 'direct';
  readonly source: DirectNicSource;
}
/** `<interface type='ethernet'>`: a tap that something else connects. */
export interface EthernetNicDocument extends FilteredNicParts {
  readonly type: 'ethernet';
  readonly source?: EthernetNicSource;
}
/** `<interface type='user'>`: connections of the guest are made by QEMU (slirp) or passt as a user of the host. */
export interface UserNicDocument extends EmulatedNicParts {
  /** libvirt's own default. */
  readonly type?: 'user';
  readonly source?: UserNicSource;
}
/** `<interface type='vhostuser'>`: a switch in another program; since libvirt 1.2.7. */
export interface VhostUserNicDocument extends EmulatedNicParts {
  readonly type: 'vhostuser';
  readonly source?: VhostUserNicSource;
}
/** `<interface type='vdpa'>`: a vDPA device; since libvirt 6.9.0. */
export interface VdpaNicDocument extends EmulatedNicParts {
  readonly type: 'vdpa';
  readonly source: VdpaNicSource;
}
/** `<interface type='hostdev'>`: a device of the host for the guest alone; since libvirt 0.9.11. */
export interface HostdevNicDocument extends NicParts {
  readonly type: 'hostdev';
  /** True if libvirt takes the device from the host and gives it back. Default: false. */
  readonly managed?: boolean;
  readonly driver?: HostdevNicDriver;
  readonly source: HostdevNicSource;
}
/** `<interface type='internal'>`: a network inside of the hypervisor. */
export interface InternalNicDocument extends EmulatedNicParts {
  readonly type: 'internal';
  readonly source: InternalNicSource;
}
/** `<interface type='udp'>`: a tunnel over UDP; since libvirt 1.2.20. */
export interface UdpNicDocument extends EmulatedNicParts {
  readonly type: 'udp';
  readonly source: UdpNicSource;
}
/** `<interface type='server'>`: listens for a NIC of type `client`. */
export interface ServerNicDocument extends EmulatedNicParts {
  readonly type: 'server';
  readonly source: ServerNicSource;
}
/** `<interface type='client'>`: connects to a NIC of type `server`. */
export interface ClientNicDocument extends EmulatedNicParts {
  readonly type: 'client';
  readonly source: SocketNicSource;
}
/** `<interface type='mcast'>`: all NICs of one multicast address and port. */
export interface MulticastNicDocument extends EmulatedNicParts {
  readonly type: 'mcast';
  readonly source: SocketNicSource;
}
/** `<interface type='null'>`: a card without a cable; QEMU starts no guest with it; since libvirt 8.7.0. */
export interface NullNicDocument extends EmulatedNicParts {
  readonly type: 'null';
}
/** `<interface type='vds'>`: a VMware distributed switch; QEMU starts no guest with it; since libvirt 8.7.0. */
export interface VdsNicDocument extends EmulatedNicParts {
  readonly type: 'vds';
  readonly source: VdsNicSource;
}

/** `<interface>` of a type that is newer than this library; the type and the source are in `extra`. */
export interface OtherNicDocument extends EmulatedNicParts {
  readonly type?: 'other';
}

/** `<interface>` of a domain of any type. */
export type NicDocument =
  | NetworkNicDocument
  | BridgeNicDocument
  | DirectNicDocument
  | EthernetNicDocument
  | UserNicDocument
  | VhostUserNicDocument
  | VdpaNicDocument
  | HostdevNicDocument
  | InternalNicDocument
  | UdpNicDocument
  | ServerNicDocument
  | ClientNicDocument
  | MulticastNicDocument
  | NullNicDocument
  | VdsNicDocument
  | OtherNicDocument;

/** The types of `<interface>`. */
export type NicKind = NonNullable<NicDocument['type']>;

/** Attributes of every type. */
export const ATTRIBUTES = {
  trustGuestRxFilters: optional(attribute('trustGuestRxFilters', yesNo, { ...WORD, since: '1.2.10' })),
};

/** What stands between `<source>` and `<driver>`, in libvirt's order. */
export const FIRST = {
  vlan: optional(one(vlanTable)),
  virtualport: optional(one(virtualPortTable)),
  bandwidth: optional(one(bandwidthTable)),
  port: optional(one(portOptionsTable, { since: '6.1.0' })),
  ips: optional(many(nicIpTable)),
  routes: optional(many(routeTable)),
  portForwards: optional(many(nicPortForwardTable, { since: '9.0.0' })),
  script: optional(one(nicScriptTable)),
  downscript: optional(one(nicDownscriptTable, { since: '6.4.0' })),
  backenddomain: optional(one(nicBackendDomainTable)),
  target: optional(one(nicTargetTable)),
  guest: optional(one(nicGuestDeviceTable)),
  model: optional(one(nicModelTable)),
};

const DRIVER = { driver: optional(one(nicDriverTable)) };
const FILTER = { filterref: optional(one(nicFilterTable)) };
/** What stands between the NIC and the host. */
export const BACKEND = { backend: optional(one(nicBackendTable)) };

/** What stands after `<filterref>`. */
export const LAST = {
  tune: optional(one(nicTuneTable)),
  teaming: optional(one(nicTeamingTable, { since: '6.1.0' })),
  link: optional(one(nicLinkTable)),
  mtu: optional(one(nicMtuTable, { since: '3.1.0' })),
  coalesce: optional(one(nicCoalesceTable, { since: '3.3.0' })),
  boot: optional(one(nicBootTable)),
  alias: optional(one(nicAliasTable)),
  rom: optional(one(nicRomTable)),
  acpi: optional(one(nicAcpiTable, { since: '7.3.0' })),
  address: optional(one(nicAddressTable)),
};

/** The MAC address, which every type has. */
export const MAC = { mac: optional(one(nicMacTable)) };
/** Parts of types that QEMU emulates, after the source. */
export const EMULATED = { ...FIRST, ...DRIVER, ...BACKEND, ...LAST };
/** The same with the filter of the packets. */
export const FILTERED = { ...FIRST, ...DRIVER, ...BACKEND, ...FILTER, ...LAST };

/** Helps to declare the tables. */
export const typed = /* @__NO_SIDE_EFFECTS__ */ <const T extends string>(
  type: T,
): { readonly type: Field<T, 'required'> } => ({
  type: attribute('type', oneOf(type), WORD),
});
/** Helps to declare the tables. */
export const sourced = /* @__NO_SIDE_EFFECTS__ */ <T>(
  table: ElementTable<T>,
): { readonly source: Field<T, 'required'> } => ({
  source: one(table, { missing: 'ELEMENT_REQUIRED' }),
});
/** Helps to declare the tables. */
export const maybeSourced = /* @__NO_SIDE_EFFECTS__ */ <T>(
  table: ElementTable<T>,
): { readonly source: Field<T, 'optional'> } => ({ source: optional(one(table)) });

/** The tag of every table. */
export const TAG = 'interface';

export const networkNicTable: ElementTable<NetworkNicDocument> = element(TAG, {
  ...typed('network'),
  ...ATTRIBUTES,
  ...MAC,
  ...sourced(networkNicSourceTable),
  ...FILTERED,
});
