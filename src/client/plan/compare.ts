import { comparable } from '../../model/base.js';
import { type Change, differences } from '../../model/diff.js';
import { Network } from '../../model/network.js';
import { forwardModeOf } from '../../schema/network/canonical.js';
import { writeNetwork } from '../../schema/network/codec.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { isRecord, listOf } from '../../schema/values.js';

/** A definition as a daemon of a release keeps it: without what it would drop, spelled as it prints it. */
export const asStoredBy = (document: NetworkDocument, release: string): NetworkDocument =>
  Network.parse(writeNetwork(document, release), { libvirt: release, unknownWords: 'keep' }).document;

/** Returns the same text for equal values, whatever the order of their properties. */
export const keyOf = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );

/**
 * Lists the differences between two definitions that have an effect. The order of entries that `net-update` changes does not count (DHCP ranges and hosts, DNS records, port groups, devices of a pool), nor that of metadata: libvirt ignores it and appends new entries.
 */
export const differencesInEffect = (found: NetworkDocument, desired: NetworkDocument): readonly Change[] =>
  differences(unordered(found), unordered(desired)).filter((change) => !isFilledIn(change));

/** Tells whether a newer libvirt added a part that this library does not know and that nobody asked for. */
const isFilledIn = ({ path, to }: Change): boolean => to === undefined && /(?:^|\.)extra(?:\.|$)/.test(path);

type Properties = Readonly<Record<string, unknown>>;

function unordered(document: NetworkDocument): unknown {
  const whole = propertiesOf(comparable(document));
  const forward = propertiesOf(whole['forward']);
  return {
    ...sorted(whole, ['portgroups', 'metadata']),
    ...(isRecord(whole['dns']) ? { dns: sorted(whole['dns'], ['hosts', 'txts', 'srvs']) } : {}),
    ...(isRecord(whole['forward']) ? { forward: sorted(withoutShorthand(forward), ['interfaces']) } : {}),
    ...(whole['ips'] === undefined ? {} : { ips: listOf(whole['ips']).map(withSortedDhcp) }),
  };
}

/** `dev` names the first interface, whichever that is. */
const withoutShorthand = ({ dev, ...forward }: Properties): Properties =>
  forward['interfaces'] === undefined && dev !== undefined ? { dev, ...forward } : forward;

const withSortedDhcp = (ip: unknown): unknown =>
  isRecord(ip) && isRecord(ip['dhcp']) ? { ...ip, dhcp: sorted(ip['dhcp'], ['ranges', 'hosts']) } : ip;

const propertiesOf = (value: unknown): Properties => (isRecord(value) ? value : {});

function sorted(value: Properties, lists: readonly string[]): Properties {
  const there = lists.filter((list) => Array.isArray(value[list]));
  const entries = there.map((list) => [list, [...listOf(value[list])].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))]);
  return { ...value, ...Object.fromEntries(entries) };
}

/**
 * Returns a running definition without the parts that libvirt adds: the devices that it found below `<pf>`, and default ports for masquerading.
 */
export function withoutAdditions(live: NetworkDocument, desired: NetworkDocument): NetworkDocument {
  const { forward } = live;
  if (forward === undefined) return live;
  const { nat } = forward;
  const isDefault = nat?.port?.start === 1024 && nat.port.end === 65_535 && desired.forward?.nat?.port === undefined;
  const { port: _, ...others } = nat ?? {};
  const { dev: __, interfaces: ___, addresses: ____, ...named } = forward;
  const own = forward.pf === undefined ? forward : named;
  return { ...live, forward: isDefault && forwardModeOf(live) === 'nat' ? { ...own, nat: others } : own };
}
