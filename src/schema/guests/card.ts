import { attribute, type ElementTable, type Extra, element, type FieldFacts, one, optional } from '../element.js';
import { type ZpciAddress, zpciTable } from '../network/forward.js';
import { mac, oneOf, onOff, pciPart, text, UINT32_MAX, yesNo } from '../scalar.js';
import { busNumber, capitals, modelName, positive, uint32 } from './scalars.js';

/** Facts of attributes with a closed set of words, of which an empty text is none. */
export const WORD: FieldFacts = { empty: 'value', invalid: 'ATTR_ENUM' };
/** Facts of numbers, of which an empty text is none. */
export const NUMBER: FieldFacts = { empty: 'value', invalid: 'ATTR_UINT' };

/** The MAC address of a guest's NIC. */
export interface NicMac {
  /** Unicast address. Default: libvirt makes one, `52:54:00:...`, when the guest is defined. */
  readonly address?: string;
  /** Says on ESX whether the address was generated; since libvirt 6.6.0. */
  readonly type?: 'generated' | 'static';
  /** Says on ESX whether the address is checked; since libvirt 6.6.0. */
  readonly check?: boolean;
  /** Address that the guest gave itself; reported by libvirt since 11.2.0, ignored on input. */
  readonly currentAddress?: string;
  readonly extra?: Extra;
}
export const nicMacTable: ElementTable<NicMac> = element('mac', {
  address: optional(attribute('address', mac, { empty: 'value', invalid: 'MAC_INVALID' })),
  type: optional(attribute('type', oneOf('generated', 'static'), { ...WORD, since: '6.6.0' })),
  check: optional(attribute('check', yesNo, { ...WORD, since: '6.6.0' })),
  currentAddress: optional(attribute('currentAddress', mac, { output: true })),
});

/** The card that a guest sees. */
export interface NicModel {
  /** Such as `virtio`, `e1000e` or `rtl8139`. Default: by the guest's machine, `rtl8139` on most. */
  readonly type?: string;
  readonly extra?: Extra;
}
export const nicModelTable: ElementTable<NicModel> = element('model', {
  type: optional(attribute('type', modelName)),
});

/** Name that a container sees; LXC only, kept by QEMU; since libvirt 1.2.7. */
export interface NicGuestDevice {
  /** Name of the device in the container. */
  readonly dev?: string;
  /** Name that it really has; reported by LXC. */
  readonly actual?: string;
  readonly extra?: Extra;
}
export const nicGuestDeviceTable: ElementTable<NicGuestDevice> = element('guest', {
  dev: optional(attribute('dev', text)),
  actual: optional(attribute('actual', text)),
});

/** Place in the order in which a guest tries its devices at boot; since libvirt 0.8.8. */
export interface NicBoot {
  /** From 1; no two devices of a guest have the same. */
  readonly order: number;
  /** Parameter of the boot loader on s390. */
  readonly loadparm?: string;
  readonly extra?: Extra;
}
export const nicBootTable: ElementTable<NicBoot> = element('boot', {
  order: attribute('order', positive, NUMBER),
  loadparm: optional(attribute('loadparm', capitals)),
});

/** The card's boot ROM; since libvirt 0.9.7. */
export interface NicRom {
  /** `false` takes the ROM away; since 4.3.0. */
  readonly enabled?: boolean;
  /** True if the guest's firmware sees the ROM. */
  readonly bar?: boolean;
  /** Path of another ROM; since 0.9.10. */
  readonly file?: string;
  readonly extra?: Extra;
}
export const nicRomTable: ElementTable<NicRom> = element('rom', {
  enabled: optional(attribute('enabled', yesNo, { ...WORD, since: '4.3.0' })),
  bar: optional(attribute('bar', onOff, WORD)),
  file: optional(attribute('file', text, { empty: 'value' })),
});

/** Name of the device among those of the guest. */
export interface NicAlias {
  /** Begins with `ua-` where a person chose it, since libvirt 3.9.0; others are libvirt's own, such as `net0`, and ignored on input. */
  readonly name?: string;
  readonly extra?: Extra;
}
export const nicAliasTable: ElementTable<NicAlias> = element('alias', { name: optional(attribute('name', text)) });

/** Number by which the guest's firmware names the card; since libvirt 7.3.0. */
export interface NicAcpi {
  /** The guest calls the card `eno` and this number. */
  readonly index?: number;
  /** NUMA nodes of the card; since 12.2.0. */
  readonly nodeset?: string;
  readonly extra?: Extra;
}
export const nicAcpiTable: ElementTable<NicAcpi> = element('acpi', {
  index: optional(attribute('index', uint32, NUMBER)),
  // The release is assumed: 11.3 does not read it, 12.9 does.
  nodeset: optional(attribute('nodeset', text, { since: '12.2.0' })),
});

/** Makes one NIC of two: a virtio one that stays, and one of the hardware that goes during a migration; since libvirt 6.1.0. */
export interface NicTeaming {
  /** `persistent` for the virtio NIC, `transient` for the hardware's. */
  readonly type?: 'persistent' | 'transient';
  /** Alias of the persistent NIC, such as `ua-backup0`; type `transient` only. */
  readonly persistent?: string;
  readonly extra?: Extra;
}
export const nicTeamingTable: ElementTable<NicTeaming> = element('teaming', {
  type: optional(attribute('type', oneOf('persistent', 'transient'), { invalid: 'ATTR_ENUM' })),
  persistent: optional(attribute('persistent', text)),
});

/** Kinds of addresses that a device can have in a guest. */
export type NicAddressType =
  | 'pci'
  | 'ccw'
  | 'spapr-vio'
  | 'virtio-mmio'
  | 'usb'
  | 'isa'
  | 'drive'
  | 'virtio-serial'
  | 'ccid'
  | 'virtio-s390'
  | 'dimm'
  | 'unassigned'
  | 'none';

/** Place of the card in the guest, usually on its PCI bus. libvirt chooses one when the guest is defined. */
export interface NicAddress {
  /** Which of the other properties count. */
  readonly type: NicAddressType;
  /** PCI: 0 to 0xffff. */
  readonly domain?: number;
  /** PCI: 0 to 255. Types `usb`, `drive` and others: a number too, which libvirt prints in decimal digits. */
  readonly bus?: number | string;
  /** PCI: 0 to 31. */
  readonly slot?: number;
  /** PCI: 0 to 7. */
  readonly function?: number;
  /** PCI: true if the slot has more functions. */
  readonly multifunction?: boolean;
  /** CCW: channel subsystem, usually 0xfe. */
  readonly cssid?: number;
  /** CCW: subchannel set, 0 to 3. */
  readonly ssid?: number;
  /** CCW: device number, 0 to 0xffff. */
  readonly devno?: number;
  /** Type `spapr-vio`: register. */
  readonly reg?: number;
  /** Type `usb`: port, such as `1.2`. */
  readonly port?: string;
  /** Types `drive`, `virtio-serial` and `ccid`: controller. */
  readonly controller?: number;
  /** Type `drive`: target. */
  readonly target?: number;
  /** Types `drive` and `dimm`: unit. */
  readonly unit?: number;
  /** Type `isa`: base of the I/O ports. */
  readonly iobase?: number;
  /** Type `isa`: interrupt. */
  readonly irq?: number;
  /** Type `dimm`: base of the memory. */
  readonly base?: string;
  /** PCI on s390. */
  readonly zpci?: ZpciAddress;
  readonly extra?: Extra;
}
/** A number that libvirt prints with `0x` and so many digits. */
export const hexadecimal = /* @__NO_SIDE_EFFECTS__ */ (name: string, digits: number) =>
  optional(attribute(name, pciPart(UINT32_MAX, digits), NUMBER));
export const nicAddressTable: ElementTable<NicAddress> = element('address', {
  type: attribute(
    'type',
    oneOf(
      'pci',
      'ccw',
      'spapr-vio',
      'virtio-mmio',
      'usb',
      'isa',
      'drive',
      'virtio-serial',
      'ccid',
      'virtio-s390',
      'dimm',
      'unassigned',
      'none',
    ),
    WORD,
  ),
  controller: optional(attribute('controller', uint32, NUMBER)),
  domain: hexadecimal('domain', 4),
  bus: optional(attribute('bus', busNumber, NUMBER)),
  target: optional(attribute('target', uint32, NUMBER)),
  unit: optional(attribute('unit', uint32, NUMBER)),
  slot: hexadecimal('slot', 2),
  function: hexadecimal('function', 1),
  multifunction: optional(attribute('multifunction', onOff, WORD)),
  cssid: hexadecimal('cssid', 1),
  ssid: hexadecimal('ssid', 1),
  devno: hexadecimal('devno', 4),
  reg: hexadecimal('reg', 8),
  port: optional(attribute('port', text)),
  iobase: hexadecimal('iobase', 1),
  irq: hexadecimal('irq', 1),
  base: optional(attribute('base', text)),
  zpci: optional(one(zpciTable)),
});
