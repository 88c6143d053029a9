import { LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import { type Cidr, Subnet } from '../../model/subnet.js';
import { addressOf, bitsOf, type Family } from '../../schema/address.js';
import { type Block, blockOfCidr, isEverywhere, overlaps } from '../preflight/blocks.js';

/** Number of subnets of a pool to check; no host has more networks. */
const MAX_CANDIDATES = 65_536;

/** The blocks of a pool, of one family. */
export interface Pool {
  /** Blocks to take subnets from, in order. */
  readonly pool: readonly string[];
  /** Bits of each subnet. */
  readonly prefix: number;
}

/**
 * Throws if a pool contains no subnet of the requested size.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function assertPool({ pool, prefix }: Pool, family: Family): void {
  const longest = bitsOf(family) - 2;
  for (const cidr of pool) {
    const subnet = Subnet.parse(cidr);
    if (subnet.family === family && subnet.prefix <= prefix && prefix <= longest) continue;
    throw new LibvirtError('INVALID_ARGUMENT', `pool ${cidr} holds no ${family} subnets of prefix ${prefix}`, {
      hint: `the prefix must be at least as long as the pool's, and at most ${longest}`,
    });
  }
}

/**
 * The first subnet of a pool that overlaps nothing that is taken.
 *
 * @throws {@link LibvirtError} code `POOL_EXHAUSTED`
 */
export function freeSubnet({ pool, prefix }: Pool, taken: readonly Block[]): Cidr {
  for (const cidr of pool) {
    const found = firstFree(cidr, prefix, taken);
    if (found !== undefined) return found;
  }
  throw new LibvirtError('POOL_EXHAUSTED', `no subnet of prefix ${prefix} is free in ${pool.join(', ')}`, {
    hint: REMEDIES.POOL_EXHAUSTED,
  });
}

function firstFree(cidr: string, prefix: number, taken: readonly Block[]): Cidr | undefined {
  const block = blockOfCidr(cidr);
  if (block === undefined) return undefined;
  const size = 1n << BigInt(bitsOf(block.family) - prefix);
  let first = block.first;
  for (let i = 0; i < MAX_CANDIDATES && first <= block.last; i++) {
    const candidate = { ...block, first, last: first + size - 1n, text: '' };
    const inTheWay = taken.filter((one) => !isEverywhere(one) && overlaps(one, candidate));
    if (inTheWay.length === 0) return `${addressOf(block.family, first).text}/${prefix}`;
    // After the farthest of them, at the next border of a subnet.
    let farthest = candidate.last;
    for (const { last } of inTheWay) if (last > farthest) farthest = last;
    first = (farthest / size + 1n) * size;
  }
  return undefined;
}

/** A subnet of the addresses that everyone may use at home (RFC 4193): random, so that no two hosts have the same. */
export function randomUla(): Cidr {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return Subnet.parse(`fd${hex.slice(0, 2)}:${hex.slice(2, 6)}:${hex.slice(6)}::/64`).cidr;
}

/**
 * The name of the bridge for a subnet. The same for everyone who takes that subnet: libvirt refuses a second network
 * with it as soon as it is defined, so that of two who choose at once one finds out.
 */
export function bridgeNameForSubnet(cidr: string): string {
  const first = blockOfCidr(cidr)?.first ?? 0n;
  return `virbr-${first.toString(16).padStart(8, '0').slice(0, 8)}`;
}
