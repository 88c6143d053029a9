import { attribute, type ElementTable, type Extra, element, type FieldFacts, many, one, optional } from '../element.js';
import {
  caselessYesNo,
  integer,
  looseYes,
  oneOf,
  text,
  UINT32_MAX,
  type Uint64,
  uint64,
  uuid,
  wrappingCUint32,
  yesNo,
} from '../scalar.js';

/** Traffic limits of one direction. Source: "Quality of service" of libvirt's network format page. */
export interface BandwidthLimit {
  /** Average rate in KiB/s. Required by libvirt unless `floor` is given. */
  readonly average?: Uint64;
  /** Highest rate in KiB/s, for bursts. */
  readonly peak?: Uint64;
  /** Guaranteed rate in KiB/s; only legal for a guest's port, never in a network. */
  readonly floor?: Uint64;
  /** Amount in KiB that may be sent at peak rate. */
  readonly burst?: Uint64;
  readonly extra?: Extra;
}
const limitFields = {
  average: optional(attribute('average', uint64, { empty: 'value', invalid: 'BW_NUMBER' })),
  peak: optional(attribute('peak', uint64, { empty: 'value', invalid: 'BW_NUMBER' })),
  floor: optional(attribute('floor', uint64, { empty: 'value', invalid: 'BW_NUMBER' })),
  burst: optional(attribute('burst', uint64, { empty: 'value', invalid: 'BW_NUMBER' })),
};
export const inboundTable: ElementTable<BandwidthLimit> = element('inbound', limitFields);
export const outboundTable: ElementTable<BandwidthLimit> = element('outbound', limitFields);

/** Traffic shaping; since libvirt 0.9.4. Source: "Quality of service" of libvirt's network format page. */
export interface Bandwidth {
  /** Traffic class of a guest's port. Only legal in `<networkport>`. */
  readonly classID?: number;
  /** Traffic that comes from the guests' point of view: into them. */
  readonly inbound?: BandwidthLimit;
  /** Traffic out of the guests. */
  readonly outbound?: BandwidthLimit;
  readonly extra?: Extra;
}
export const bandwidthTable: ElementTable<Bandwidth> = element(
  'bandwidth',
  {
    classID: optional(attribute('classID', integer(0, 0xffff_ffff), { empty: 'value', invalid: 'BW_CLASSID' })),
    inbound: optional(one(inboundTable, { twice: 'BW_DUPLICATE' })),
    outbound: optional(one(outboundTable, { twice: 'BW_DUPLICATE' })),
  },
  { anyNamespace: true, alwaysOpen: true },
);

/** A VLAN tag. */
export interface VlanTag {
  /** VLAN id, 0 to 4095. */
  readonly id: number;
  /** Makes this the native VLAN of the port and says whether its frames leave tagged; since 1.1.0. */
  readonly nativeMode?: 'tagged' | 'untagged';
  readonly extra?: Extra;
}
export const vlanTagTable: ElementTable<VlanTag> = element('tag', {
  // libvirt reads any 32-bit number here and then has a rule of its own for the limit of 4095.
  id: attribute('id', integer(0, 0xffff_ffff), { empty: 'value', invalid: 'ATTR_UINT' }),
  nativeMode: optional(
    attribute('nativeMode', oneOf('tagged', 'untagged'), { since: '1.1.0', empty: 'value', invalid: 'ATTR_ENUM' }),
  ),
});

/** VLAN tags of the guests' ports; since libvirt 0.10.2. Source: "Setting VLAN tag" of libvirt's network format page. */
export interface Vlan {
  /** True if the port is a trunk. Default: true when there is more than one tag. */
  readonly trunk?: boolean;
  /** At least one tag. */
  readonly tags: readonly VlanTag[];
  readonly extra?: Extra;
}
export const vlanTable: ElementTable<Vlan> = element('vlan', {
  trunk: optional(attribute('trunk', caselessYesNo, { invalid: 'VLAN_TRUNK_VALUE' })),
  tags: many(vlanTagTable, { missing: 'VLAN_NO_TAG' }),
});

/** Parameters of a virtual port; which ones are legal depends on its type. */
export interface VirtualPortParameters {
  /** 802.1Qbg: VSI manager id, 0 to 255. */
  readonly managerid?: number;
  /** 802.1Qbg: VSI type id, 0 to 16777215. */
  readonly typeid?: number;
  /** 802.1Qbg: VSI type version, 0 to 255. */
  readonly typeidversion?: number;
  /** 802.1Qbg: VSI instance as a uuid. */
  readonly instanceid?: string;
  /** Open vSwitch and midonet: interface id as a uuid. */
  readonly interfaceid?: string;
  /** 802.1Qbh and Open vSwitch: port profile, at most 39 bytes. */
  readonly profileid?: string;
  readonly extra?: Extra;
}
/** The release is assumed: 11.3 reads these numbers as C writes them, 12.8 in decimal digits only. */
const identifier: FieldFacts = {
  empty: 'value',
  invalid: 'VPORT_PARSE',
  readSince: { release: '12.0.0', scalar: integer(0, UINT32_MAX) },
};
export const virtualPortParametersTable: ElementTable<VirtualPortParameters> = element('parameters', {
  managerid: optional(attribute('managerid', wrappingCUint32, identifier)),
  typeid: optional(attribute('typeid', wrappingCUint32, identifier)),
  typeidversion: optional(attribute('typeidversion', wrappingCUint32, identifier)),
  instanceid: optional(attribute('instanceid', uuid, { empty: 'value', invalid: 'VPORT_UUID' })),
  interfaceid: optional(attribute('interfaceid', uuid, { empty: 'value', invalid: 'VPORT_UUID' })),
  profileid: optional(attribute('profileid', text)),
});

/** How a guest's port is set up on a switch; since libvirt 0.9.4. Source: "Setting virtual port" of libvirt's network format page. */
export interface VirtualPort {
  /** Kind of switch. Required for a network, optional in a port group. */
  readonly type?: '802.1Qbg' | '802.1Qbh' | 'openvswitch' | 'midonet';
  readonly parameters?: VirtualPortParameters;
  readonly extra?: Extra;
}
export const virtualPortTable: ElementTable<VirtualPort> = element(
  'virtualport',
  {
    type: optional(
      attribute('type', oneOf('802.1Qbg', '802.1Qbh', 'openvswitch', 'midonet'), {
        empty: 'value',
        invalid: 'VPORT_TYPE_UNKNOWN',
      }),
    ),
    parameters: optional(one(virtualPortParametersTable)),
  },
  { anyNamespace: true },
);

/** Options of the guests' bridge ports; since libvirt 6.1.0. */
export interface PortOptions {
  /** Isolated ports cannot talk to each other. Linux bridges only. */
  readonly isolated?: boolean;
  readonly extra?: Extra;
}
export const portOptionsTable: ElementTable<PortOptions> = element('port', {
  isolated: optional(attribute('isolated', yesNo, { empty: 'value', invalid: 'ATTR_ENUM' })),
});

/** A class of ports that guests can ask for by name; since libvirt 0.9.4. Source: "Portgroups" of libvirt's network format page. */
export interface PortGroup {
  /** Unique name. */
  readonly name: string;
  /** True if guests that name no group get this one. At most one group of a network. */
  readonly default?: boolean;
  /** True if guests may change their MAC and multicast filters; since 1.2.10. */
  readonly trustGuestRxFilters?: boolean;
  readonly vlan?: Vlan;
  readonly virtualport?: VirtualPort;
  readonly bandwidth?: Bandwidth;
  readonly extra?: Extra;
}
export const portGroupTable: ElementTable<PortGroup> = element(
  'portgroup',
  {
    name: attribute('name', text, { missing: 'PG_NO_NAME' }),
    default: optional(attribute('default', looseYes)),
    trustGuestRxFilters: optional(
      attribute('trustGuestRxFilters', yesNo, { since: '1.2.10', empty: 'value', invalid: 'ATTR_ENUM' }),
    ),
    vlan: optional(one(vlanTable, { since: '0.10.2' })),
    virtualport: optional(one(virtualPortTable)),
    bandwidth: optional(one(bandwidthTable)),
  },
  { alwaysOpen: true },
);
