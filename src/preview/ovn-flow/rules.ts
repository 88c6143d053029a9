import type { Conversation } from '../flow/conversation.js';
import type { End } from '../flow/network-model.js';
import type { LogicalSwitch } from './logical.js';
import type { PortGroups } from './match.js';
import type { Note } from './note.js';

/** Where a switch asks its rules about a packet. */
export interface AclPoint {
  readonly direction: 'from-lport' | 'to-lport';
  readonly inport?: string;
  readonly outport?: string;
  readonly etherSource: string;
}

/** The rules to ask. */
interface Rules {
  readonly logicalSwitch: LogicalSwitch;
  readonly groups: PortGroups;
}

/** Asks the rules of a switch: the matching one of the highest priority decides, and without one the packet passes. */
export function judge(
  { family, source, destination, protocol, destinationPort }: Conversation,
  { logicalSwitch, groups }: Rules,
  { direction, inport = '', outport = '', etherSource }: AclPoint,
  note: Note,
): End | undefined {
  const packet = { family, source, destination, protocol, port: destinationPort, etherSource, inport, outport };
  const acl = logicalSwitch.acls.find((one) => one.direction === direction && one.matches(packet, groups));
  if (acl === undefined) return undefined;
  const { action, text } = acl;
  if (action.startsWith('allow')) {
    note(logicalSwitch.name, 'firewall', `accepted: ${text}`, 'network');
    return undefined;
  }
  const isRejected = action === 'reject';
  note(logicalSwitch.name, 'firewall', `${isRejected ? 'rejected' : 'dropped'}: ${text}`, 'network');
  const reason = `a rule of ${logicalSwitch.name} ${isRejected ? 'rejects' : 'drops'} it`;
  return { verdict: isRejected ? 'rejected' : 'timeout', reason, rule: text };
}
