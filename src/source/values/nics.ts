import { sameValue } from '../../model/diff.js';
import type { BaseNic } from '../../model/guest-nic/base.js';
import { HostdevNic, VdpaNic } from '../../model/guest-nic/device-nics.js';
import type { EmulatedNic, FilteredNic, SwitchedNic } from '../../model/guest-nic/emulated.js';
import type { AnyNic } from '../../model/guest-nic/guest-nic.js';
import { BridgeNic, DirectNic, EthernetNic } from '../../model/guest-nic/host-nics.js';
import { NetworkNic } from '../../model/guest-nic/network-nic.js';
import { InternalNic, NullNic, VdsNic } from '../../model/guest-nic/other-nics.js';
import { ClientNic, MulticastNic, ServerNic, UdpNic } from '../../model/guest-nic/socket-nics.js';
import { UserNic, VhostUserNic } from '../../model/guest-nic/user-nics.js';
import type {
  EmulatedNicParts,
  EthernetNicDocument,
  FilteredNicParts,
  NicDocument,
  UserNicDocument,
} from '../../schema/guests/nic.js';
import { compact } from '../../schema/values.js';
import { begun, type Chain } from '../recorded.js';
import { hostdevOptions, nicOptions, switchedOptions, taggedOptions } from './nic-options.js';
import { completed, each, exactChain, only, type Part, part, unlessEmpty } from './parts.js';

const address = <D extends NicDocument, T extends BaseNic<D>>(): Part<T, D> =>
  part<T, D, 'address'>('address', (value) => [(n) => n.withAddress(value)]);

const emulated = <D extends NicDocument & EmulatedNicParts, T extends EmulatedNic<D>>(): readonly Part<T, D>[] => [
  part<T, D, 'driver'>('driver', (driver) => [(n) => n.withDriver(driver)]),
  address<D, T>(),
];

const filtered = <D extends NicDocument & FilteredNicParts, T extends FilteredNic<D>>(): readonly Part<T, D>[] => [
  part<T, D, 'filterref'>('filterref', ({ filter, parameters }) =>
    filter === undefined ? [] : [(n) => n.withFilter(filter, parameters && unlessEmpty(byName(parameters)))],
  ),
  part<T, D, 'mtu'>('mtu', ({ size }) => (size === undefined ? [] : [(n) => n.withMtu(size)])),
  ...emulated<D, T>(),
];

const switched = <D extends NicDocument & FilteredNicParts, T extends SwitchedNic<D>>(): readonly Part<T, D>[] => [
  part<T, D, 'coalesce'>('coalesce', ({ rx }) => {
    const max = rx?.frames?.max;
    return max === undefined ? [] : [(n) => n.withCoalesce(max)];
  }),
  ...filtered<D, T>(),
];

/** Parameters of a filter by their names; a list where a name has several values. */
export function byName(
  parameters: readonly { readonly name?: string; readonly value?: string }[],
): Record<string, string | readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const { name = '', value = '' } of parameters) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, list]) => [name, list.length === 1 ? (list[0] ?? '') : list]));
}

const ethernet: readonly Part<EthernetNic, EthernetNicDocument>[] = [
  part('script', ({ path }) => (path === undefined ? [] : [(n) => n.withScript(path)])),
  ...filtered<EthernetNicDocument, EthernetNic>(),
];

const user: readonly Part<UserNic, UserNicDocument>[] = [
  part('ips', (ips) => each(ips, (ip) => (n: UserNic) => n.withIp(ip.address, ip.prefix))),
  part('portForwards', (forwards) => each(forwards, (forward) => (n: UserNic) => n.withPortForward(forward))),
  ...emulated<UserNicDocument, UserNic>(),
];

/** Begins the NIC of a user, with passt where the document has just that. */
function userOf(Class: typeof UserNic, document: UserNicDocument): UserNic {
  const nic = Class.create(unlessEmpty(nicOptions(document)));
  const dev = only(document.source, 'dev');
  const isPlain = document.source === undefined || dev !== undefined;
  return isPlain && only(document.backend, 'type') === 'passt' ? nic.withPasst(dev) : nic;
}

/** What decides whether the calls for a NIC read better than its data. */
const ESSENTIAL = ['type', 'source', 'model'] as const;

/** Tells whether a class creates what is essential as a document has it: it could only be written once more. */
const isFit = (nic: BaseNic, document: NicDocument): boolean =>
  ESSENTIAL.every((key) => {
    const value: unknown = Reflect.get(nic.document, key);
    return value === undefined || sameValue(value, Reflect.get(document, key));
  });

/** The calls for a NIC of one type. */
const chainOf = <D extends NicDocument, T extends BaseNic<D>, C extends object>(
  document: D,
  [name, Class]: readonly [name: string, Class: C],
  create: (Class: C) => T,
  parts: readonly Part<T, D>[],
): Chain =>
  exactChain(document, 'GuestNic', () => {
    const draft = begun(name, Class, create);
    return isFit(draft.value, document) ? completed(draft, document, parts) : undefined;
  });

/** The calls that make a NIC. */
export function nicChain(nic: AnyNic): Chain {
  const options = unlessEmpty(nicOptions(nic.document));
  switch (nic.kind) {
    case 'network': {
      const { source } = nic.document;
      const all = unlessEmpty({ ...switchedOptions(nic.document), ...compact({ portGroup: source.portgroup }) });
      return chainOf(nic.document, ['NetworkNic', NetworkNic], (C) => C.create(source.network, all), switched());
    }
    case 'bridge': {
      const [{ source }, all] = [nic.document, unlessEmpty(switchedOptions(nic.document))];
      return chainOf(nic.document, ['BridgeNic', BridgeNic], (C) => C.create(source.bridge, all), switched());
    }
    case 'direct': {
      const { dev, mode } = nic.document.source;
      const own = compact({ mode: mode === 'bridge' ? undefined : mode });
      const all = unlessEmpty({ ...own, ...options, ...taggedOptions(nic.document) });
      return chainOf(nic.document, ['DirectNic', DirectNic], (C) => C.create(dev, all), emulated());
    }
    case 'ethernet':
      return chainOf(nic.document, ['EthernetNic', EthernetNic], (C) => C.create(options), ethernet);
    case 'user':
      return chainOf(nic.document, ['UserNic', UserNic], (C) => userOf(C, nic.document), user);
    case 'vhostuser': {
      const { path = '', mode } = nic.document.source ?? {};
      const all = unlessEmpty({ ...compact({ mode: mode === 'client' ? undefined : mode }), ...options });
      return chainOf(nic.document, ['VhostUserNic', VhostUserNic], (C) => C.create(path, all), emulated());
    }
    case 'vdpa': {
      const { dev } = nic.document.source;
      return chainOf(nic.document, ['VdpaNic', VdpaNic], (C) => C.create(dev, options), emulated());
    }
    case 'hostdev': {
      const at = nic.document.source.address;
      const all = unlessEmpty(hostdevOptions(nic.document));
      if (at === undefined) return asData(nic.document);
      return chainOf(nic.document, ['HostdevNic', HostdevNic], (C) => C.create(at, all), [address()]);
    }
    case 'internal': {
      const { name } = nic.document.source;
      return chainOf(nic.document, ['InternalNic', InternalNic], (C) => C.create(name, options), emulated());
    }
    case 'udp': {
      const { source } = nic.document;
      return chainOf(nic.document, ['UdpNic', UdpNic], (C) => C.create(source, options), emulated());
    }
    case 'server': {
      const { source } = nic.document;
      return chainOf(nic.document, ['ServerNic', ServerNic], (C) => C.create(source, options), emulated());
    }
    case 'client': {
      const { source } = nic.document;
      return chainOf(nic.document, ['ClientNic', ClientNic], (C) => C.create(source, options), emulated());
    }
    case 'mcast': {
      const { source } = nic.document;
      return chainOf(nic.document, ['MulticastNic', MulticastNic], (C) => C.create(source, options), emulated());
    }
    case 'null':
      return chainOf(nic.document, ['NullNic', NullNic], (C) => C.create(options), emulated());
    case 'vds': {
      const { source } = nic.document;
      return chainOf(nic.document, ['VdsNic', VdsNic], (C) => C.create(source, options), emulated());
    }
    case 'other':
      return asData(nic.document);
  }
}

const asData = (document: NicDocument): Chain => exactChain(document, 'GuestNic', () => undefined);
