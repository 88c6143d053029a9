import { comparable } from '../../model/base.js';
import { type Change, differences } from '../../model/diff.js';
import { Network } from '../../model/network.js';
import { forwardModeOf } from '../../schema/network/canonical.js';
import { writeNetwork } from '../../schema/network/codec.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { isRecord, listOf } from '../../schema/values.js';

/** A definition as a daemon of a release keeps it: without what it would drop, spelled as it prints it. */
export const asKept = (document: NetworkDocument, release: string): NetworkDocument =>
  Network.parse(writeNetwork(document, release), { libvirt: release, unknownWords: 'keep' }).document;

/** The same text for equal values, whatever the order of their properties. */
export const keyOf = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );

/**
 * What must change for a definition to be the one that is wanted. The order of what `net-update` changes does not
 * count (DHCP ranges and hosts, DNS records, port groups, devices of a pool), nor that of metadata: libvirt gives it no
 * meaning, and new entries come behind old ones.
 */
export const whatDiffers = (found: NetworkDocument, wanted: NetworkDocument): readonly Change[] =>
  differences(unordered(found), unordered(wanted)).filter((change) => !isFilledIn(change));

/** What this library does not know and nobody asked for was put there by a newer libvirt. */
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
 * A running definition without what libvirt adds to it: the devices that it found behind `<pf>`, and the
 * ports of masquerading where nobody chose any.
 */
export function withoutAdditions(live: NetworkDocument, wanted: NetworkDocument): NetworkDocument {
  const { forward } = live;
  if (forward === undefined) return live;
  const { nat } = forward;
  const isDefault = nat?.port?.start === 1024 && nat.port.end === 65_535 && wanted.forward?.nat?.port === undefined;
  const { port: _, ...others } = nat ?? {};
  const { dev: __, interfaces: ___, addresses: ____, ...named } = forward;
  const own = forward.pf === undefined ? forward : named;
  return { ...live, forward: isDefault && forwardModeOf(live) === 'nat' ? { ...own, nat: others } : own };
}
