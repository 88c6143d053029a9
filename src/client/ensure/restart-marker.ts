import type { NetworkPort } from '../../schema/networkport.js';
import { isRecord } from '../../schema/values.js';

/** Longest text that Linux keeps with a device, in bytes. */
const LONGEST = 255;

/**
 * Mark that a restart writes on the device of a guest, because libvirt forgets the guest's port when the network stops. After a killed program, the next one finds it there. It disappears with the device, so it is never stale.
 */
export interface RestartMark {
  /** Uuid of the network. */
  readonly network: string;
  /** The guest's port on it, as far as there is room: libvirt forgets that as well. */
  readonly port?: NetworkPort | undefined;
  /** The text that the device had before. */
  readonly before: string;
}

/** The text of a mark, or nothing where there is no room for one. */
export function writeRestartMark({ network, port, before }: RestartMark): string | undefined {
  const texts = [port, undefined].map((one) =>
    JSON.stringify({ [KEY]: network, port: one && wordsOf(one), before: before || undefined }),
  );
  return texts.find((text) => new TextEncoder().encode(text).length <= LONGEST);
}

/** The mark that a device carries, if it does. */
export function readRestartMark(alias: string | undefined): RestartMark | undefined {
  const whole = alias?.startsWith(`{"${KEY}":`) === true ? parsed(alias) : undefined;
  if (!isRecord(whole)) return undefined;
  const { [KEY]: network, port, before = '' } = whole;
  if (typeof network !== 'string' || typeof before !== 'string') return undefined;
  return { network, before, port: Array.isArray(port) ? portOf(port.map(String)) : undefined };
}

const KEY = 'libvirt-network';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a text of another program
  }
}

const wordsOf = ({ uuid, mac, owner, group }: NetworkPort): readonly string[] => [
  uuid,
  mac.address,
  owner.uuid,
  owner.name,
  ...(group === undefined ? [] : [group]),
];

const portOf = ([uuid = '', address = '', owner = '', name = '', group]: readonly string[]): NetworkPort => ({
  uuid,
  mac: { address },
  owner: { uuid: owner, name },
  ...(group === undefined ? {} : { group }),
});
