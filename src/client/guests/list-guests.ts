import type { CallOptions } from '../../async/deadline.js';
import { deadline } from '../../async/deadline.js';
import type { Transport } from '../../transport/operations.js';
import { parseDump } from '../state/definition.js';
import { ifGone } from '../state/tolerated.js';
import type { AttachedNic } from './attached-nic.js';
import { askGuests, type GuestView, viewOf } from './guest-ref.js';

/** Which guests are listed. */
export interface GuestsWanted {
  readonly network?: string | undefined;
  readonly active?: boolean | undefined;
}

/** Lists guests with both copies of their NICs, by name. */
export async function listGuests(
  transport: Transport,
  { network, active }: GuestsWanted,
  options: CallOptions,
): Promise<readonly GuestView[]> {
  const remaining = deadline(options);
  const states = await askGuests(transport, 'guest.list', { active, xml: true, inactive: true }, remaining());
  const views = states.map(viewOf).sort((a, b) => byName(a.state.name, b.state.name));
  if (network === undefined) return views;
  const place = await placeOf(transport, network, remaining());
  return views.filter(({ live = [], stored = [] }) => [...live, ...stored].some((nic) => isOn(place, nic)));
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A network as NICs refer to it. */
export interface NetworkPlace {
  readonly network: string;
  /** Its bridges, running and stored. */
  readonly bridges: ReadonlySet<string>;
}

/** Tells whether a NIC refers to a network, by its name or by its bridge. */
export const isOn = ({ network, bridges }: NetworkPlace, nic: AttachedNic): boolean =>
  nic.network === undefined ? nic.bridge !== undefined && bridges.has(nic.bridge) : nic.network === network;

/** The NICs that refer to a network. */
export const nicsOn = (place: NetworkPlace, nics: readonly AttachedNic[]): readonly AttachedNic[] =>
  nics.filter((nic) => isOn(place, nic));

/** Finds out how NICs refer to a network, which is named by its name or uuid; one that does not exist has no bridge. */
async function placeOf(transport: Transport, network: string, options: CallOptions): Promise<NetworkPlace> {
  const state = await transport.call('network.lookup', { network, xml: true }, options).catch(ifGone);
  if (state === undefined) return { network, bridges: new Set() };
  const texts = [state.xml, state.inactiveXml].filter((xml) => xml !== undefined);
  const bridges = texts.flatMap((xml) => parseDump(xml).document.bridge?.name ?? []);
  return { network: state.name, bridges: new Set(bridges) };
}
