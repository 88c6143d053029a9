import { type GuestInterfaceDocument, guestInterfaceTable } from '../guestinterface.js';
import { canonicalBandwidth, canonicalVirtualPort, canonicalVlan } from '../network/canonical.js';
import type { Reporter } from '../rules/context.js';
import { checkGuestSource } from '../rules/guest-source.js';
import { checkGuestBandwidth, checkVirtualPort, checkVlan } from '../rules/ports.js';
import { checkUnescaped } from '../rules/unsafe.js';
import { isMulticastMac } from '../scalar.js';
import { compact } from '../values.js';
import type { SmallFormat } from './format.js';

const NEEDED = { network: 'network', bridge: 'bridge', direct: 'dev' } as const;

const MODEL = /^[a-zA-Z0-9_-]+$/;

function check(value: GuestInterfaceDocument, context: Reporter): void {
  const { type, source, mac, model, virtualport } = value;
  const needed = NEEDED[type];
  if (needed !== undefined && !source?.[needed]) context.report('GUEST_SOURCE', `source.${needed}`, { type, needed });
  if (mac?.address !== undefined && isMulticastMac(mac.address))
    context.report('MAC_MULTICAST', 'mac.address', { value: mac.address });
  checkVlan(context, value.vlan, 'vlan');
  checkVirtualPort(context, virtualport, 'virtualport');
  checkUnescaped(context, virtualport?.parameters?.profileid, 'virtualport.parameters.profileid');
  checkGuestBandwidth(context, value.bandwidth);
  if (type !== 'network' && Number(value.bandwidth?.inbound?.floor ?? 0) > 0)
    context.report('GUEST_FLOOR', 'bandwidth.inbound.floor', { type });
  if (model?.type !== undefined && !MODEL.test(model.type))
    context.report('GUEST_MODEL', 'model.type', { value: model.type });
  checkIsolation(value, context);
  checkGuestSource(value, context);
}

/** Only ports of a Linux bridge can be isolated. */
function checkIsolation({ type, port, virtualport }: GuestInterfaceDocument, context: Reporter): void {
  if (!port?.isolated) return;
  if (type === 'direct') context.report('GUEST_ISOLATED', 'port.isolated', { what: 'type direct' });
  else if (virtualport?.type !== undefined)
    context.report('GUEST_ISOLATED', 'port.isolated', { what: `virtualport type ${virtualport.type}` });
}

const canonical = (value: GuestInterfaceDocument): GuestInterfaceDocument =>
  compact({
    ...value,
    vlan: canonicalVlan(value.vlan),
    virtualport: canonicalVirtualPort(value.virtualport),
    bandwidth: canonicalBandwidth(value.bandwidth),
  });

/** `<interface>` of a domain for the shared checker and writer. */
export const guestInterfaceFormat: SmallFormat<GuestInterfaceDocument> = {
  table: guestInterfaceTable,
  check,
  canonical,
  looksAt: () => true,
};
