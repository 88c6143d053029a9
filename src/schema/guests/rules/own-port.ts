import type { VirtualPort } from '../../network/ports.js';
import type { ForeignReporter } from '../../rules/context.js';
import type { NicDocument } from '../nic.js';
import { TYPE_RULES } from './type-rules.js';

/** Parameters that libvirt does not make up; a NIC on a network may have them from there. */
const NEEDED: Readonly<
  Record<NonNullable<VirtualPort['type']>, readonly (keyof NonNullable<VirtualPort['parameters']>)[]>
> = {
  '802.1Qbg': ['managerid', 'typeid', 'typeidversion'],
  '802.1Qbh': ['profileid'],
  openvswitch: [],
  midonet: ['interfaceid'],
};

/** The setup of a port that no network helps with. */
export function checkOwnPort({ type, virtualport }: NicDocument, context: ForeignReporter): void {
  if (virtualport === undefined) return;
  const { reportFrom } = context;
  if (type !== 'bridge' && type !== 'direct' && type !== 'hostdev')
    reportFrom(TYPE_RULES, 'GUEST_VPORT_KIND', 'virtualport', { type: type ?? 'user' });
  else if (virtualport.type === undefined) reportFrom(TYPE_RULES, 'GUEST_VPORT_TYPE', 'virtualport', { type });
  else checkNeeded(virtualport, virtualport.type, context);
}

function checkNeeded(port: VirtualPort, type: NonNullable<VirtualPort['type']>, { reportFrom }: ForeignReporter): void {
  for (const needed of NEEDED[type] ?? []) {
    if (port.parameters?.[needed] === undefined)
      reportFrom(TYPE_RULES, 'GUEST_VPORT_NEEDS', 'virtualport', { port: type, needed });
  }
}
