import { macOf } from '../client/guests/attached-nic.js';
import { attributeOf } from '../client/guests/nic-element.js';
import type { GuestAddress, GuestOperations, GuestState } from '../transport/guest-operations.js';
import type { Answers } from './answers.js';
import type { MockDriver } from './driver.js';
import { MockGuests } from './guest-driver.js';
import { type MockGuest, printGuest } from './guest-state.js';
import { invalid, Refusal } from './refusal.js';

/** How the mock carries out each operation of guests. */
export function guestAnswers(driver: MockDriver, now: () => Date): Answers<keyof GuestOperations> {
  const guests = new MockGuests(driver);
  return {
    'guest.list': ({ active, xml, inactive }) =>
      guests.all
        .filter((guest) => active === undefined || active === (guest.live !== undefined))
        .map((guest) => (xml === true ? whole(guest, inactive === true) : stateOf(guest))),
    'guest.lookup': ({ guest, xml }) => {
      const found = guests.find(guest);
      return xml === true ? whole(found, true) : stateOf(found);
    },
    'guest.attach': (input) => guests.attach(input),
    'guest.detach': (input) => guests.detach(input),
    'guest.update': (input) => guests.update(input),
    'guest.addresses': ({ guest, source }) => {
      const live = running(guests.find(guest));
      if (source === 'agent') throw new Refusal('argument unsupported: QEMU guest agent is not configured');
      return source === 'lease' ? live.flatMap((nic) => leasesOf(driver, nic, now())) : [];
    },
    'guest.statistics': ({ guest, device }) => {
      const nic = running(guests.find(guest)).find(
        (one) => macOf(one) === device.toLowerCase() || attributeOf(one, 'target', 'dev') === device,
      );
      if (nic === undefined) throw new Refusal(`invalid argument: invalid path, '${device}' is not a known interface`);
      return NO_TRAFFIC;
    },
  };
}

const NO_TRAFFIC = {
  rxBytes: 0,
  rxPackets: 0,
  rxErrors: 0,
  rxDropped: 0,
  txBytes: 0,
  txPackets: 0,
  txErrors: 0,
  txDropped: 0,
};

const running = ({ live }: MockGuest) => live ?? invalid('domain is not running');

const stateOf = ({ name, uuid, live, config }: MockGuest): GuestState => ({
  name,
  uuid,
  state: live === undefined ? 'stopped' : 'running',
  active: live !== undefined,
  persistent: config !== undefined,
});

const whole = (guest: MockGuest, withStored: boolean): GuestState => {
  const { live, config } = guest;
  return {
    ...stateOf(guest),
    xml: printGuest(guest, live ?? config ?? [], live === undefined ? undefined : '1'),
    ...(withStored && live !== undefined && config !== undefined
      ? { inactiveXml: printGuest(guest, config, undefined) }
      : {}),
  };
};

/** The leases of a NIC on a network of libvirt. */
function leasesOf(driver: MockDriver, nic: ReturnType<typeof running>[number], now: Date): readonly GuestAddress[] {
  const network = attributeOf(nic, 'source', 'network');
  if (network === undefined) return [];
  const mac = macOf(nic);
  const device = attributeOf(nic, 'target', 'dev') ?? '';
  return driver
    .find(network)
    .leases.filter((lease) => lease.mac.toLowerCase() === mac && (lease.expiry === undefined || lease.expiry >= now))
    .map(({ family, address, prefix }) => ({ device, mac: mac ?? '', family, address, prefix }));
}
