import type { ForeignReporter } from '../../rules/context.js';
import { checkPciLimits } from '../../rules/forward.js';
import { checkCaps, checkGuestBandwidth, checkVlan } from '../../rules/ports.js';
import { isMulticastMac } from '../../scalar.js';
import type { NicDocument } from '../nic.js';
import { checkAddresses } from './addresses.js';
import { checkCard } from './card.js';
import { checkDropped } from './dropped.js';
import { checkHostAddresses } from './host-addresses.js';
import { NIC_RULES } from './nic-rules.js';
import { pciOf } from './pci.js';
import { checkStart } from './start.js';
import { checkNicVirtualPort } from './virtual-port.js';

/** The type of a NIC; `user` is libvirt's own default. */
const typeOf = ({ type = 'user' }: NicDocument): string => type;

/** Every rule that a NIC breaks by itself. */
export function checkNic(nic: NicDocument, context: ForeignReporter): void {
  const { mac, vlan, address } = nic;
  if (mac?.address !== undefined && isMulticastMac(mac.address))
    context.report('MAC_MULTICAST', 'mac.address', { value: mac.address });
  checkHostAddresses(nic, context);
  checkVlan(context, vlan, 'vlan');
  checkNicVirtualPort(nic, context);
  checkBandwidth(nic, context);
  checkCard(nic, context);
  checkIsolation(nic, context);
  if (nic.target?.managed === false && nic.type !== 'ethernet')
    context.reportFrom(NIC_RULES, 'GUEST_UNMANAGED', 'target.managed', { type: typeOf(nic) });
  checkAddresses(nic, context);
  if (address?.type === 'pci') checkPciLimits(context, pciOf(address), 'address');
  checkStart(nic, context);
  checkDropped(nic, context);
}

function checkBandwidth(nic: NicDocument, context: ForeignReporter): void {
  const { bandwidth } = nic;
  if (bandwidth === undefined) return;
  checkGuestBandwidth(context, bandwidth);
  if (bandwidth.classID !== undefined) context.reportFrom(NIC_RULES, 'GUEST_CLASSID', 'bandwidth.classID');
  for (const side of ['inbound', 'outbound'] as const) {
    const limit = bandwidth[side];
    if (limit !== undefined) checkCaps(context, limit, `bandwidth.${side}`);
  }
}

/** Only ports of a Linux bridge can be isolated. */
function checkIsolation(nic: NicDocument, { reportFrom }: ForeignReporter): void {
  const { type, port, virtualport } = nic;
  if (!port?.isolated) return;
  if (type !== 'network' && type !== 'bridge')
    reportFrom(NIC_RULES, 'GUEST_ISOLATED', 'port.isolated', { what: `type ${typeOf(nic)}` });
  else if (virtualport?.type !== undefined)
    reportFrom(NIC_RULES, 'GUEST_ISOLATED', 'port.isolated', { what: `virtualport type ${virtualport.type}` });
}
