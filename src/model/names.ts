import { LibvirtError } from '../errors/index.js';
import { readable } from '../options/options.js';
import { shown } from '../options/shown.js';
import { utf8Length } from '../schema/rules/ports.js';
import { uuid as uuidScalar } from '../schema/scalar.js';

/** Longest name of a Linux device, in bytes. */
const DEVICE_NAME_BYTES = 15;

/** 32 bits of FNV-1a: enough to tell names apart, and the same everywhere. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  // Half a character has no code in UTF-8.
  for (const byte of encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')))
    value = Math.imul(value ^ byte.charCodeAt(0), 0x01000193) >>> 0;
  return value;
}

/** Eight hexadecimal digits that stand for a text. */
export const shortHash = (text: string): string => hash(text).toString(16).padStart(8, '0');

/**
 * Returns a name for the bridge of a network: `br-` and the network's name if that fits into the 15 bytes that Linux allows, otherwise a shortened name with a hash of the whole name. The same name and the same
 * `taken` always give the same result.
 *
 * @param network - the network's name, of any length
 * @param taken - a device name, or a list of device names, that must not be used
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the name is not a string, or `taken` contains anything but names
 */
export function bridgeNameFor(network: string, taken: Iterable<string> = []): string {
  if (typeof network !== 'string') throw new LibvirtError('INVALID_ARGUMENT', 'bridgeNameFor needs a name as text');
  // A text would be taken for the list of its letters.
  const names = typeof taken === 'string' ? [taken] : taken;
  const used = readable('bridgeNameFor', () =>
    typeof names?.[Symbol.iterator] === 'function' ? new Set(names) : undefined,
  );
  if (used === undefined) throw new LibvirtError('INVALID_ARGUMENT', 'bridgeNameFor needs the taken names as a list');
  const plain = `br-${network}`;
  if (/^[\w.-]+$/.test(network) && utf8Length(plain) <= DEVICE_NAME_BYTES && !used.has(plain)) return plain;
  const letters = network.replace(/[^A-Za-z0-9]/g, '').slice(0, 5);
  for (let attempt = 0; ; attempt++) {
    const suffix = hash(`${network}\0${attempt}`).toString(36).padStart(7, '0').slice(0, 7);
    const name = `br-${letters}${suffix}`;
    if (!used.has(name)) return name;
  }
}

/**
 * Derives a MAC address for a network's bridge from its uuid: defining the network again gives the bridge the same address, and guests keep their gateway. The address is in the range that libvirt itself uses.
 *
 * @param uuid - with or without dashes
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not a uuid
 */
export function macFor(uuid: string): string {
  const normal = typeof uuid === 'string' ? uuidScalar.read(uuid) : undefined;
  if (normal === undefined) throw new LibvirtError('INVALID_ARGUMENT', `'${shown(uuid)}' is not a uuid`);
  const bytes = shortHash(normal).slice(2);
  return `52:54:00:${bytes.slice(0, 2)}:${bytes.slice(2, 4)}:${bytes.slice(4, 6)}`;
}
