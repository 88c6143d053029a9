import type { NetworkDocument } from '../schema/network/network.js';
import type { NetworkPort } from '../schema/networkport.js';
import type { FilterBindingDocument } from '../schema/nwfilter/binding.js';
import type { FilterDocument } from '../schema/nwfilter/filter.js';
import type { GuestEvent } from '../transport/guest-operations.js';
import type { LeaseRecord, NetworkEvent } from '../transport/operations.js';
import type { MockGuest } from './guest-state.js';

/** A network of the mock: running, stored, or both. */
export interface MockNetwork {
  readonly name: string;
  readonly uuid: string;
  /** The running definition. */
  readonly live?: NetworkDocument;
  /** The stored definition, which the next start uses. */
  readonly config?: NetworkDocument;
  readonly autostart: boolean;
  readonly leases: readonly LeaseRecord[];
  readonly ports: readonly NetworkPort[];
}

/** A filter as the mock has it stored. */
export type MockFilter = FilterDocument & { readonly uuid: string };

/** Everything the mock holds; plain data, so that a snapshot is a copy. */
export interface MockState {
  readonly networks: ReadonlyMap<string, MockNetwork>;
  readonly guests: ReadonlyMap<string, MockGuest>;
  /** Filters by their uuids. */
  readonly filters: ReadonlyMap<string, MockFilter>;
  /** Filters in force by their devices. */
  readonly bindings: ReadonlyMap<string, FilterBindingDocument>;
  /** Counter for generated uuids and MAC addresses. */
  readonly made: number;
  /** Counter for the devices of guests. */
  readonly devices: number;
}

/** Announces changes to the streams of events. */
export interface Announcer {
  readonly network: (type: NetworkEvent['type'], network: string) => void;
  /** @param event - without its time */
  readonly guest: (event: Omit<GuestEvent, 'at'>) => void;
}

/** A number as hexadecimal digits. */
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').slice(-digits);

/** The n-th uuid of a seed: the same in every run. */
export const madeUuid = (seed: number, n: number): string => `${hex(seed, 8)}-0000-4000-8000-${hex(n, 12)}`;

/** The n-th MAC address of a seed, in libvirt's range. */
export const madeMac = (seed: number, n: number): string => `52:54:00:${hex(seed, 2)}:${hex(n >> 8, 2)}:${hex(n, 2)}`;

/** The uuid of the n-th filter that is there from the beginning: another one for each seed, as on each host. */
export const installedUuid = (seed: number, n: number): string => `${hex(seed, 8)}-0000-4000-9000-${hex(n, 12)}`;
