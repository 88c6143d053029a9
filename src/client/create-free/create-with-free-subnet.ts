import { deadline, type RemainingTime } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import type { VirtualNetwork } from '../../model/kinds/virtual-network.js';
import { Subnet } from '../../model/subnet.js';
import { addressOf, parseAddress } from '../../schema/address.js';
import { type Ensured, type EnsureOptions, ensureAbsentGoal, ensureGoal, ensurePresentGoal } from '../ensure/ensure.js';
import { EnsureError } from '../ensure/ensure-error.js';
import type { Connection } from '../network-ref.js';
import { type Block, blockOf, blockOfCidr, blockOfRoute, blocksOf } from '../preflight/blocks.js';
import { findConflicts } from '../preflight/conflicts.js';
import { assertNoConflicts, surroundingsOf } from '../preflight/preflight.js';
import type { Neighbour, Surroundings } from '../preflight/types.js';
import { assertReadable } from '../state/definition.js';
import { assertPool, bridgeNameForSubnet, freeSubnet, type Pool, randomUla } from './free-subnet.js';

/** Options of `Networks.auto`. */
export interface AutoOptions<N> extends Omit<EnsureOptions, 'dryRun' | 'preflight'> {
  /** Pool or pools of IPv4 subnets; the first free subnet is used. Default: `192.168.128.0/17`. */
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
  /** Adds everything else to the network. Default: nothing. */
  readonly build?: ((network: N) => N) | undefined;
}

/** A kind of network that libvirt gives subnets to: `NatNetwork`, `RoutedNetwork`, `OpenNetwork`, `IsolatedNetwork`. */
export interface VirtualKind<N extends VirtualNetwork> {
  /** Begins a network of the kind. */
  create(name: string): N;
}

/** Number of subnets to try while others keep claiming them first. */
const MAX_TRIES = 100;

/** Makes a network with a free subnet and bridge name; see `Networks.auto`. */
export async function createWithFreeSubnet<N extends VirtualNetwork>(
  connection: Connection,
  kind: VirtualKind<N>,
  name: string,
  options: AutoOptions<N>,
): Promise<Ensured> {
  const pools = poolsOf(options);
  const remaining = deadline(options);
  const lost: Block[] = [];
  for (let i = 0; i < MAX_TRIES; i++) {
    const around = await surroundingsOf(connection.transport, options.view, remaining());
    const own = around.networks.find((one) => one.name === name);
    if (own !== undefined) return ensureExisting(connection, kind, own, options, remaining);
    const subnets = chooseSubnets(pools, [...takenBlocks(around), ...lost]);
    const outcome = await claimAndStart(connection, buildNetwork(kind, name, subnets, options), options, remaining);
    if (outcome !== undefined) return outcome;
    // Others try the first free subnet as well: the loser of a race leaves it to them.
    lost.push(...subnets.flatMap((cidr) => blockOfCidr(cidr) ?? []));
  }
  throw new LibvirtError(
    'POOL_EXHAUSTED',
    `gave up on network "${name}" after ${MAX_TRIES} tries: every free subnet was claimed by someone else`,
    {
      network: name,
    },
  );
}

interface Pools {
  readonly ipv4: Pool;
  /** Absent for no IPv6 subnet; `random` for one without a pool. */
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

function chooseSubnets({ ipv4, ipv6 }: Pools, taken: readonly Block[]): readonly string[] {
  const first = freeSubnet(ipv4, taken);
  if (ipv6 === undefined) return [first];
  return [first, ipv6 === 'random' ? randomUla() : freeSubnet(ipv6, taken)];
}

/** Returns all address blocks that are known to be in use. */
const takenBlocks = ({ networks, devices = [], routes = [] }: Surroundings): Block[] => [
  ...networks.flatMap(blocksOfNeighbour),
  ...devices.flatMap(({ addresses }) => addresses.flatMap(({ address, prefix }) => blockOf(address, prefix) ?? [])),
  ...routes.flatMap((route) => blockOfRoute(route) ?? []),
];

const blocksOfNeighbour = ({ live, stored }: Neighbour): Block[] =>
  [live, stored].flatMap((document) => (document === undefined ? [] : blocksOf(document).map(({ block }) => block)));

function buildNetwork<N extends VirtualNetwork>(
  kind: VirtualKind<N>,
  name: string,
  subnets: readonly string[],
  { dhcp = true, build = (network) => network }: AutoOptions<N>,
): N {
  const [first = '', ...others] = subnets;
  const begun = kind.create(name).bridge(bridgeNameForSubnet(first));
  const withFirst = begun.subnet(first, (subnet) => (dhcp ? subnet.dhcp(...dhcpRangeOf(first)) : subnet));
  return build(others.reduce((network, cidr) => network.subnet(cidr), withFirst));
}

/** Returns all addresses after the host's own except the last; libvirt accepts at most 65,536 in a range. */
function dhcpRangeOf(cidr: string): [start: string, end: string] {
  const { gateway, broadcast } = Subnet.parse(cidr);
  const start = (parseAddress(gateway)?.value ?? 0n) + 1n;
  const end = (parseAddress(broadcast)?.value ?? 0n) - 1n;
  const most = start + 65_534n;
  return [addressOf('ipv4', start).text, addressOf('ipv4', end < most ? end : most).text];
}

/** Updates an existing network, which keeps its subnets and its bridge. */
function ensureExisting<N extends VirtualNetwork>(
  connection: Connection,
  kind: VirtualKind<N>,
  { name, live, stored, unreadable }: Neighbour,
  options: AutoOptions<N>,
  remaining: RemainingTime,
): Promise<Ensured> {
  assertReadable(name, unreadable, options, 'replaced');
  const document = stored ?? live;
  const subnets = (document?.ips ?? []).flatMap((ip) => {
    const subnet = Subnet.of(ip);
    return subnet === undefined ? [] : [`${subnet.gateway}/${subnet.prefix}`];
  });
  const [first] = subnets;
  if (document === undefined || first === undefined)
    throw new LibvirtError('NETWORK_EXISTS', `network "${name}" exists but has no reusable subnet`, {
      network: name,
      hint: 'pick another name, or remove it with ensureAbsent()',
    });
  const network = buildNetwork(kind, name, subnets, options);
  const bridge = document.bridge?.name === undefined ? {} : { name: document.bridge.name };
  const kept = network.with({ bridge: { ...network.document.bridge, ...bridge } });
  return ensureGoal(connection, ensurePresentGoal(kept, options), { ...options, ...remaining() });
}

/** Claims the subnets, checks whether somebody else claimed them at the same time, and starts the network; returns nothing after a lost race. */
async function claimAndStart<N extends VirtualNetwork>(
  connection: Connection,
  network: N,
  options: AutoOptions<N>,
  remaining: RemainingTime,
): Promise<Ensured | undefined> {
  const own = network.withUuid(crypto.randomUUID());
  try {
    await ensureGoal(connection, ensurePresentGoal(own, { ...options, running: undefined, autostart: undefined }), {
      ...options,
      ...remaining(),
    });
    if (await isClaimMine(connection, own, options, remaining))
      return await ensureGoal(connection, ensurePresentGoal(own, options), { ...options, ...remaining() });
  } catch (error) {
    await releaseClaim(connection, own);
    if (isLost(error)) return undefined;
    throw error;
  }
  await releaseClaim(connection, own);
  return undefined;
}

/**
 * Tells whether the claim won. Each program claims before it looks, so the second sees the first; of two that see each other, both give up.
 *
 * @throws {@link LibvirtError} with the code of a conflict that no other subnet would solve
 */
async function isClaimMine<N extends VirtualNetwork>(
  connection: Connection,
  own: N,
  { view }: AutoOptions<N>,
  remaining: RemainingTime,
): Promise<boolean> {
  const { unseen: _, ...around } = await surroundingsOf(connection.transport, view, remaining());
  const conflicts = findConflicts(own, around);
  assertNoConflicts(own, { conflicts: conflicts.filter(({ code }) => !CODES_OF_CHOICE.has(code)), issues: [] });
  return conflicts.length === 0;
}

/** Removes the claimed network, if it still exists. */
async function releaseClaim(connection: Connection, { name, uuid }: VirtualNetwork): Promise<void> {
  const found = await connection.transport.call('network.lookup', { network: uuid ?? name }).catch(() => undefined);
  const goal = ensureAbsentGoal(name, { foreign: true, inUse: true, replaceUnreadable: true });
  if (found !== undefined) await ensureGoal(connection, goal, {});
}

/** Codes of conflicts that another subnet or bridge may solve. */
const CODES_OF_CHOICE: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'BRIDGE_IN_USE',
  'BRIDGE_EXISTS',
  'SUBNET_IN_USE',
]);

const isLost = (error: unknown): boolean =>
  LibvirtError.is(error) &&
  (CODES_OF_CHOICE.has(error.code) ||
    // The name itself is taken: the next round looks at that network.
    (error.code === 'NETWORK_EXISTS' && !(error instanceof EnsureError && error.left.length > 0)));
