import { Guests } from '../client/guests/guests.js';
import { type Host, transportOf } from '../client/host.js';

/**
 * Gives access to the guests of a host and their NICs. Needs a daemon that runs virtual machines, such as that of
 * `qemu:///system`.
 *
 * @param host - what `connect` returned
 *
 * @example
 * ```ts
 * const web = await guests(host).get('web1');
 * await web.attach("<interface type='network'><source network='lab'/><model type='virtio'/></interface>");
 * ```
 */
export const guests = (host: Host): Guests => new Guests(transportOf(host));
