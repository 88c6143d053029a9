import type { ForeignReporter } from '../../rules/context.js';
import type { NicDocument } from '../nic.js';
import { NIC_RULES } from './nic-rules.js';

/** Names of the host's addresses, which the tables of most types do not have. */
const ADDRESSES: ReadonlySet<string> = new Set(['ip', 'route']);

/** Addresses of the host in the source of a type that has none. */
export function checkHostAddresses(nic: NicDocument, { reportFrom }: ForeignReporter): void {
  const { type } = nic;
  if (type === undefined || type === 'user' || !('source' in nic)) return;
  const elements = nic.source?.extra?.elements ?? [];
  if (elements.some(({ name }) => ADDRESSES.has(name))) reportFrom(NIC_RULES, 'GUEST_HOST_IP', 'source', { type });
}
