import { compact } from '../../schema/values.js';
import type { BridgePortOptions, VlanMember } from '../document.js';
import type { SectionFile } from './setting-tracker.js';
import { cNumber, truth, vlanId } from './values.js';

/** What a bridge does with the ports of a file. */
export function portOptions(network: SectionFile): BridgePortOptions {
  const port = network.section('Bridge');
  return compact({
    pathCost: port.one(cNumber, 'Cost'),
    priority: port.one(cNumber, 'Priority'),
    hairpin: port.one(truth, 'HairPin'),
    isolated: port.one(truth, 'Isolated'),
    vlans: readPortVlans(network),
  });
}

/** Reads the VLANs of a port, or those of the bridge itself. */
export function readPortVlans(network: SectionFile): readonly VlanMember[] | undefined {
  const members = network.sections('BridgeVLAN').flatMap((one): readonly VlanMember[] => {
    const pvid = one.one(cNumber, 'PVID');
    const untagged = one.one(vlanId, 'EgressUntagged');
    // Each of the three makes the port a member.
    const id = one.one(vlanId, 'VLAN') ?? pvid ?? untagged;
    if (id === undefined) return [];
    return [
      compact({ id, pvid: pvid === undefined ? undefined : true, untagged: untagged === undefined ? undefined : true }),
    ];
  });
  return members.length === 0 ? undefined : members;
}
