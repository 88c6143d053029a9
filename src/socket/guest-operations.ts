import type {
  AddressSource,
  GuestDeviceInput,
  GuestOperations,
  GuestRunState,
  GuestState,
} from '../transport/guest-operations.js';
import { type Asking, byUuidOrName, isUuid, present } from './asking.js';
import type { Handler, Handlers } from './handler.js';
import { copiesOf, familyOf } from './numbers.js';
import { GUEST_CALLS, type GuestName } from './wire/guest-procedures.js';
import type { Procedure } from './wire/procedures.js';

/** `virConnectListAllDomainsFlags` of libvirt. */
const LISTED = { active: 1, inactive: 2, persistent: 4, running: 16, paused: 32 } as const;

/** `virDomainState` of libvirt, as far as lists tell states apart. */
const STATES: Readonly<Record<number, GuestRunState>> = { 1: 'running', 3: 'paused', 5: 'stopped' };

/** `VIR_DOMAIN_XML_INACTIVE` of libvirt. */
const STORED = 2;

/** `virDomainInterfaceAddressesSource` of libvirt. */
const SOURCES: Readonly<Record<AddressSource, number>> = { lease: 0, agent: 1, arp: 2 };

type DeviceArgs = { readonly dom: GuestName; readonly xml: string; readonly flags: number };

const withDevice =
  (call: Procedure<DeviceArgs, undefined>) =>
  async (input: GuestDeviceInput, asking: Asking): Promise<undefined> =>
    asking.change(call, { dom: await guestOf(input, asking), xml: input.xml, flags: copiesOf(input) });

/** Names a guest, as operations do. */
interface Named {
  readonly guest: string;
  readonly name?: string | undefined;
}

/** Finds a guest. Daemons go by the uuid alone. */
async function guestOf({ guest, name }: Named, asking: Asking): Promise<GuestName> {
  if (name !== undefined && isUuid(guest)) return { name, uuid: guest, id: -1 };
  const found = await byUuidOrName(guest, {
    byUuid: (uuid) => asking.read(GUEST_CALLS.DOMAIN_LOOKUP_BY_UUID, { uuid }),
    byName: (text) => asking.read(GUEST_CALLS.DOMAIN_LOOKUP_BY_NAME, { name: text }),
  });
  return found.dom;
}

/** Lists guests with their state: five lists tell all, however many guests there are. */
const listGuests: Handler<'guest.list'> = async (input, asking) => {
  const wanted = input.active === undefined ? 0 : input.active ? LISTED.active : LISTED.inactive;
  const [all = [], ...sets] = await Promise.all(
    [wanted, LISTED.active, LISTED.persistent, LISTED.running, LISTED.paused].map(
      async (flags) => (await asking.read(GUEST_CALLS.CONNECT_LIST_ALL_DOMAINS, { need_results: 1, flags })).domains,
    ),
  );
  const [active, persistent, running, paused] = sets.map((guests) => new Set(guests.map(({ uuid }) => uuid)));
  const stateOf = (uuid: string): GuestRunState => {
    if (running?.has(uuid) === true) return 'running';
    if (paused?.has(uuid) === true) return 'paused';
    return active?.has(uuid) === true ? 'other' : 'stopped';
  };
  const states = all.map(({ name, uuid }) => ({
    name,
    uuid,
    state: stateOf(uuid),
    active: active?.has(uuid) === true,
    persistent: persistent?.has(uuid) === true,
  }));
  if (input.xml !== true) return states;
  return present(states.map((state) => withDefinitions(state, input.inactive === true, asking)));
};

async function withDefinitions(state: GuestState, bothCopies: boolean, asking: Asking): Promise<GuestState> {
  const dom = { name: state.name, uuid: state.uuid, id: -1 };
  const read = async (flags: number) => (await asking.read(GUEST_CALLS.DOMAIN_GET_XML_DESC, { dom, flags })).xml;
  const wantsStored = bothCopies && state.active && state.persistent;
  const [xml, inactiveXml] = await Promise.all([read(0), wantsStored ? read(STORED) : undefined]);
  return { ...state, xml, ...(inactiveXml === undefined ? {} : { inactiveXml }) };
}

const lookUpGuest: Handler<'guest.lookup'> = async ({ guest, xml }, asking) => {
  const dom = await guestOf({ guest }, asking);
  const [{ active }, { persistent }, { state }] = await Promise.all([
    asking.read(GUEST_CALLS.DOMAIN_IS_ACTIVE, { dom }),
    asking.read(GUEST_CALLS.DOMAIN_IS_PERSISTENT, { dom }),
    asking.read(GUEST_CALLS.DOMAIN_GET_STATE, { dom, flags: 0 }),
  ]);
  const found: GuestState = {
    name: dom.name,
    uuid: dom.uuid,
    state: STATES[state] ?? 'other',
    active: active === 1,
    persistent: persistent === 1,
  };
  return xml === true ? withDefinitions(found, true, asking) : found;
};

const readAddresses: Handler<'guest.addresses'> = async ({ source, ...named }, asking) => {
  const args = { dom: await guestOf(named, asking), source: SOURCES[source], flags: 0 };
  const { ifaces } = await asking.read(GUEST_CALLS.DOMAIN_INTERFACE_ADDRESSES, args);
  return ifaces.flatMap(({ name, hwaddr, addrs }) =>
    addrs.map(({ type, addr, prefix }) => ({
      device: name,
      ...(hwaddr === undefined ? {} : { mac: hwaddr }),
      family: familyOf(type),
      address: addr,
      prefix,
    })),
  );
};

/** Counters that a driver does not keep are -1. */
const counted = (value: bigint): number => Math.max(0, Number(value));

const readStatistics: Handler<'guest.statistics'> = async ({ device, ...named }, asking) => {
  const found = await asking.read(GUEST_CALLS.DOMAIN_INTERFACE_STATS, { dom: await guestOf(named, asking), device });
  return {
    rxBytes: counted(found.rx_bytes),
    rxPackets: counted(found.rx_packets),
    rxErrors: counted(found.rx_errs),
    rxDropped: counted(found.rx_drop),
    txBytes: counted(found.tx_bytes),
    txPackets: counted(found.tx_packets),
    txErrors: counted(found.tx_errs),
    txDropped: counted(found.tx_drop),
  };
};

/** How a socket carries out each operation of guests. */
export const guestHandlers: Handlers<keyof GuestOperations> = {
  'guest.list': listGuests,
  'guest.lookup': lookUpGuest,
  'guest.attach': withDevice(GUEST_CALLS.DOMAIN_ATTACH_DEVICE_FLAGS),
  'guest.detach': withDevice(GUEST_CALLS.DOMAIN_DETACH_DEVICE_FLAGS),
  'guest.update': withDevice(GUEST_CALLS.DOMAIN_UPDATE_DEVICE_FLAGS),
  'guest.addresses': readAddresses,
  'guest.statistics': readStatistics,
};
