import type { CallOptions } from '../../async/deadline.js';
import { sleep } from '../../async/sleep.js';
import { LibvirtError, TransportError } from '../../errors/index.js';
import type { AddressSource, GuestAddress } from '../../transport/guest-operations.js';
import { within } from '../../transport/with-deadline.js';
import { WAIT_MS, type WaitOptions } from '../wait/poll.js';
import { askGuests, type GuestRef } from './guest-ref.js';

/** The address that {@link GuestHandle.waitForAddress} waits for. */
export interface AddressWanted {
  /** MAC address of the NIC. Default: any. */
  readonly mac?: string | undefined;
  /** Default: any. */
  readonly family?: 'ipv4' | 'ipv6' | undefined;
  /** Where addresses come from. Default: `lease`. */
  readonly source?: AddressSource | undefined;
}

const EVERY_MS = 1000;

/** Reads the addresses of a guest. */
export const readAddresses = (
  guest: GuestRef,
  source: AddressSource,
  options: CallOptions,
): Promise<readonly GuestAddress[]> =>
  askGuests(guest.transport, 'guest.addresses', { ...guest.self, source }, options);

/** Looks again and again until a guest has an address. An agent that does not answer yet is waited for. */
export async function waitForAddress(
  guest: GuestRef,
  { mac, family, source = 'lease' }: AddressWanted,
  { signal, timeoutMs = WAIT_MS, everyMs = EVERY_MS }: WaitOptions,
): Promise<GuestAddress> {
  const fits = (one: GuestAddress): boolean =>
    (mac === undefined || one.mac?.toLowerCase() === mac) && (family === undefined || one.family === family);
  const subject = guest.subject('guest.addresses');
  try {
    return await within(subject, { signal, timeoutMs }, async (stop) => {
      if (mac !== undefined) await expectNic(guest, mac, { signal: stop.signal });
      for (;;) {
        const found = (await readAddresses(guest, source, { signal: stop.signal }).catch(noneYet)).find(fits);
        if (found !== undefined) return found;
        await sleep(everyMs, stop.signal);
      }
    });
  } catch (error) {
    if (!(error instanceof TransportError) || error.code !== 'TIMEOUT') throw error;
    const which = mac === undefined ? '' : ` of NIC ${mac}`;
    throw new TransportError(
      'TIMEOUT',
      `guest "${guest.name}" on ${guest.transport.label} has no address${which} after ${timeoutMs} ms, by ${source}`,
      { operation: 'guest.addresses', hint: HINTS[source], cause: error },
    );
  }
}

/** Throws when the running guest has no NIC of a MAC address, which then never gets an address. */
async function expectNic(guest: GuestRef, mac: string, options: CallOptions): Promise<void> {
  const { live } = await guest.view(options);
  if (live === undefined || live.some((nic) => nic.mac === mac)) return;
  throw guest.refusal('NIC_NOT_FOUND', 'guest.addresses', `the running guest has no NIC ${mac}`);
}

const HINTS: Readonly<Record<AddressSource, string>> = {
  lease: "leases are known of libvirt's own networks with DHCP alone: look inside of the guest, or ask another source",
  agent: 'qemu-guest-agent must run inside of the guest',
  arp: 'the host must have talked to the guest a short while ago; ping it first',
};

function noneYet(error: unknown): readonly GuestAddress[] {
  const isNotReady =
    LibvirtError.is(error) && error.code === 'AGENT_MISSING' && /not connected|not responding/i.test(error.message);
  if (isNotReady) return [];
  throw error;
}
