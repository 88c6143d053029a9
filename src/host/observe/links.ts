import { type Fields, number, object, objects, parseObjects, text, texts } from './ip-json.js';

/** An address of a device, as the kernel has it. */
export interface DeviceAddress {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefix: number;
  readonly scope: string;
  readonly broadcast?: string;
  /** Name that old tools show, such as `eno1:1`. */
  readonly label?: string;
  /** Metric of the route that comes with it. */
  readonly metric?: number;
  /** Whether its lease or its router gave it, so that it ends some day. */
  readonly dynamic: boolean;
  /** Whether no route comes with it. */
  readonly noPrefixRoute: boolean;
  /** Seconds until it ends; absent for ever. */
  readonly validS?: number;
  /** Seconds until it is deprecated; absent for ever. */
  readonly preferredS?: number;
}

/** The settings of a bridge, as the kernel has them; times in seconds. */
export interface BridgeSettings {
  readonly stp: boolean;
  readonly forwardDelay: number;
  readonly helloTime: number;
  readonly maxAge: number;
  readonly ageingTime: number;
  readonly priority: number;
  readonly vlanFiltering: boolean;
  readonly multicastSnooping: boolean;
}

/** A network device of a host. */
export interface HostDevice {
  readonly name: string;
  /**
   * `physical`, or the kernel's word for what it is: `bridge`, `bond`, `team`, `vlan`, `veth`, `macvlan`, `macvtap`,
   * `dummy`, ...; `tap` and `tun` for what programs such as qemu hold.
   */
  readonly kind: string;
  readonly mac?: string;
  readonly mtu: number;
  /** Whether it is switched on. */
  readonly up: boolean;
  /** Whether something answers at the other end of its cable. */
  readonly carrier: boolean;
  /** The bridge, bond or team that it is a port of. */
  readonly master?: string;
  /** The device below it, of VLANs, macvlan and macvtap. */
  readonly parent?: string;
  /** Note that programs leave on a device. */
  readonly alias?: string;
  /** Wireless stations cannot be ports of a bridge. */
  readonly wireless: boolean;
  readonly bridge?: BridgeSettings;
  readonly addresses: readonly DeviceAddress[];
}

/** The devices of a host, from `ip -j -d link` and `ip -j addr`. */
export function readDevices(links: string, addresses: string, wireless: readonly string[]): readonly HostDevice[] {
  const addressesOf = new Map(parseObjects(addresses).map((fields) => [text(fields, 'ifname'), readAddresses(fields)]));
  return parseObjects(links).flatMap((fields) => {
    const name = text(fields, 'ifname');
    return name === undefined ? [] : [readDevice(name, fields, addressesOf.get(name) ?? [], wireless.includes(name))];
  });
}

function readDevice(name: string, fields: Fields, addresses: readonly DeviceAddress[], wireless: boolean): HostDevice {
  const info = object(fields, 'linkinfo');
  const flags = texts(fields, 'flags');
  return {
    name,
    kind: kindOf(fields, info),
    mtu: number(fields, 'mtu') ?? 0,
    up: flags.includes('UP'),
    carrier: flags.includes('LOWER_UP'),
    wireless,
    addresses,
    ...optional('mac', text(fields, 'address')),
    ...optional('master', text(fields, 'master')),
    ...optional('parent', text(fields, 'link')),
    ...optional('alias', text(fields, 'ifalias')),
    ...(text(info, 'info_kind') === 'bridge' ? { bridge: readBridge(object(info, 'info_data')) } : {}),
  };
}

/** A property that may not be there, to be spread into an object. */
export const optional = <K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } =>
  // A computed name has the type string for the compiler, whatever its own type is.
  value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: V });

function kindOf(fields: Fields, info: Fields): string {
  const kind = text(info, 'info_kind');
  if (kind === 'tun') return text(object(info, 'info_data'), 'type') ?? 'tun';
  if (kind !== undefined) return kind;
  return text(fields, 'link_type') === 'ether' ? 'physical' : (text(fields, 'link_type') ?? 'unknown');
}

/** The kernel counts in hundredths of a second. */
function readBridge(data: Fields): BridgeSettings {
  const seconds = (name: string): number => (number(data, name) ?? 0) / 100;
  return {
    stp: (number(data, 'stp_state') ?? 0) !== 0,
    forwardDelay: seconds('forward_delay'),
    helloTime: seconds('hello_time'),
    maxAge: seconds('max_age'),
    ageingTime: seconds('ageing_time'),
    priority: number(data, 'priority') ?? 0,
    vlanFiltering: number(data, 'vlan_filtering') === 1,
    multicastSnooping: number(data, 'mcast_snooping') === 1,
  };
}

const readAddresses = (fields: Fields): readonly DeviceAddress[] =>
  objects(fields['addr_info']).flatMap((info) => {
    const address = text(info, 'local');
    return address === undefined ? [] : [readAddress(address, info)];
  });

/** What the kernel prints for "for ever". */
const FOREVER = 4_294_967_295;

const readAddress = (address: string, info: Fields): DeviceAddress => ({
  family: text(info, 'family') === 'inet6' ? 'ipv6' : 'ipv4',
  address,
  prefix: number(info, 'prefixlen') ?? 0,
  scope: text(info, 'scope') ?? 'global',
  dynamic: info['dynamic'] === true,
  noPrefixRoute: info['noprefixroute'] === true,
  ...optional('broadcast', text(info, 'broadcast')),
  ...optional('label', text(info, 'label')),
  ...optional('metric', number(info, 'metric')),
  ...optional('validS', lifetime(info, 'valid_life_time')),
  ...optional('preferredS', lifetime(info, 'preferred_life_time')),
});

const lifetime = (info: Fields, name: string): number | undefined => {
  const value = number(info, name);
  return value === FOREVER ? undefined : value;
};
