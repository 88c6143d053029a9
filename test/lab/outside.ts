/** The LAN beyond a daemon's host, in ranges for documentation, which are routed nowhere: IPv4 and IPv6 addresses. */
export const OUTSIDE = {
  /** The host's device on it. */
  device: 'ext0',
  host: ['198.51.100.1', '2001:db8:ffff::1'],
  /** The machine on it, which answers on port 7777, and for names below `outside.test` on port 53. */
  machine: ['198.51.100.2', '2001:db8:ffff::2'],
} as const;
