import type { ForeignReporter } from '../../rules/context.js';
import { checkGuestBandwidth, checkVirtualPort, checkVlan } from '../../rules/ports.js';
import { checkUnescaped } from '../../rules/unsafe.js';
import { isMulticastMac } from '../../scalar.js';
import type { NicDocument } from '../nic.js';
import { checkPlug } from './plug.js';
import { GUEST_RULES } from './table.js';

const MODEL = /^[a-zA-Z0-9_-]+$/;

/** Every rule that a NIC breaks by itself. */
export function checkNic(nic: NicDocument, context: ForeignReporter): void {
  const { type, mac, model, virtualport, bandwidth, vlan } = nic;
  const { report, reportFrom } = context;
  if (mac?.address !== undefined && isMulticastMac(mac.address))
    report('MAC_MULTICAST', 'mac.address', { value: mac.address });
  checkVlan(context, vlan, 'vlan');
  checkVirtualPort(context, virtualport, 'virtualport');
  checkUnescaped(context, virtualport?.parameters?.profileid, 'virtualport.parameters.profileid');
  checkGuestBandwidth(context, bandwidth);
  if (type !== 'network' && Number(bandwidth?.inbound?.floor ?? 0) > 0)
    reportFrom(GUEST_RULES, 'GUEST_FLOOR', 'bandwidth.inbound.floor', { type: type ?? 'user' });
  if (model?.type !== undefined && !MODEL.test(model.type))
    reportFrom(GUEST_RULES, 'GUEST_MODEL', 'model.type', { value: model.type });
  checkIsolation(nic, context);
  checkPlug(nic, context);
}

/** Only ports of a Linux bridge can be isolated. */
function checkIsolation({ type, port, virtualport }: NicDocument, { reportFrom }: ForeignReporter): void {
  if (!port?.isolated) return;
  if (type !== 'network' && type !== 'bridge')
    reportFrom(GUEST_RULES, 'GUEST_ISOLATED', 'port.isolated', { what: `type ${type ?? 'user'}` });
  else if (virtualport?.type !== undefined)
    reportFrom(GUEST_RULES, 'GUEST_ISOLATED', 'port.isolated', { what: `virtualport type ${virtualport.type}` });
}
