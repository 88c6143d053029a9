import type { ForeignReporter } from '../../rules/context.js';
import { checkPciLimits } from '../../rules/forward.js';
import { checkCaps, checkGuestBandwidth, checkVlan, hasFloor } from '../../rules/ports.js';
import { isMulticastMac } from '../../scalar.js';
import { isKeptParameter, isVirtio } from '../canonical.js';
import type { NicDocument } from '../nic.js';
import { checkAddresses } from './addresses.js';
import { checkCard } from './card.js';
import { pciOf } from './pci.js';
import { checkPlug } from './plug.js';
import { checkSource } from './source.js';
import { checkStart } from './start.js';
import { GUEST_RULES } from './table.js';
import { checkNicVirtualPort } from './virtual-port.js';

/** The type of a NIC; `user` is libvirt's own default. */
const typeOf = ({ type = 'user' }: NicDocument): string => type;

/** Every rule that a NIC breaks by itself. */
export function checkNic(nic: NicDocument, context: ForeignReporter): void {
  const { mac, vlan, address } = nic;
  if (mac?.address !== undefined && isMulticastMac(mac.address))
    context.report('MAC_MULTICAST', 'mac.address', { value: mac.address });
  checkSource(nic, context);
  checkVlan(context, vlan, 'vlan');
  checkNicVirtualPort(nic, context);
  checkBandwidth(nic, context);
  checkCard(nic, context);
  checkSwitch(nic, context);
  checkAddresses(nic, context);
  if (address?.type === 'pci') checkPciLimits(context, pciOf(address), 'address');
  checkPlug(nic, context);
  checkStart(nic, context);
  checkDropped(nic, context);
}

function checkBandwidth(nic: NicDocument, context: ForeignReporter): void {
  const { bandwidth } = nic;
  if (bandwidth === undefined) return;
  checkGuestBandwidth(context, bandwidth);
  if (bandwidth.classID !== undefined) context.reportFrom(GUEST_RULES, 'GUEST_CLASSID', 'bandwidth.classID');
  if (nic.type !== 'network' && hasFloor(context, bandwidth.inbound))
    context.reportFrom(GUEST_RULES, 'GUEST_FLOOR', 'bandwidth.inbound.floor', { type: typeOf(nic) });
  for (const side of ['inbound', 'outbound'] as const) {
    const limit = bandwidth[side];
    if (limit !== undefined) checkCaps(context, limit, `bandwidth.${side}`);
  }
}

/** Types whose host's end is a tap, or that QEMU tells an MTU. */
const WITH_MTU: ReadonlySet<string> = new Set(['network', 'bridge', 'ethernet', 'vhostuser']);

/** Parts that only switches of the host have. */
function checkSwitch(nic: NicDocument, context: ForeignReporter): void {
  const { mtu, coalesce, target, backend } = nic;
  const { reportFrom } = context;
  const type = typeOf(nic);
  checkIsolation(nic, context);
  const hasMtu = WITH_MTU.has(type) || (type === 'user' && backend?.type === 'passt');
  if ((mtu?.size ?? 0) > 0 && !hasMtu) reportFrom(GUEST_RULES, 'GUEST_MTU', 'mtu.size', { type });
  const collects = type === 'network' || type === 'bridge';
  if ((coalesce?.rx?.frames?.max ?? 0) > 0 && !collects)
    reportFrom(GUEST_RULES, 'GUEST_COALESCE', 'coalesce.rx.frames.max', { type });
  if (target?.managed === false && type !== 'ethernet')
    reportFrom(GUEST_RULES, 'GUEST_UNMANAGED', 'target.managed', { type });
}

/** Only ports of a Linux bridge can be isolated. */
function checkIsolation(nic: NicDocument, { reportFrom }: ForeignReporter): void {
  const { type, port, virtualport } = nic;
  if (!port?.isolated) return;
  if (type !== 'network' && type !== 'bridge')
    reportFrom(GUEST_RULES, 'GUEST_ISOLATED', 'port.isolated', { what: `type ${typeOf(nic)}` });
  else if (virtualport?.type !== undefined)
    reportFrom(GUEST_RULES, 'GUEST_ISOLATED', 'port.isolated', { what: `virtualport type ${virtualport.type}` });
}

/** What libvirt drops without a word. */
function checkDropped(nic: NicDocument, { report }: ForeignReporter): void {
  if (nic.type !== 'hostdev' && 'driver' in nic && nic.driver !== undefined && !isVirtio(nic.model))
    report('DROPPED', 'driver', { property: 'driver', reason: 'it needs a virtio model' });
  const parameters = 'filterref' in nic ? nic.filterref?.parameters : undefined;
  parameters?.forEach((one, i) => {
    const reason = 'its name or value has other characters than letters, digits, _, and in values . and :';
    if (!isKeptParameter(one)) report('DROPPED', `filterref.parameters[${i}]`, { property: 'the parameter', reason });
  });
}
