import { parseAddress } from '../../schema/address.js';
import { readKeyfile } from '../text/keyfile.js';
import type { ReadContext, SourceFile } from './context.js';
import { type FixedAddresses, fixedAddresses } from './nm-addresses.js';
import { SectionFile, type SettingTracker } from './setting-tracker.js';

// NetworkManager does not load a profile that has one of these faults: reading on would describe a host that never is.

/** Takes a profile apart. */
export function profileFile(file: SourceFile, { refuse }: ReadContext): SectionFile {
  const read = readKeyfile(file.content);
  return 'flaw' in read ? refuse(file, read.flaw.line, read.flaw.why) : new SectionFile(file, read.sections);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Profiles of the first releases have a hash here. */
const OLD_ID = /^[0-9a-f]{40}$/i;

/** The uuid of a profile, or an empty text where NetworkManager makes one from the path. */
export function uuidIn(file: SectionFile, connection: SettingTracker, { refuse }: ReadContext): string {
  const line = connection.lineOf('uuid');
  const uuid = connection.text('uuid') ?? '';
  if (uuid === '' || UUID.test(uuid) || OLD_ID.test(uuid)) return uuid.toLowerCase();
  return refuse(file.source, line ?? 1, `'${uuid}' is not a UUID`);
}

const METHODS = {
  ipv4: ['auto', 'manual', 'link-local', 'shared', 'disabled'],
  ipv6: ['auto', 'dhcp', 'manual', 'link-local', 'shared', 'disabled', 'ignore'],
} as const;

/** Methods that the model has words for. */
const MODELLED = {
  ipv4: ['auto', 'manual', 'disabled'],
  ipv6: ['auto', 'dhcp', 'manual', 'link-local', 'disabled'],
} as const;

/** How a family gets its addresses, and those that are fixed. */
export interface FamilySetup {
  readonly method: string;
  readonly fixed: FixedAddresses;
}

/** Reads one family of a profile. A profile without the section takes addresses by itself; one without a method is refused. */
export function familySetup(file: SectionFile, family: 'ipv4' | 'ipv6', context: ReadContext): FamilySetup {
  const ip = file.section(family);
  if (!file.has(family)) return { method: 'auto', fixed: { addresses: [] } };
  const refuse = (key: string, why: string): never =>
    context.refuse(file.source, ip.lineOf(key) ?? file.lineOf(family), `${family}.${key}: ${why}`);
  const method = ip.peek('method');
  if (method === undefined) return refuse('method', 'it is missing');
  if (!METHODS[family].some((one) => one === method)) return refuse('method', `there is no method '${method}'`);
  const gatewayLine = ip.lineOf('gateway');
  ip.one((text) => MODELLED[family].find((one) => one === text), 'method');
  const fixed = fixedAddresses(ip, family);
  checkFixed(method, fixed, family, (key, why) =>
    key === 'gateway' && gatewayLine !== undefined ? context.refuse(file.source, gatewayLine, why) : refuse(key, why),
  );
  return { method, fixed };
}

function checkFixed(
  method: string,
  { addresses, gateway }: FixedAddresses,
  family: 'ipv4' | 'ipv6',
  refuse: (key: string, why: string) => never,
): void {
  if (method === 'manual' && addresses.length === 0)
    refuse('addresses', "the method 'manual' needs an address that can be read");
  const isClosed = method === 'disabled' || method === 'ignore' || method === 'link-local';
  if (isClosed && addresses.length > 0) refuse('addresses', `the method '${method}' allows none`);
  if (gateway === undefined) return;
  if (parseAddress(gateway)?.family !== family) refuse('gateway', `'${gateway}' is not an address of the family`);
  if (addresses.length === 0) refuse('gateway', 'it needs an address beside it');
}
