import { NetworkHandle } from '../client/handle.js';
import { LibvirtError } from '../errors/index.js';
import { BaseNetwork } from '../model/base.js';
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

/** What is diagnosed: a network, a guest's NIC, or a complaint. A complaint without a place looks at every network. */
export type DiagnosisTarget = NetworkTarget | Complaint | GuestTarget | ComplaintTarget;

/** A target in one form. */
export interface Scope {
  readonly network?: string;
  readonly guest?: string;
  readonly mac?: string;
  readonly complaint?: Complaint;
}

const isComplaint = (text: string): text is Complaint => COMPLAINTS.some((one) => one === text);

/**
 * Reads a target.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT` for what is none, and for a complaint that is not known
 */
export function scopeOf(target: DiagnosisTarget): Scope {
  if (typeof target === 'string') return isComplaint(target) ? { complaint: target } : { network: target };
  if (target instanceof NetworkHandle || target instanceof BaseNetwork) return { network: target.name };
  if (typeof target !== 'object' || target === null) throw invalid('a target is a name or an object');
  const complaint = 'complaint' in target ? target.complaint : undefined;
  if (complaint !== undefined && !isComplaint(complaint)) throw invalid(`'${String(complaint)}' is not a complaint`);
  const place = placeOf(target);
  if (complaint === undefined && place.guest === undefined)
    throw invalid('the target names neither a guest nor a complaint');
  return complaint === undefined ? place : { ...place, complaint };
}

function placeOf(target: GuestTarget | ComplaintTarget): Scope {
  if ('guest' in target && target.guest !== undefined) {
    const mac = target.mac === undefined ? undefined : normalizeMac(target.mac);
    if (target.mac !== undefined && mac === undefined) throw invalid(`'${target.mac}' is not a MAC address`);
    return mac === undefined ? { guest: target.guest } : { guest: target.guest, mac };
  }
  const network = 'network' in target ? target.network : undefined;
  if (network === undefined) return {};
  return { network: typeof network === 'string' ? network : network.name };
}

const invalid = (why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `cannot diagnose: ${why}`, {
    hint: `pass a network, { guest, mac }, or { complaint, network } with one of: ${COMPLAINTS.join(', ')}`,
  });
