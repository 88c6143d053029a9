import { ruleId } from '../port-forward/identity.js';
import type { Opening, OpeningFirewall } from './opening.js';

/** Length of the part that tells openings apart: firewalld allows 17 characters for a policy. */
const ID_LENGTH = 13;

/** The name of an opening: the same for the same purpose and firewall, whatever rules it has. */
export const openingName = (firewall: OpeningFirewall, purpose: string): string =>
  `lvn-${ruleId(`${firewall} ${purpose}`).slice(-ID_LENGTH)}`;

/** The comment that the rules of an opening bear on the host. */
export const markOf = ({ name }: Pick<Opening, 'name'>): string => `libvirt-network-${name}`;
