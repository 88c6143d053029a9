import type { Copies } from '../transport/op.js';

/** `virNetworkUpdateFlags` and `virDomainModificationImpact` of libvirt, which are the same. */
export const copiesOf = ({ live, config }: Copies): number => (live ? 1 : 0) | (config ? 2 : 0);

/** `VIR_IP_ADDR_TYPE_IPV6` of libvirt. */
const IPV6 = 1;

/** The family of an address, by libvirt's number for it. */
export const familyOf = (type: number): 'ipv4' | 'ipv6' => (type === IPV6 ? 'ipv6' : 'ipv4');
