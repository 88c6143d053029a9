import type { GuestDeviceInput, GuestOperations } from '../transport/guest-operations.js';
import { copies, STDIN, value, type Words } from './words.js';

/** Operations of guests that one virsh command carries out. */
type CommandOperation = Exclude<keyof GuestOperations, 'guest.list' | 'guest.lookup'>;

type Table = { readonly [K in CommandOperation]: (input: GuestOperations[K]['input']) => Words };

/** A command that is given a device. */
const withDevice =
  (command: string) =>
  ({ guest, xml, ...wanted }: GuestDeviceInput): Words => ({
    words: [command, value('domain', guest), value('file', STDIN), ...copies(wanted)],
    document: xml,
  });

/** Commands of each operation of guests. */
export const GUEST_COMMANDS: Table = {
  'guest.attach': withDevice('attach-device'),
  'guest.detach': withDevice('detach-device'),
  'guest.update': withDevice('update-device'),
  'guest.addresses': ({ guest, source }) => ({
    words: ['domifaddr', value('domain', guest), '--full', value('source', source)],
  }),
  'guest.statistics': ({ guest, device }) => ({
    words: ['domifstat', value('domain', guest), value('interface', device)],
  }),
};
