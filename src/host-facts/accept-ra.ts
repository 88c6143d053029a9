const ACCEPT_RA = /^\/proc\/sys\/net\/ipv6\/conf\/(.+)\/accept_ra:(\d+)$/gm;

/**
 * Reads what `grep -H` prints of the kernel's files `accept_ra`, one for each device: the file, a colon, its line.
 *
 * @returns the kernel's `accept_ra` by device; `all` stands for that of all
 */
export const readAcceptRa = (output: string): ReadonlyMap<string, number> =>
  new Map([...output.matchAll(ACCEPT_RA)].map(([, name = '', value]) => [name, Number(value)]));
