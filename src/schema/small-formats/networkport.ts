import { optionsOf } from '../../options/options.js';
import { canonicalBandwidth, canonicalVirtualPort, canonicalVlan, fullAddress } from '../network/canonical.js';
import { type NetworkPort, networkPortTable, type PortPlug } from '../networkport.js';
import { RELEASE_OPTION, type ReleaseOption } from '../release.js';
import type { Reporter } from '../rules/context.js';
import { checkDriver, checkPciLimits } from '../rules/forward.js';
import { checkGuestBandwidth, checkVirtualPort, checkVlan } from '../rules/ports.js';
import { checkUnescaped } from '../rules/unsafe.js';
import { compact } from '../values.js';
import { type SmallFormat, writeCompanion } from './format.js';

/** The parts of a plug that its type has; libvirt looks at no others. */
const PARTS: Readonly<Record<NonNullable<PortPlug['type']>, readonly (keyof PortPlug)[]>> = {
  none: [],
  network: ['bridge', 'macTableManager'],
  bridge: ['bridge', 'macTableManager'],
  direct: ['dev', 'mode'],
  'hostdev-pci': ['managed', 'driver', 'address'],
};

const NEEDED: Readonly<Record<NonNullable<PortPlug['type']>, readonly (keyof PortPlug)[]>> = {
  none: [],
  network: ['bridge'],
  bridge: ['bridge'],
  direct: ['dev'],
  'hostdev-pci': ['address'],
};

function check(port: NetworkPort, context: Reporter): void {
  checkVirtualPort(context, port.virtualport, 'virtualport');
  checkUnescaped(context, port.virtualport?.parameters?.profileid, 'virtualport.parameters.profileid');
  checkGuestBandwidth(context, port.bandwidth);
  checkVlan(context, port.vlan, 'vlan');
  checkPlug(context, port.plug);
}

function checkPlug(context: Reporter, plug: PortPlug | undefined): void {
  const type = plug?.type ?? 'none';
  for (const part of NEEDED[type]) {
    if (plug?.[part] === undefined) context.report('PLUG_NEEDS', `plug.${part}`, { type, needed: part });
  }
  if (type !== 'hostdev-pci') return;
  checkDriver(context, plug?.driver, 'plug.driver');
  if (plug?.address !== undefined) checkPciLimits(context, plug.address, 'plug.address');
}

function canonical(port: NetworkPort): NetworkPort {
  const { rxfilters, bandwidth, port: options } = port;
  return compact({
    ...port,
    group: port.group || undefined,
    virtualport: canonicalVirtualPort(port.virtualport),
    bandwidth: canonicalBandwidth(bandwidth && compact({ ...bandwidth, classID: bandwidth.classID || undefined })),
    vlan: canonicalVlan(port.vlan),
    port: options?.isolated === undefined ? undefined : options,
    rxfilters: rxfilters?.trustGuest === undefined ? undefined : rxfilters,
    plug: canonicalPlug(port.plug),
  });
}

function canonicalPlug(plug: PortPlug | undefined): PortPlug | undefined {
  if (plug?.type === undefined || plug.type === 'none') return undefined;
  const { type, extra } = plug;
  const kept = Object.fromEntries(PARTS[type].map((part) => [part, plug[part]]));
  return compact({ type, ...kept, ...implied(plug), extra });
}

/** Returns the parts of a plug that libvirt always prints. */
function implied({ type, mode, managed, address }: PortPlug): Partial<PortPlug> {
  if (type === 'direct') return { mode: mode ?? 'vepa' };
  return type === 'hostdev-pci' ? { managed: managed ?? false, address: fullAddress(address ?? {}) } : {};
}

function looksAt([part, key]: readonly (string | number)[], { plug }: NetworkPort): boolean {
  if (part !== 'plug' || key === undefined || key === 'type') return true;
  return PARTS[plug?.type ?? 'none'].some((used) => used === key);
}

/** `<networkport>` for the shared reader and writer. */
export const networkPortFormat: SmallFormat<NetworkPort> = { table: networkPortTable, check, canonical, looksAt };

/**
 * Prints a network port as libvirt prints it.
 *
 * @param port - the port
 * @param options - the libvirt release to print for
 * @returns the `<networkport>` element as text, with a line break at the end
 * @throws {@link ValidationError} code `VALIDATION` when libvirt would refuse the port, or print it malformed
 */
export const writeNetworkPort = (port: NetworkPort, options: ReleaseOption = {}): string =>
  writeCompanion(networkPortFormat, port, optionsOf(options, RELEASE_OPTION, 'writeNetworkPort'));
