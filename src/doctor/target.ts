import { NetworkHandle } from '../client/handle.js';
import { LibvirtError } from '../errors/index.js';
import { BaseNetwork } from '../model/base.js';
import { readable } from '../options/options.js';
import { shown } from '../options/shown.js';
import { normalizeMac } from '../schema/scalar.js';

/** Symptoms that people report. */
export const COMPLAINTS = ['no address', 'no dns', 'no way out', 'not reachable', 'does not start'] as const;

/** A symptom that somebody reports. */
export type Complaint = (typeof COMPLAINTS)[number];

/** A network: its name, its handle, or its value. */
export type NetworkTarget = string | NetworkHandle | BaseNetwork;

/** A NIC of a guest; all of the guest's without `mac`. */
export interface GuestTarget {
  /** Name of the guest. */
  readonly guest: string;
  /** MAC address of its NIC. */
  readonly mac?: string;
}

/** A symptom, and where it was seen; anywhere without a place. */
export type ComplaintTarget = { readonly complaint: Complaint } & (
  | { readonly network?: NetworkTarget; readonly guest?: never }
  | { readonly network?: never; readonly guest: string; readonly mac?: string }
);

/** A network by its name, also one that is called like a complaint. */
export interface NetworkPlace {
  readonly network: NetworkTarget;
}

/** What is diagnosed: a network, a guest's NIC, or a complaint. A complaint without a place looks at every network. */
export type DiagnosisTarget = NetworkTarget | Complaint | NetworkPlace | GuestTarget | ComplaintTarget;

/** A target in one form. */
export interface Scope {
  readonly network?: string;
  readonly guest?: string;
  readonly mac?: string;
  readonly complaint?: Complaint;
}

const isComplaint = (value: unknown): value is Complaint => COMPLAINTS.some((one) => one === value);

/**
 * Reads a target.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT` for what is none, and for a complaint that is not known
 */
export function scopeOf(target: DiagnosisTarget): Scope {
  if (typeof target === 'string')
    return isComplaint(target) ? { complaint: target } : { network: networkNamed(target) };
  if (target instanceof NetworkHandle || target instanceof BaseNetwork) return { network: target.name };
  if (typeof target !== 'object' || target === null) throw invalid('a target is a name or an object');
  const { complaint, network, guest, mac } = partsOf(target);
  if (complaint !== undefined && !isComplaint(complaint)) throw invalid(`${shown(complaint)} is not a complaint`);
  if (network !== undefined && guest !== undefined) throw invalid('the target names both a network and a guest');
  if (mac !== undefined && guest === undefined) throw invalid('the target has a MAC address, but no guest');
  const place = guest === undefined ? networkPlace(network) : guestPlace(guest, mac);
  if (complaint === undefined && place.guest === undefined && place.network === undefined)
    throw invalid('the target names no network, no guest and no complaint');
  return complaint === undefined ? place : { ...place, complaint };
}

const PARTS = ['complaint', 'network', 'guest', 'mac'] as const;

/** The parts of a target, of whatever type they are. */
function partsOf(target: object): { readonly [K in (typeof PARTS)[number]]?: unknown } {
  const unknown = Object.keys(target).find((key) => !PARTS.some((part) => part === key));
  if (unknown !== undefined) throw invalid(`a target has no property '${unknown}'`);
  return readable('diagnose', () => ({ ...target }));
}

function guestPlace(guest: unknown, mac: unknown): Scope {
  if (typeof guest !== 'string' || guest === '') throw invalid(`the name of a guest is a text, not ${shown(guest)}`);
  if (mac === undefined) return { guest };
  const normal = typeof mac === 'string' ? normalizeMac(mac) : undefined;
  if (normal === undefined) throw invalid(`${shown(mac)} is not a MAC address`);
  return { guest, mac: normal };
}

function networkPlace(network: unknown): Scope {
  if (network === undefined) return {};
  if (network instanceof NetworkHandle || network instanceof BaseNetwork) return { network: network.name };
  if (typeof network !== 'string') throw invalid(`a network is a name, a handle or a value, not ${shown(network)}`);
  return { network: networkNamed(network) };
}

function networkNamed(name: string): string {
  if (name === '') throw invalid('the name of the network is empty');
  return name;
}

const invalid = (why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `cannot diagnose: ${why}`, {
    hint: `pass a network, { network }, { guest, mac }, or { complaint, network } with one of: ${COMPLAINTS.join(', ')}`,
  });
