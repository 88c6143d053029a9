import type { VirtualPort } from '../../network/ports.js';
import type { ForeignReporter } from '../../rules/context.js';
import { checkVirtualPort } from '../../rules/ports.js';
import { checkUnescaped } from '../../rules/unsafe.js';
import type { NicDocument } from '../nic.js';
import { GUEST_RULES } from './table.js';

/** Parameters that libvirt does not make up; a NIC on a network may have them from there. */
const NEEDED: Readonly<
  Record<NonNullable<VirtualPort['type']>, readonly (keyof NonNullable<VirtualPort['parameters']>)[]>
> = {
  '802.1Qbg': ['managerid', 'typeid', 'typeidversion'],
  '802.1Qbh': ['profileid'],
  openvswitch: [],
  midonet: ['interfaceid'],
};

/** The setup of a NIC's port on a switch. */
export function checkNicVirtualPort(nic: NicDocument, context: ForeignReporter): void {
  const { type, virtualport } = nic;
  if (virtualport === undefined) return;
  const { reportFrom } = context;
  checkVirtualPort(context, virtualport, 'virtualport');
  checkUnescaped(context, virtualport.parameters?.profileid, 'virtualport.parameters.profileid');
  if (type === 'network') return;
  if (type !== 'bridge' && type !== 'direct' && type !== 'hostdev')
    reportFrom(GUEST_RULES, 'GUEST_VPORT_KIND', 'virtualport', { type: type ?? 'user' });
  else if (virtualport.type === undefined) reportFrom(GUEST_RULES, 'GUEST_VPORT_TYPE', 'virtualport', { type });
  else checkNeeded(virtualport, virtualport.type, context);
}

function checkNeeded(port: VirtualPort, type: NonNullable<VirtualPort['type']>, { reportFrom }: ForeignReporter): void {
  for (const needed of NEEDED[type] ?? []) {
    if (port.parameters?.[needed] === undefined)
      reportFrom(GUEST_RULES, 'GUEST_VPORT_NEEDS', 'virtualport', { port: type, needed });
  }
}
