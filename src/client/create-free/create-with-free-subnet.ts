import { budget, type Rest } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import type { VirtualNetwork } from '../../model/kinds/virtual-network.js';
import { Subnet } from '../../model/subnet.js';
import { addressOf, parseAddress } from '../../schema/address.js';
import { absence, type Ensured, type EnsureOptions, presence, reach } from '../ensure/ensure.js';
import { EnsureError } from '../ensure/ensure-error.js';
import type { Connection } from '../network-ref.js';
import { type Block, blockOf, blockOfCidr, blocksOf } from '../preflight/blocks.js';
import { findConflicts } from '../preflight/conflicts.js';
import { assertNoConflicts, surroundingsOf } from '../preflight/preflight.js';
import type { Neighbour, Surroundings } from '../preflight/types.js';
import { assertReadable } from '../state/definition.js';
import { assertPool, bridgeFor, freeSubnet, type Pool, randomUla } from './free-subnet.js';

/** Options of `Networks.auto`. */
export interface AutoOptions<N> extends Omit<EnsureOptions, 'dryRun' | 'preflight'> {
  /** Where IPv4 subnets are taken from, the first that is free. Default: `192.168.128.0/17`. */
  readonly pool?: string | readonly string[] | undefined;
  /** Bits of the IPv4 subnet. Default: 24. */
  readonly prefix?: number | undefined;
  /**
   * Adds an IPv6 subnet: of a pool, or with `true` a random one of the addresses for local use (fd00::/8). Default: none.
   */
  readonly ipv6?: boolean | string | readonly string[] | undefined;
  /** Bits of the IPv6 subnet. Default: 64, without which guests cannot choose their own addresses. */
  readonly prefix6?: number | undefined;
  /** Serves DHCP for all of the IPv4 subnet but the host's own address. Default: true. */
  readonly dhcp?: boolean | undefined;
  /** Adds what else the network shall have. Default: nothing. */
  readonly build?: ((network: N) => N) | undefined;
}

/** A kind of network that libvirt gives subnets to: `NatNetwork`, `RoutedNetwork`, `OpenNetwork`, `IsolatedNetwork`. */
export interface VirtualKind<N extends VirtualNetwork> {
  /** Begins a network of the kind. */
  create(name: string): N;
}

/** How often a network is tried anew after somebody else took its subnet. */
const MOST_TRIES = 100;

/** Makes a network with a free subnet and bridge name; see `Networks.auto`. */
export async function auto<N extends VirtualNetwork>(
  connection: Connection,
  kind: VirtualKind<N>,
  name: string,
  options: AutoOptions<N>,
): Promise<Ensured> {
  const pools = poolsOf(options);
  const rest = budget(options);
  const lost: Block[] = [];
  for (let i = 0; i < MOST_TRIES; i++) {
    const around = await surroundingsOf(connection.transport, options.view, rest());
    const own = around.networks.find((one) => one.name === name);
    if (own !== undefined) return again(connection, kind, own, options, rest);
    const subnets = chosen(pools, [...takenIn(around), ...lost]);
    const outcome = await attempt(connection, built(kind, name, subnets, options), options, rest);
    if (outcome !== undefined) return outcome;
    // Others take what is first as well: whoever lost a race leaves it to them.
    lost.push(...subnets.flatMap((cidr) => blockOfCidr(cidr) ?? []));
  }
  throw new LibvirtError('POOL_EXHAUSTED', `others took every subnet that was free for network "${name}"`, {
    network: name,
  });
}

interface Pools {
  readonly ipv4: Pool;
  /** Absent where none is wanted; without a pool it is a random one. */
  readonly ipv6?: Pool | 'random';
}

const listOf = (pool: string | readonly string[]): readonly string[] => (typeof pool === 'string' ? [pool] : pool);

function poolsOf<N>({ pool = '192.168.128.0/17', prefix = 24, ipv6 = false, prefix6 = 64 }: AutoOptions<N>): Pools {
  const ipv4 = { pool: listOf(pool), prefix };
  assertPool(ipv4, 'ipv4');
  if (typeof ipv6 === 'boolean') return { ipv4, ...(ipv6 ? { ipv6: 'random' } : {}) };
  const own = { pool: listOf(ipv6), prefix: prefix6 };
  assertPool(own, 'ipv6');
  return { ipv4, ipv6: own };
}

function chosen({ ipv4, ipv6 }: Pools, taken: readonly Block[]): readonly string[] {
  const first = freeSubnet(ipv4, taken);
  if (ipv6 === undefined) return [first];
  return [first, ipv6 === 'random' ? randomUla() : freeSubnet(ipv6, taken)];
}

/** All blocks that somebody has, as far as it is known. */
const takenIn = ({ networks, devices = [], routes = [] }: Surroundings): Block[] => [
  ...networks.flatMap(blocksOfNeighbour),
  ...devices.flatMap(({ addresses }) => addresses.flatMap(({ address, prefix }) => blockOf(address, prefix) ?? [])),
  ...routes.flatMap(({ to }) => blockOfCidr(to) ?? []),
];

const blocksOfNeighbour = ({ live, stored }: Neighbour): Block[] =>
  [live, stored].flatMap((document) => (document === undefined ? [] : blocksOf(document).map(({ block }) => block)));

function built<N extends VirtualNetwork>(
  kind: VirtualKind<N>,
  name: string,
  subnets: readonly string[],
  { dhcp = true, build = (network) => network }: AutoOptions<N>,
): N {
  const [first = '', ...others] = subnets;
  const begun = kind.create(name).bridge(bridgeFor(first));
  const withFirst = begun.subnet(first, (subnet) => (dhcp ? subnet.dhcp(...rangeOf(first)) : subnet));
  return build(others.reduce((network, cidr) => network.subnet(cidr), withFirst));
}

/** All addresses behind the host's own, but the last; libvirt takes no range of more than 65,536. */
function rangeOf(cidr: string): [start: string, end: string] {
  const { gateway, broadcast } = Subnet.parse(cidr);
  const start = (parseAddress(gateway)?.value ?? 0n) + 1n;
  const end = (parseAddress(broadcast)?.value ?? 0n) - 1n;
  const most = start + 65_534n;
  return [addressOf('ipv4', start).text, addressOf('ipv4', end < most ? end : most).text];
}

/** A network that is there keeps its subnets and its bridge; all else becomes as it is wanted now. */
function again<N extends VirtualNetwork>(
  connection: Connection,
  kind: VirtualKind<N>,
  { name, live, stored, unreadable }: Neighbour,
  options: AutoOptions<N>,
  rest: Rest,
): Promise<Ensured> {
  assertReadable(name, unreadable, options, 'replaced');
  const document = stored ?? live;
  const subnets = (document?.ips ?? []).flatMap((ip) => {
    const subnet = Subnet.of(ip);
    return subnet === undefined ? [] : [`${subnet.gateway}/${subnet.prefix}`];
  });
  const [first] = subnets;
  if (document === undefined || first === undefined)
    throw new LibvirtError('NETWORK_EXISTS', `network "${name}" is there, but has no subnet that could be kept`, {
      network: name,
      hint: 'pick another name, or remove it with ensureAbsent()',
    });
  const network = built(kind, name, subnets, options);
  const bridge = document.bridge?.name === undefined ? {} : { name: document.bridge.name };
  const kept = network.with({ bridge: { ...network.document.bridge, ...bridge } });
  return reach(connection, presence(kept, options), { ...options, ...rest() });
}

/** Claims, looks whether somebody else claimed the same at once, and starts; nothing when it was lost. */
async function attempt<N extends VirtualNetwork>(
  connection: Connection,
  network: N,
  options: AutoOptions<N>,
  rest: Rest,
): Promise<Ensured | undefined> {
  const own = network.withUuid(crypto.randomUUID());
  try {
    await reach(connection, presence(own, { ...options, running: undefined, autostart: undefined }), {
      ...options,
      ...rest(),
    });
    if (await isMine(connection, own, options, rest))
      return await reach(connection, presence(own, options), { ...options, ...rest() });
  } catch (error) {
    await giveUp(connection, own);
    if (isLost(error)) return undefined;
    throw error;
  }
  await giveUp(connection, own);
  return undefined;
}

/**
 * Whoever is second sees the first, since each claims before it looks; of two who see each other none goes on.
 *
 * @throws {@link LibvirtError} with the code of a conflict that no other subnet would mend
 */
async function isMine<N extends VirtualNetwork>(
  connection: Connection,
  own: N,
  { view }: AutoOptions<N>,
  rest: Rest,
): Promise<boolean> {
  const { unseen, ...around } = await surroundingsOf(connection.transport, view, rest());
  const conflicts = findConflicts(own, around);
  assertNoConflicts(own, { conflicts: conflicts.filter(({ code }) => !CHOSEN.has(code)), unseen });
  return conflicts.length === 0;
}

/** Takes back what was claimed, if it is still there. */
async function giveUp(connection: Connection, { name, uuid }: VirtualNetwork): Promise<void> {
  const found = await connection.transport.call('network.lookup', { network: uuid ?? name }).catch(() => undefined);
  if (found !== undefined)
    await reach(connection, absence(name, { foreign: true, inUse: true, replaceUnreadable: true }), {});
}

/** Codes of what lies in the subnet or the bridge, so that another one may do. */
const CHOSEN: ReadonlySet<string> = /* @__PURE__ */ new Set(['BRIDGE_IN_USE', 'BRIDGE_EXISTS', 'SUBNET_IN_USE']);

const isLost = (error: unknown): boolean =>
  LibvirtError.is(error) &&
  (CHOSEN.has(error.code) ||
    // The name itself: the network of somebody else is looked at in the next round.
    (error.code === 'NETWORK_EXISTS' && !(error instanceof EnsureError && error.left.length > 0)));
