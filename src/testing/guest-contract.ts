import { nicsIn } from '../client/guests/attached-nic.js';
import type { GuestState } from '../transport/guest-operations.js';
import type { Copies } from '../transport/op.js';
import type { Transport } from '../transport/operations.js';
import type { ContractCase } from './contract.js';
import { fails, same } from './contract-checks.js';

/** A stopped guest that a case may change, and the way to it. */
interface Subject {
  readonly transport: Transport;
  readonly guest: string;
  readonly name: string;
}

const STORED: Copies = { live: false, config: true };
const MAC = '52:54:00:c0:c0:01';
const ABSENT = '52:54:00:c0:c0:02';
const NO_GUEST = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1aff';
const nic = (mac: string, more = ''): string =>
  `<interface type='user'><mac address='${mac}'/><model type='virtio'/>${more}</interface>`;

/**
 * Returns the guarantees of transports for the operations of guests as cases for any test runner, like `transportContract`.
 *
 * @param make - returns a transport to a host for one case, which closes it at the end
 * @param guest - name of a stored guest of that host without NICs, which does not run; it is as before after each case
 */
export const guestContract = (make: () => Promise<Transport> | Transport, guest: string): readonly ContractCase[] =>
  CASES.map(([name, body]) => ({
    name,
    run: async () => {
      const transport = await make();
      try {
        const { uuid } = await transport.call('guest.lookup', { guest });
        await restoring({ transport, guest: uuid, name: guest }, body);
      } finally {
        await transport.close();
      }
    },
  }));

/** Detaches what a case leaves: each of its NICs by an alias, since two can have one MAC address. */
async function restoring(subject: Subject, body: (subject: Subject) => Promise<void>): Promise<void> {
  const { transport, guest } = subject;
  try {
    await body(subject);
  } finally {
    for (const { xml } of nicsIn((await whole(subject)).xml ?? ''))
      await transport.call('guest.detach', { guest, xml, ...STORED }).catch(() => undefined);
  }
}

const whole = ({ transport, guest }: Subject): Promise<GuestState> =>
  transport.call('guest.lookup', { guest, xml: true });

const macsOf = async (subject: Subject): Promise<readonly string[]> =>
  nicsIn((await whole(subject)).xml ?? '').map(({ mac }) => mac);

const CASES: readonly (readonly [name: string, body: (subject: Subject) => Promise<void>])[] = [
  [
    'a guest is found by its name and by its uuid, and no other',
    async ({ transport, guest, name }) => {
      for (const key of [guest, name]) {
        const state = await transport.call('guest.lookup', { guest: key });
        same([state.name, state.uuid, state.state], [name, guest, 'stopped'], 'the guest');
        same([state.active, state.persistent, state.xml], [false, true, undefined], 'its state');
      }
      await fails(transport.call('guest.lookup', { guest: NO_GUEST }), 'GUEST_NOT_FOUND');
    },
  ],
  [
    'lists hold the guests of a state, with their definitions where they are asked for',
    async ({ transport, guest }) => {
      const find = async (input: { readonly active?: boolean; readonly xml?: boolean }) =>
        (await transport.call('guest.list', input)).find(({ uuid }) => uuid === guest);
      same((await find({}))?.state, 'stopped', 'the state in a list of all');
      same(await find({ active: true }), undefined, 'the guest among those that run');
      same((await find({ active: false, xml: true }))?.xml?.startsWith('<domain '), true, 'the definition');
    },
  ],
  [
    'a NIC is attached to the stored definition, changed and detached',
    async (subject) => {
      const { transport, guest } = subject;
      await transport.call('guest.attach', { guest, xml: nic(MAC), ...STORED });
      same(await macsOf(subject), [MAC], 'the NICs');
      await transport.call('guest.update', { guest, xml: nic(MAC, "<link state='down'/>"), ...STORED });
      same(nicsIn((await whole(subject)).xml ?? '')[0]?.link, 'down', 'the link');
      await transport.call('guest.detach', { guest, xml: nic(MAC), ...STORED });
      same(await macsOf(subject), [], 'the NICs after detach');
    },
  ],
  [
    'what needs a running guest is refused, and changes neither copy',
    async (subject) => {
      const { transport, guest } = subject;
      for (const config of [false, true])
        await fails(transport.call('guest.attach', { guest, xml: nic(MAC), live: true, config }), 'GUEST_INACTIVE');
      await fails(transport.call('guest.addresses', { guest, source: 'lease' }), 'GUEST_INACTIVE');
      await fails(transport.call('guest.statistics', { guest, device: MAC }), 'GUEST_INACTIVE');
      same(await macsOf(subject), [], 'the NICs');
    },
  ],
  [
    'a stream of events ends when its reader stops, and by an abort with its reason',
    async ({ transport }) => {
      if (transport.guestEvents === undefined) return;
      const events = transport.guestEvents()[Symbol.asyncIterator]();
      const first = events.next();
      await events.return?.();
      same((await first).done, true, 'the end of the stream');
      const reason = new Error('enough');
      const aborted = transport.guestEvents({ signal: AbortSignal.abort(reason) })[Symbol.asyncIterator]();
      const error = await aborted.next().catch((caught: unknown) => caught);
      if (error !== reason) throw new Error(`expected the reason of the abort, got ${String(error)}`);
    },
  ],
  [
    'a NIC that is not there is named, and of two with one MAC address none is taken',
    async (subject) => {
      const { transport, guest } = subject;
      const aliases = ['ua-one', 'ua-two'].map((name) => nic(MAC, `<alias name='${name}'/>`));
      for (const xml of aliases) await transport.call('guest.attach', { guest, xml, ...STORED });
      for (const operation of ['guest.detach', 'guest.update'] as const) {
        await fails(transport.call(operation, { guest, xml: nic(ABSENT), ...STORED }), 'NIC_NOT_FOUND');
        await fails(transport.call(operation, { guest, xml: nic(MAC), ...STORED }), 'NIC_AMBIGUOUS');
      }
      same(await macsOf(subject), [MAC, MAC], 'the NICs');
    },
  ],
];
