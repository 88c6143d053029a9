import type { ForeignReporter } from '../../rules/context.js';
import { checkVirtualPort } from '../../rules/ports.js';
import { checkUnescaped } from '../../rules/unsafe.js';
import type { NicDocument } from '../nic.js';

/** The setup of a NIC's port on a switch. */
export function checkNicVirtualPort({ virtualport }: NicDocument, context: ForeignReporter): void {
  checkVirtualPort(context, virtualport, 'virtualport');
  checkUnescaped(context, virtualport?.parameters?.profileid, 'virtualport.parameters.profileid');
}
