import { LibvirtError } from '../../errors/index.js';
import type { AnyNetwork } from '../../model/network.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { parseAddress } from '../../schema/address.js';
import { normalizeMac } from '../../schema/scalar.js';
import type { LeaseRecord } from '../../transport/operations.js';

/** Guest whose lease {@link NetworkHandle.waitForLease} waits for; if both are given, both must match. */
export interface LeaseWanted {
  /** MAC address of the guest's NIC, in any spelling. */
  readonly mac?: string;
  /** Host name that the guest gives itself, without regard to case. */
  readonly hostname?: string;
}

const WANTED: OptionNames<LeaseWanted> = { mac: true, hostname: true };

/** Returns the newest lease of each MAC address in each family: recreated guests may still have older leases. */
export function newestLeases(leases: readonly LeaseRecord[]): readonly LeaseRecord[] {
  const newest = new Map<string, LeaseRecord>();
  for (const lease of leases) {
    const key = `${lease.family} ${normalizeMac(lease.mac) ?? lease.mac}`;
    const other = newest.get(key);
    if (other === undefined || endOf(lease) >= endOf(other)) newest.set(key, lease);
  }
  return [...newest.values()];
}

const endOf = ({ expiry }: LeaseRecord): number => expiry?.getTime() ?? Number.POSITIVE_INFINITY;

/**
 * Returns a predicate for the lease to wait for.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when neither mac nor hostname is given, or the MAC address is not valid
 */
export function leaseMatcher(wanted: LeaseWanted): (lease: LeaseRecord) => boolean {
  const { mac, hostname } = optionsOf(wanted, WANTED, 'waitForLease');
  const wantedMac = mac === undefined ? undefined : normalizeMac(mac);
  if (mac !== undefined && wantedMac === undefined)
    throw new LibvirtError('INVALID_ARGUMENT', `'${mac}' is not a MAC address`, {
      hint: 'write it as 52:54:00:00:00:01',
    });
  if (mac === undefined && hostname === undefined)
    throw new LibvirtError('INVALID_ARGUMENT', 'waitForLease needs a mac or hostname', {
      hint: 'pass mac or hostname',
    });
  return (lease) =>
    (wantedMac === undefined || normalizeMac(lease.mac) === wantedMac) &&
    (hostname === undefined || lease.hostname?.toLowerCase() === hostname.toLowerCase());
}

/** State of a network whose guest got no lease in time. */
export interface LeaseSituation {
  readonly active: boolean;
  readonly network: AnyNetwork;
  readonly leases: readonly LeaseRecord[];
}

/** Explains why a guest may have got no lease; the first cause that applies wins. */
export function explainMissingLease({ active, network, leases }: LeaseSituation): string {
  if (!active) return 'the network is not running: start it';
  const subnets = (network.document.ips ?? []).flatMap(({ dhcp }) => (dhcp === undefined ? [] : [dhcp]));
  const ranges = subnets.flatMap((dhcp) => dhcp.ranges ?? []);
  const hosts = subnets.flatMap((dhcp) => dhcp.hosts ?? []);
  if (ranges.length === 0 && hosts.length === 0)
    return 'DHCP is not configured: the network has no DHCP range and no reservation';
  if (ranges.length === 0) return 'the network has no DHCP range: only guests with a reservation get an address';
  const size = ranges.reduce((sum, { start, end }) => sum + sizeOf(start, end), 0n);
  if (BigInt(leases.length) >= size) return `all ${size} addresses are leased: make the range larger`;
  return 'the guest has not asked: check that it is running, has this MAC address and uses DHCP';
}

function sizeOf(start: string, end: string): bigint {
  const [first, last] = [parseAddress(start), parseAddress(end)];
  return first === undefined || last === undefined ? 0n : last.value - first.value + 1n;
}
