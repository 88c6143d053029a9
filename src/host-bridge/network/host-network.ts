import { type Issue, LibvirtError } from '../../errors/index.js';
import { distinct } from '../../lists/group.js';
import { compact } from '../../schema/values.js';
import type { ReadyBridge, RenderedParts } from '../backend.js';
import type { HostBridgeDocument } from '../document.js';
import type { SourceFile } from '../read/context.js';
import type { NetplanRenderer } from '../render/rendering.js';
import type { HostNetworkDevice, OtherHostDevice } from './host-device.js';

/** The systems whose files can be read as a whole, and edited. */
export type EditableSystem = 'netplan' | 'networkmanager' | 'networkd' | 'ifupdown';

/** The network of a host: what its files say, and the files themselves, which a rendering then edits. */
export interface HostNetworkReading {
  readonly system: EditableSystem;
  readonly devices: readonly HostNetworkDevice[];
  /** Devices that are not cards, bonds, VLANs or bridges: a bridge cannot take them over. The warnings list each with its line. */
  readonly others: readonly OtherHostDevice[];
  readonly files: readonly SourceFile[];
  /** Settings that are not supported, each with its file and line. */
  readonly warnings: readonly Issue[];
  /** netplan only: who carries its files out. */
  readonly renderer?: NetplanRenderer;
  /**
   * Puts a bridge into the files of the host.
   *
   * @internal
   * @param bridge - the bridge with its defaults
   * @param parts - what is written for it on a host without files
   */
  readonly edited: (bridge: ReadyBridge, parts: RenderedParts) => RenderedParts;
}

/** The device of a name: that of the files, or else that which the device gets from them. */
export const findHostDevice = ({ devices }: HostNetworkReading, name: string): HostNetworkDevice | undefined =>
  devices.find((one) => one.name === name) ?? devices.find(({ setName }) => setName === name);

/** The bridge in place of a device: with the device as its port, and all of its addressing. */
export function takenOver(device: string, network: HostNetworkReading, name: string | undefined): HostBridgeDocument {
  const found = findHostDevice(network, device);
  if (found === undefined) throw notFound(device, network);
  const master = found.master === undefined ? undefined : findHostDevice(network, found.master);
  if (master?.bridge !== undefined) return joined(master.bridge, found, name);
  if (found.port === undefined || master !== undefined) throw unfit(found, master);
  const { ipv4, ipv6, dns, routes, port } = found;
  return compact({ name: name ?? freeName(network), ports: [port], mtu: port.mtu, ipv4, ipv6, dns, routes });
}

function notFound(device: string, { devices, others, system }: HostNetworkReading): LibvirtError {
  const other = others.find(({ name }) => name === device);
  const message =
    other === undefined
      ? `there is no device '${device}' in the files of the host`
      : `a bridge cannot take over '${device}': the files of the host describe it as ${other.what}`;
  const names = devices.map(({ name }) => name).join(', ');
  const byId = system === 'networkmanager' ? '; a profile without interface-name goes by its id: give it one' : '';
  const hint =
    names === ''
      ? `the files describe no device: pass all files of ${system}, or make the bridge with HostBridge.create`
      : `the files describe these devices: ${names}${byId}`;
  return new LibvirtError('NOT_FOUND', message, { hint });
}

function unfit({ name }: HostNetworkDevice, bond: HostNetworkDevice | undefined): LibvirtError {
  const what = bond === undefined ? 'it is a bridge itself' : `it is in the bond ${bond.name}`;
  return new LibvirtError('INVALID_ARGUMENT', `a bridge cannot take over '${name}': ${what}`, {
    hint: bond === undefined ? 'read the bridge with readHostBridge' : `take over ${bond.name}`,
  });
}

/** The bridge that a device is in, with what the device had beside it. */
function joined(bridge: HostBridgeDocument, device: HostNetworkDevice, name: string | undefined): HostBridgeDocument {
  if (name !== undefined && name !== bridge.name)
    throw new LibvirtError(
      'INVALID_ARGUMENT',
      `the bridge '${name}' cannot take over '${device.name}': it is in ${bridge.name}`,
      {
        hint: `leave the name out, and the bridge is ${bridge.name}`,
      },
    );
  return compact({
    ...bridge,
    ipv4: { ...bridge.ipv4, ...device.ipv4, addresses: both(bridge.ipv4?.addresses, device.ipv4?.addresses) },
    ipv6: { ...bridge.ipv6, ...device.ipv6, addresses: both(bridge.ipv6?.addresses, device.ipv6?.addresses) },
    routes: [...(bridge.routes ?? []), ...(device.routes ?? [])],
  });
}

const both = (a: readonly string[] = [], b: readonly string[] = []): readonly string[] => distinct([a, b]);

function freeName(network: HostNetworkReading): string {
  const names = new Set(network.devices.map(({ name }) => name));
  for (let number = 0; ; number++) if (!names.has(`br${number}`)) return `br${number}`;
}
