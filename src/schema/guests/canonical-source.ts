import { compact } from '../values.js';
import { canonicalIp, decimalBus, filled, filledList, only } from './canonical.js';
import type { NicDocument } from './nic.js';
import type { HostdevNicAddress, HostdevNicSource, UserNicSource, VhostUserNicSource } from './sources.js';

/** The source of a NIC as libvirt holds it. */
export function canonicalSource(nic: NicDocument): unknown {
  switch (nic.type) {
    case 'direct':
      return nic.source && { ...nic.source, mode: nic.source.mode ?? 'vepa' };
    case 'vhostuser':
      return canonicalVhostUser(nic.source, nic.backend?.type === 'passt');
    case 'vds':
      return (
        nic.source && { ...nic.source, portid: nic.source.portid ?? 0, connectionid: nic.source.connectionid ?? 0 }
      );
    case 'hostdev':
      return canonicalHostdev(nic.source);
    case 'ethernet':
      return nic.source && filled(compact({ ...nic.source, ips: filledList(nic.source.ips?.map(canonicalIp)) }));
    case 'user':
    case undefined:
      return 'source' in nic ? canonicalUser(nic.source, nic.backend?.type === 'passt') : undefined;
    default:
      return 'source' in nic ? nic.source : undefined;
  }
}

const canonicalUser = (source: UserNicSource | undefined, passt: boolean): UserNicSource | undefined =>
  filled(only(source, passt));

function canonicalVhostUser(source: VhostUserNicSource | undefined, passt: boolean): VhostUserNicSource | undefined {
  if (passt) return filled(source && compact({ dev: source.dev, extra: source.extra }));
  return source && compact({ ...source, type: source.type ?? 'unix', mode: source.mode ?? 'client', dev: undefined });
}

function canonicalHostdev(source: HostdevNicSource | undefined): HostdevNicSource | undefined {
  const address = source?.address;
  if (source === undefined || address === undefined) return source;
  if (address.type === 'usb') return compact({ ...source, missing: undefined, address: usbAddress(address) });
  const { domain = 0, bus = 0, slot = 0, function: fn = 0, extra } = address;
  return compact({
    extra: source.extra,
    vendor: only(source.vendor, false),
    product: only(source.product, false),
    address: compact({ type: 'pci' as const, domain, bus, slot, function: fn, extra }),
  });
}

const usbAddress = (address: HostdevNicAddress): HostdevNicAddress =>
  compact({ type: 'usb' as const, ...decimalBus(address), device: address.device, extra: address.extra });
