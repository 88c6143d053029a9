import { RELEASE_12 } from '../../release.js';
import type { ForeignReporter } from '../../rules/context.js';
import { hasTags } from '../../rules/modes.js';
import type { NicDocument } from '../nic.js';
import { bridge, checkTags, macvtap, type Plug } from './plug.js';
import { TYPE_RULES } from './type-rules.js';

/** Modes that may have tags, with the right virtual port at least. */
const TAGGED: ReadonlySet<string> = new Set(['bridge', 'passthrough', 'hostdev']);

/** Checks what a NIC asks of the bridge or device that it names itself. */
export function checkPlug(nic: NicDocument, context: ForeignReporter): void {
  const { type, vlan, virtualport } = nic;
  if (type === 'network') return;
  const plug = plugOfNic(nic);
  // The release is assumed: until 11.3 only the start refuses them.
  if (hasTags(vlan) && context.release >= RELEASE_12 && !TAGGED.has(plug.mode))
    return context.reportFrom(TYPE_RULES, 'GUEST_VLAN_TYPE', 'vlan', { what: plug.what });
  checkTags(plug, { tagged: hasTags(vlan), port: virtualport }, context);
}

function plugOfNic(nic: NicDocument): Plug {
  if (nic.type === 'bridge') return bridge('a bridge');
  if (nic.type === 'direct') return macvtap(nic.source?.mode ?? 'vepa');
  if (nic.type === 'hostdev') return { what: 'a device of the host', mode: 'hostdev', ports: ['802.1Qbh'] };
  return { what: `type ${nic.type ?? 'user'}`, mode: '', ports: [] };
}
