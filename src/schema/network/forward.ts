import { attribute, type ElementTable, type Extra, element, many, one, optional } from '../element.js';
import { integer, ipv4, looseYes, oneOf, pciPart, text, UINT32_MAX, yesNo } from '../scalar.js';

/** A block of IPv4 addresses that outgoing traffic is given. */
export interface NatAddress {
  /** First address. */
  readonly start: string;
  /** Last address; at most 65536 addresses in all. */
  readonly end: string;
  readonly extra?: Extra;
}
export const natAddressTable: ElementTable<NatAddress> = element('address', {
  start: attribute('start', ipv4, { empty: 'value', invalid: 'NAT_ADDR_BAD', missing: 'NAT_ADDR_ATTR' }),
  end: attribute('end', ipv4, { empty: 'value', invalid: 'NAT_ADDR_BAD', missing: 'NAT_ADDR_ATTR' }),
});

/** A block of source ports that outgoing traffic is given. libvirt's own default is 1024 to 65535. */
export interface NatPort {
  /** First port, 0 to 65535. */
  readonly start: number;
  /** Last port; must be above `start`, or the network does not start. */
  readonly end: number;
  readonly extra?: Extra;
}
export const natPortTable: ElementTable<NatPort> = element('port', {
  start: attribute('start', integer(0, 65535), { invalid: 'NAT_PORT_BAD', missing: 'NAT_PORT_BAD' }),
  end: attribute('end', integer(0, 65535), { invalid: 'NAT_PORT_BAD', missing: 'NAT_PORT_BAD' }),
});

/** How addresses are translated; mode `nat` only; since libvirt 1.0.3. Source: "Connectivity" of libvirt's network format page. */
export interface Nat {
  /** True if IPv6 is translated too; since 6.5.0. Default: IPv6 is routed. */
  readonly ipv6?: boolean;
  readonly address?: NatAddress;
  readonly port?: NatPort;
  readonly extra?: Extra;
}
export const natTable: ElementTable<Nat> = element('nat', {
  ipv6: optional(attribute('ipv6', yesNo, { since: '6.5.0', empty: 'value', invalid: 'ATTR_ENUM' })),
  address: optional(one(natAddressTable, { twice: 'NAT_ADDR_TWICE' })),
  port: optional(one(natPortTable, { twice: 'NAT_PORT_TWICE' })),
});

/** A host device that traffic may leave by, or that guests attach to. */
export interface ForwardInterface {
  /** Device name. */
  readonly dev: string;
  /** Guests that use it now; reported by libvirt, ignored on input. */
  readonly connections?: number;
  readonly extra?: Extra;
}
export const forwardInterfaceTable: ElementTable<ForwardInterface> = element('interface', {
  dev: attribute('dev', text, { empty: 'value', missing: 'FWD_IF_NO_DEV' }),
  connections: optional(attribute('connections', integer(0, UINT32_MAX), { output: true })),
});

/** The physical function whose virtual functions are the pool. */
export interface PhysicalFunction {
  /** Device name. */
  readonly dev: string;
  readonly extra?: Extra;
}
export const physicalFunctionTable: ElementTable<PhysicalFunction> = element('pf', {
  dev: attribute('dev', text, { empty: 'value', missing: 'FWD_PF_NO_DEV' }),
});

/** Which host driver takes over the devices of a `hostdev` pool. */
export interface ForwardDriver {
  /** Driver backend; since 1.0.5. */
  readonly name?: 'kvm' | 'vfio' | 'xen';
  /** Kernel driver to bind; since 10.0.0. */
  readonly model?: string;
  /** True if devices are passed to guests by IOMMUFD; since 12.1.0. libvirt's own default is the classic VFIO interface. */
  readonly iommufd?: boolean;
  readonly extra?: Extra;
}
export const forwardDriverTable: ElementTable<ForwardDriver> = element('driver', {
  name: optional(
    attribute('name', oneOf('kvm', 'vfio', 'xen'), { since: '1.0.5', empty: 'value', invalid: 'FWD_DRIVER' }),
  ),
  model: optional(attribute('model', text, { since: '10.0.0', empty: 'value' })),
  iommufd: optional(attribute('iommufd', yesNo, { since: '12.1.0', empty: 'value', invalid: 'ATTR_ENUM' })),
});

/** Identifiers of a PCI function on s390. libvirt reads and drops them here. */
export interface ZpciAddress {
  /** User-defined identifier, up to 0xffff. */
  readonly uid?: number;
  /** Function identifier, up to 0xffffffff. */
  readonly fid?: number;
  readonly extra?: Extra;
}
export const zpciTable: ElementTable<ZpciAddress> = element('zpci', {
  uid: optional(attribute('uid', pciPart(UINT32_MAX, 4), { empty: 'value', invalid: 'ATTR_UINT' })),
  fid: optional(attribute('fid', pciPart(UINT32_MAX, 8), { empty: 'value', invalid: 'ATTR_UINT' })),
});

/** The PCI address of a virtual function. All parts are 0 when absent. */
export interface PciAddress {
  /** Always `pci`; libvirt knows no other kind here. */
  readonly type: 'pci';
  /** 0 to 0xffffffff. */
  readonly domain?: number;
  /** 0 to 255. */
  readonly bus?: number;
  /** 0 to 31. */
  readonly slot?: number;
  /** 0 to 7. */
  readonly function?: number;
  /** Read and dropped by libvirt. */
  readonly multifunction?: 'on' | 'off';
  /** Read and dropped by libvirt. */
  readonly zpci?: ZpciAddress;
  /** Guests that use it now; reported by libvirt, ignored on input. */
  readonly connections?: number;
  readonly extra?: Extra;
}
const pciFields = {
  domain: optional(attribute('domain', pciPart(UINT32_MAX, 4), { empty: 'value', invalid: 'ATTR_UINT' })),
  bus: optional(attribute('bus', pciPart(UINT32_MAX, 2), { empty: 'value', invalid: 'ATTR_UINT' })),
  slot: optional(attribute('slot', pciPart(UINT32_MAX, 2), { empty: 'value', invalid: 'ATTR_UINT' })),
  function: optional(attribute('function', pciPart(UINT32_MAX, 1), { empty: 'value', invalid: 'ATTR_UINT' })),
  multifunction: optional(attribute('multifunction', oneOf('on', 'off'), { empty: 'value', invalid: 'ATTR_ENUM' })),
  zpci: optional(one(zpciTable, { gathered: 'last' })),
};
export const pciAddressTable: ElementTable<PciAddress> = element('address', {
  type: attribute('type', oneOf('pci'), { empty: 'value', invalid: 'FWD_ADDR_TYPE', missing: 'FWD_ADDR_NO_TYPE' }),
  ...pciFields,
  connections: optional(attribute('connections', integer(0, UINT32_MAX), { output: true })),
});

/** A PCI address without a type, as a network port's plug has it. */
export type PlugAddress = Omit<PciAddress, 'type' | 'connections'>;
export const plugAddressTable: ElementTable<PlugAddress> = element<PlugAddress>('address', pciFields);

/** Every forward mode that libvirt 12.9 knows; a network without `<forward>` is isolated. */
export type ForwardMode = 'nat' | 'route' | 'open' | 'bridge' | 'private' | 'vepa' | 'passthrough' | 'hostdev' | 'none';

/** How the network reaches the outside; since libvirt 0.3.0. Source: "Connectivity" of libvirt's network format page. */
export interface Forward {
  /** Device that traffic leaves by: shorthand for the first of `interfaces`. */
  readonly dev?: string;
  /** Default: `nat`. `none` is the same as no `<forward>` at all. */
  readonly mode?: ForwardMode;
  /** hostdev only: whether libvirt detaches the devices from the host. Default: no. */
  readonly managed?: boolean;
  readonly driver?: ForwardDriver;
  readonly nat?: Nat;
  readonly pf?: PhysicalFunction;
  readonly interfaces?: readonly ForwardInterface[];
  readonly addresses?: readonly PciAddress[];
  readonly extra?: Extra;
}
export const forwardTable: ElementTable<Forward> = element('forward', {
  dev: optional(attribute('dev', text, { printsEmpty: true })),
  mode: optional(
    attribute('mode', oneOf('nat', 'route', 'open', 'bridge', 'private', 'vepa', 'passthrough', 'hostdev', 'none'), {
      invalid: 'FWD_MODE_UNKNOWN',
    }),
  ),
  managed: optional(attribute('managed', looseYes)),
  driver: optional(one(forwardDriverTable, { since: '1.0.5', gathered: 'first' })),
  nat: optional(one(natTable, { since: '1.0.3', twice: 'NAT_TWICE' })),
  pf: optional(one(physicalFunctionTable, { since: '0.9.10', twice: 'FWD_PF_TWICE' })),
  interfaces: optional(many(forwardInterfaceTable, { since: '0.9.4' })),
  addresses: optional(many(pciAddressTable, { since: '0.10.0' })),
});
