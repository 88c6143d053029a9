import type { LibvirtError } from '../errors/index.js';
import { BaseNetwork } from '../model/base.js';
import { expectRecord, expectText, invalid, listOf } from '../options/expect.js';
import { kindOfValue } from '../options/kind-of-value.js';
import { shown } from '../options/shown.js';
import { parseAddress, parseCidr } from '../schema/address.js';

/** What a caller may have passed as a topology. */
interface Unchecked {
  readonly networks: readonly unknown[];
  readonly guests?: unknown;
  readonly outside?: unknown;
}

/**
 * Checks the parts of a topology that a picture shows; plain JavaScript passes anything.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT` that names the first part that is wrong
 */
export function checkTopology({ networks, guests, outside }: Unchecked): void {
  const names = new Set<string>();
  networks.forEach((network, i) => {
    const name = networkName(network, `networks[${i}]`);
    if (names.has(name)) throw invalid(`network "${name}" is in the topology more than once`, 'give each network once');
    names.add(name);
  });
  listOf(guests, 'guests').forEach((guest, i) => {
    checkGuest(guest, `guests[${i}]`);
  });
  listOf(outside, 'outside').forEach((segment, i) => {
    checkSegment(segment, `outside[${i}]`);
  });
}

function networkName(network: unknown, place: string): string {
  if (network instanceof BaseNetwork) return network.name;
  throw invalid(
    `${place} is not a network but ${kindOfValue(network)}`,
    'create it with NatNetwork.create() or another class, or read it with Network.parse()',
  );
}

/** The parts of a guest that are texts. */
const OPTIONAL_TEXTS = ['tap', 'mac', 'filter'];

function checkGuest(guest: unknown, place: string): void {
  const parts = expectRecord(guest, place, "write it as { name: 'web', network: 'lab' }");
  for (const part of ['name', 'network']) expectText(parts[part], `${place}.${part}`);
  for (const part of OPTIONAL_TEXTS) if (parts[part] !== undefined) expectText(parts[part], `${place}.${part}`);
  for (const address of listOf(parts['addresses'], `${place}.addresses`))
    if (!isAddress(address))
      throw invalid(
        `'${shown(address)}' in ${place}.addresses is not an address`,
        "write it as '192.168.50.10' or '192.168.50.10/24'",
      );
}

function checkSegment(segment: unknown, place: string): void {
  const parts = expectRecord(segment, place, "write it as { device: 'eth0', outside: ['198.51.100.2/24'] }");
  expectText(parts['device'], `${place}.device`);
  for (const part of ['host', 'outside'])
    for (const address of listOf(parts[part], `${place}.${part}`))
      if (typeof address !== 'string' || parseCidr(address) === undefined)
        throw invalid(
          `'${shown(address)}' in ${place}.${part} is not an address with a prefix`,
          "write it as '198.51.100.2/24'",
        );
}

const isAddress = (address: unknown): boolean =>
  typeof address === 'string' && (parseAddress(address) ?? parseCidr(address)) !== undefined;

/** The error for what is neither a topology nor a host. */
export function notDrawable(subject: unknown): LibvirtError {
  const what = subject instanceof BaseNetwork ? `network "${shown(subject.name)}"` : kindOfValue(subject);
  return invalid(
    `renderTopology needs a topology or a host, not ${what}`,
    "pass { networks: [network], backend: 'nftables' }, or what connect() returned",
  );
}
