import type {
  AddressSource,
  GuestDeviceInput,
  GuestOperations,
  GuestRunState,
  GuestState,
} from '../transport/guest-operations.js';
import type { Copies } from '../transport/op.js';
import { type Asking, orUndefined } from './asking.js';
import type { Handler, Handlers } from './handler.js';
import { CALLS, type GuestName, type Procedure } from './wire/procedures.js';

/** `virConnectListAllDomainsFlags` of libvirt. */
const LISTED = { active: 1, inactive: 2, persistent: 4, running: 16, paused: 32 } as const;

/** `virDomainState` of libvirt, as far as lists tell states apart. */
const STATES: Readonly<Record<number, GuestRunState>> = { 1: 'running', 3: 'paused', 5: 'stopped' };

/** `VIR_DOMAIN_XML_INACTIVE` of libvirt. */
const STORED = 2;

/** `virDomainInterfaceAddressesSource` of libvirt. */
const SOURCES: Readonly<Record<AddressSource, number>> = { lease: 0, agent: 1, arp: 2 };

/** `VIR_IP_ADDR_TYPE_IPV6` of libvirt. */
const IPV6 = 1;

/** `virDomainModificationImpact` of libvirt. */
const copiesOf = ({ live, config }: Copies): number => (live ? 1 : 0) | (config ? 2 : 0);

type DeviceArgs = { readonly dom: GuestName; readonly xml: string; readonly flags: number };

const withDevice =
  (call: Procedure<DeviceArgs, undefined>) =>
  async (input: GuestDeviceInput, asking: Asking): Promise<undefined> =>
    asking.change(call, { dom: await asking.guest(input), xml: input.xml, flags: copiesOf(input) });

/** Lists guests with their state: five lists tell all, however many guests there are. */
const listGuests: Handler<'guest.list'> = async (input, asking) => {
  const wanted = input.active === undefined ? 0 : input.active ? LISTED.active : LISTED.inactive;
  const [all = [], ...sets] = await Promise.all(
    [wanted, LISTED.active, LISTED.persistent, LISTED.running, LISTED.paused].map(
      async (flags) => (await asking.read(CALLS.CONNECT_LIST_ALL_DOMAINS, { need_results: 1, flags })).domains,
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
  const whole = await Promise.all(
    states.map((state) => orUndefined(withDefinitions(state, input.inactive === true, asking))),
  );
  return whole.filter((state) => state !== undefined);
};

async function withDefinitions(state: GuestState, bothCopies: boolean, asking: Asking): Promise<GuestState> {
  const dom = { name: state.name, uuid: state.uuid, id: -1 };
  const read = async (flags: number) => (await asking.read(CALLS.DOMAIN_GET_XML_DESC, { dom, flags })).xml;
  const wantsStored = bothCopies && state.active && state.persistent;
  const [xml, inactiveXml] = await Promise.all([read(0), wantsStored ? read(STORED) : undefined]);
  return { ...state, xml, ...(inactiveXml === undefined ? {} : { inactiveXml }) };
}

const lookUpGuest: Handler<'guest.lookup'> = async ({ guest, xml }, asking) => {
  const dom = await asking.guest({ guest });
  const [{ active }, { persistent }, { state }] = await Promise.all([
    asking.read(CALLS.DOMAIN_IS_ACTIVE, { dom }),
    asking.read(CALLS.DOMAIN_IS_PERSISTENT, { dom }),
    asking.read(CALLS.DOMAIN_GET_STATE, { dom, flags: 0 }),
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
  const args = { dom: await asking.guest(named), source: SOURCES[source], flags: 0 };
  const { ifaces } = await asking.read(CALLS.DOMAIN_INTERFACE_ADDRESSES, args);
  return ifaces.flatMap(({ name, hwaddr, addrs }) =>
    addrs.map(({ type, addr, prefix }) => ({
      device: name,
      ...(hwaddr === undefined ? {} : { mac: hwaddr }),
      family: type === IPV6 ? ('ipv6' as const) : ('ipv4' as const),
      address: addr,
      prefix,
    })),
  );
};

/** Counters that a driver does not keep are -1. */
const counted = (value: bigint): number => Math.max(0, Number(value));

const readStatistics: Handler<'guest.statistics'> = async ({ device, ...named }, asking) => {
  const found = await asking.read(CALLS.DOMAIN_INTERFACE_STATS, { dom: await asking.guest(named), device });
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
  'guest.attach': withDevice(CALLS.DOMAIN_ATTACH_DEVICE_FLAGS),
  'guest.detach': withDevice(CALLS.DOMAIN_DETACH_DEVICE_FLAGS),
  'guest.update': withDevice(CALLS.DOMAIN_UPDATE_DEVICE_FLAGS),
  'guest.addresses': readAddresses,
  'guest.statistics': readStatistics,
};
