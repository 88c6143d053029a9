import { type Subject, unexpected } from '../transport/libvirt-error.js';
import type { InterfaceState, LeaseRecord, NetworkState } from '../transport/operations.js';
import { readLabels, readTable } from './table.js';

/** Lines of output without the empty ones that virsh adds. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/**
 * A document as libvirt printed it: with one line break at its end, whatever virsh adds.
 *
 * @throws `TransportError` code `UNEXPECTED_REPLY` when its end is missing
 */
export function documentOf(text: string, subject: Subject): string {
  const document = `${text.trimEnd()}\n`;
  const root = /^<([\w:-]+)/.exec(document)?.[1];
  if (root !== undefined && (document.endsWith(`</${root}>\n`) || /^<[^<]*\/>\n$/.test(document))) return document;
  throw unexpected(subject, 'virsh printed no document, or a part of one');
}

/** An element that may not be there. */
export const elementOf = (text: string): string | undefined => text.trim() || undefined;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Tells whether a text is a uuid as virsh prints it. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** Uuids, one a line. */
export function uuidsOf(text: string, subject: Subject): string[] {
  const uuids = linesOf(text).map((line) => line.trim());
  if (uuids.every(isUuid)) return uuids;
  throw unexpected(subject, 'virsh printed something else than uuids');
}

const LEASE_COLUMNS = ['Expiry Time', 'MAC address', 'Protocol', 'IP address', 'Hostname', 'Client ID or DUID'];

/** The leases of a `net-dhcp-leases` table. */
export function leasesOf(text: string, subject: Subject): LeaseRecord[] {
  const rows = readTable(text, LEASE_COLUMNS);
  const leases = rows?.map(leaseOf);
  if (leases?.every((lease) => lease !== undefined)) return leases;
  throw unexpected(subject, 'virsh printed a table of leases that cannot be read');
}

/** virsh ran in UTC; a lease without an end is one that ended with the year 1969. */
function leaseOf([time = '', mac = '', protocol = '', ip = '', hostname = '', clientId = '']: readonly string[]):
  | LeaseRecord
  | undefined {
  const expiry = new Date(`${time.replace(' ', 'T')}Z`);
  const [address = '', prefix = ''] = ip.split('/');
  const isLease = !Number.isNaN(expiry.getTime()) && /^(?:ipv4|ipv6)$/.test(protocol) && /^\d+$/.test(prefix);
  if (!isLease) return undefined;
  return {
    ...(expiry.getTime() > 0 ? { expiry } : {}),
    mac,
    family: protocol === 'ipv6' ? 'ipv6' : 'ipv4',
    address,
    prefix: Number(prefix),
    ...(hostname === '-' ? {} : { hostname }),
    ...(clientId === '-' ? {} : { clientId }),
  };
}

/** The interfaces of an `iface-list` table. */
export function interfacesOf(text: string, subject: Subject): InterfaceState[] {
  const rows = readTable(text, ['Name', 'State', 'MAC Address']);
  if (rows === undefined) throw unexpected(subject, 'virsh printed a table of interfaces that cannot be read');
  return rows.map(([name = '', state, mac = '']) => ({ name, active: state === 'active', mac }));
}

/** Reads the output of `net-info`. */
export function stateOf(text: string, subject: Subject): NetworkState {
  const labels = readLabels(text);
  const [name, uuid] = [labels.get('Name:'), labels.get('UUID:')];
  if (name === undefined || uuid === undefined || !isUuid(uuid))
    throw unexpected(subject, 'virsh printed no name and uuid');
  const yes = (label: string): boolean => labels.get(label) === 'yes';
  return { name, uuid, active: yes('Active:'), persistent: yes('Persistent:'), autostart: yes('Autostart:') };
}
