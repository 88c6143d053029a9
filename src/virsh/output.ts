import type { InterfaceState, LeaseRecord } from '../client/operations.js';
import { TransportError } from '../errors/index.js';

/** Lines of output without the empty ones that virsh adds. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

/** libvirt ends each definition with a line break of its own; virsh adds another. */
export const xmlOf = (text: string): string => `${text.trimEnd()}\n`;

/**
 * Reads the lease table by the shape of its columns from both ends, since host names are whatever guests send.
 * The time is that of the zone that virsh ran in, which is UTC.
 */
const LEASE =
  /^ ?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) {2,}([0-9a-f]{2}(?::[0-9a-f]{2})+) {2,}(ipv4|ipv6) {2,}(\S+)\/(\d+) {2,}(.*?) {2,}(\S.*?)\s*$/i;

/** The leases of a `net-dhcp-leases` table. */
export function parseLeases(text: string): LeaseRecord[] {
  return linesOf(text).flatMap((line) => {
    const match = LEASE.exec(line);
    if (match === null) {
      if (/^-+$/.test(line.trim()) || /Expiry Time/.test(line)) return [];
      throw new TransportError('UNEXPECTED_REPLY', `cannot read this line of the lease table: ${JSON.stringify(line)}`);
    }
    const [, time = '', mac = '', family = '', address = '', prefix = '', hostname = '-', clientId = '-'] = match;
    const expiry = new Date(`${time.replace(' ', 'T')}Z`);
    return [
      {
        // An infinite lease ends at the epoch.
        ...(expiry.getTime() > 0 ? { expiry } : {}),
        mac,
        family: family === 'ipv6' ? 'ipv6' : 'ipv4',
        address,
        prefix: Number(prefix),
        ...(hostname.trim() === '-' ? {} : { hostname: hostname.trim() }),
        ...(clientId.trim() === '-' ? {} : { clientId: clientId.trim() }),
      },
    ];
  });
}

/** The interfaces of an `iface-list --all` table. Device names have no blanks. */
export function parseInterfaces(text: string): InterfaceState[] {
  return linesOf(text).flatMap((line) => {
    const [, name, state, mac = ''] = /^ ?(\S+) {2,}(active|inactive) {2,}([0-9a-f:]*)\s*$/i.exec(line) ?? [];
    return name === undefined ? [] : [{ name, active: state === 'active', mac }];
  });
}
