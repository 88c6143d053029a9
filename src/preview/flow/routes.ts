import { type Family, maskOf } from '../../schema/address.js';
import { numberOf } from './tables.js';
import type { Link } from './world.js';

/** The host's routes to the subnets that it is on: the narrowest wins. Asking costs one look for each size of subnet. */
export class RouteTable {
  readonly #sizes: { readonly family: Family; readonly mask: bigint; readonly links: Map<bigint, Link> }[] = [];

  constructor(links: readonly Link[]) {
    for (const link of links)
      for (const { family, prefix, network } of link.subnets) {
        const mask = maskOf(family, prefix);
        let size = this.#sizes.find((one) => one.family === family && one.mask === mask);
        if (size === undefined) {
          size = { family, mask, links: new Map() };
          this.#sizes.push(size);
        }
        if (!size.links.has(numberOf(network))) size.links.set(numberOf(network), link);
      }
    this.#sizes.sort((a, b) => (a.mask < b.mask ? 1 : -1));
  }

  /** The link that an address is on. */
  find(family: Family, value: bigint): Link | undefined {
    for (const size of this.#sizes) {
      const link = size.family === family ? size.links.get(value & size.mask) : undefined;
      if (link !== undefined) return link;
    }
    return undefined;
  }
}
