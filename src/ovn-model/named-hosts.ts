import type { NetworkDocument } from '../schema/network/network.js';

/** An address with its names. */
export interface NamedHost {
  readonly ip: string;
  readonly hostnames: readonly string[];
}

/** The addresses that guests of a network can look up by names: those of `dns` and of reservations; none where DNS is off. */
export function namedHosts({ dns, ips = [] }: NetworkDocument): readonly NamedHost[] {
  if (dns?.enable === false) return [];
  const reserved = ips.flatMap(({ dhcp }) =>
    (dhcp?.hosts ?? []).flatMap(({ ip, name }) => (name === undefined ? [] : [{ ip, hostnames: [name] }])),
  );
  return [...(dns?.hosts ?? []), ...reserved];
}
