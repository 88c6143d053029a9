import { attribute, type ElementTable, type Extra, element, leaf, one, optional } from '../element.js';
import { oneOf, onOff, text, type Uint64, uint64, yesNo } from '../scalar.js';
import { NUMBER, WORD } from './card.js';
import { cleanPath, uint32 } from './scalars.js';

/** Work that the host's end of a virtio NIC leaves to the guest or does for it; since libvirt 1.2.9. */
export interface NicHostOffloads {
  readonly csum?: boolean;
  readonly gso?: boolean;
  readonly tso4?: boolean;
  readonly tso6?: boolean;
  readonly ecn?: boolean;
  readonly ufo?: boolean;
  /** Since 1.2.13. */
  readonly mrg_rxbuf?: boolean;
  readonly extra?: Extra;
}
const offload = /* @__NO_SIDE_EFFECTS__ */ (name: string) => optional(attribute(name, onOff, WORD));
export const nicHostOffloadsTable: ElementTable<NicHostOffloads> = element('host', {
  csum: offload('csum'),
  gso: offload('gso'),
  tso4: offload('tso4'),
  tso6: offload('tso6'),
  ecn: offload('ecn'),
  ufo: offload('ufo'),
  mrg_rxbuf: offload('mrg_rxbuf'),
});

/** The same for the guest's end. */
export interface NicGuestOffloads {
  readonly csum?: boolean;
  readonly tso4?: boolean;
  readonly tso6?: boolean;
  readonly ecn?: boolean;
  readonly ufo?: boolean;
  readonly extra?: Extra;
}
export const nicGuestOffloadsTable: ElementTable<NicGuestOffloads> = element('guest', {
  csum: offload('csum'),
  tso4: offload('tso4'),
  tso6: offload('tso6'),
  ecn: offload('ecn'),
  ufo: offload('ufo'),
});

/** How packets go between a virtio NIC and the host. libvirt drops it from NICs of other models. */
export interface NicDriver {
  /** `vhost`: the kernel; `qemu`: QEMU itself. Default: the kernel where it can; since libvirt 0.8.8. */
  readonly name?: 'qemu' | 'vhost';
  /** How packets are sent. */
  readonly txmode?: 'iothread' | 'timer';
  /** Since 0.9.3. */
  readonly ioeventfd?: boolean;
  /** Since 0.9.5. */
  readonly event_idx?: boolean;
  /** Pairs of queues, so that several processors of the guest can work; since 1.0.6. Default: 1. */
  readonly queues?: number;
  /** A power of two, from 256 to 1024; since 2.3.0. */
  readonly rx_queue_size?: number;
  /** A power of two, from 256 to 1024; since 3.7.0. */
  readonly tx_queue_size?: number;
  /** Spreads received packets over the queues; since 8.3.0. */
  readonly rss?: boolean;
  /** Since 8.3.0. */
  readonly rss_hash_report?: boolean;
  /** Since 3.5.0. */
  readonly iommu?: boolean;
  /** Since 3.5.0. */
  readonly ats?: boolean;
  /** Since 6.3.0. */
  readonly packed?: boolean;
  /** Since 7.9.0. */
  readonly page_per_vq?: boolean;
  readonly host?: NicHostOffloads;
  readonly guest?: NicGuestOffloads;
  readonly extra?: Extra;
}
export const nicDriverTable: ElementTable<NicDriver> = element('driver', {
  name: optional(attribute('name', oneOf('qemu', 'vhost'), WORD)),
  txmode: optional(attribute('txmode', oneOf('iothread', 'timer'), WORD)),
  ioeventfd: offload('ioeventfd'),
  event_idx: offload('event_idx'),
  queues: optional(attribute('queues', uint32, NUMBER)),
  rx_queue_size: optional(attribute('rx_queue_size', uint32, NUMBER)),
  tx_queue_size: optional(attribute('tx_queue_size', uint32, NUMBER)),
  rss: optional(attribute('rss', onOff, { ...WORD, since: '8.3.0' })),
  rss_hash_report: optional(attribute('rss_hash_report', onOff, { ...WORD, since: '8.3.0' })),
  iommu: offload('iommu'),
  ats: offload('ats'),
  packed: optional(attribute('packed', onOff, { ...WORD, since: '6.3.0' })),
  page_per_vq: optional(attribute('page_per_vq', onOff, { ...WORD, since: '7.9.0' })),
  host: optional(one(nicHostOffloadsTable)),
  guest: optional(one(nicGuestOffloadsTable)),
});

/** What stands between the NIC and the host. */
export interface NicBackend {
  /** Type `user`: `passt` instead of QEMU's own slirp; since libvirt 9.0.0. `default` since 10.6.0. */
  readonly type?: 'default' | 'passt';
  /** Path of the device that makes taps, instead of `/dev/net/tun`; since 1.2.9. */
  readonly tap?: string;
  /** Path of the vhost device, instead of `/dev/vhost-net`; since 1.2.9. */
  readonly vhost?: string;
  /** passt: where it writes its log. */
  readonly logFile?: string;
  /** passt: name that its DHCP server gives the guest; since 11.8.0. */
  readonly hostname?: string;
  /** passt: the same as a whole name; since 11.8.0. */
  readonly fqdn?: string;
  readonly extra?: Extra;
}
export const nicBackendTable: ElementTable<NicBackend> = element('backend', {
  type: optional(
    attribute('type', oneOf('passt'), {
      ...WORD,
      since: '9.0.0',
      readSince: { release: '10.6.0', scalar: oneOf('default', 'passt') },
    }),
  ),
  tap: optional(attribute('tap', cleanPath)),
  vhost: optional(attribute('vhost', cleanPath)),
  logFile: optional(attribute('logFile', text, { since: '9.0.0' })),
  hostname: optional(attribute('hostname', text, { since: '11.8.0' })),
  fqdn: optional(attribute('fqdn', text, { since: '11.8.0' })),
});

/** Tuning of the host's end; since libvirt 0.8.8. */
export interface NicTune {
  /** Bytes that the tap keeps before it makes QEMU wait. */
  readonly sndbuf?: Uint64;
  readonly extra?: Extra;
}
export const nicTuneTable: ElementTable<NicTune> = element('tune', {
  sndbuf: optional(leaf('sndbuf', uint64, { invalid: 'ATTR_INVALID' })),
});

/** Which host driver takes over a NIC of the hardware. */
export interface HostdevNicDriver {
  /** Since libvirt 1.0.5. Default: `vfio`. */
  readonly name?: 'kvm' | 'vfio' | 'xen';
  /** Kernel driver to bind; since 10.0.0. */
  readonly model?: string;
  /** True if the device is passed by IOMMUFD; since 12.1.0. */
  readonly iommufd?: boolean;
  readonly extra?: Extra;
}
export const hostdevNicDriverTable: ElementTable<HostdevNicDriver> = element('driver', {
  name: optional(attribute('name', oneOf('kvm', 'vfio', 'xen'), WORD)),
  model: optional(attribute('model', text, { since: '10.0.0', empty: 'value' })),
  iommufd: optional(attribute('iommufd', yesNo, { ...WORD, since: '12.1.0' })),
});
