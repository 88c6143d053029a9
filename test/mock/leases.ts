import type { LeaseRecord } from '../../src/index.js';

/** A network that lends addresses of both families. */
export const LENDING =
  "<network><name>lending</name><bridge name='lendingbr'/><ip address='10.250.9.1' prefix='24'/><ip family='ipv6' address='fd00:250:9::1' prefix='64'/></network>";

const ipv4 = { family: 'ipv4', prefix: 24 } as const;
const inYears = new Date('2200-01-01T00:00:00Z');

/** Leases that run, have ended, or never end, with names of all sorts. */
export const LEASES: readonly LeaseRecord[] = [
  { ...ipv4, mac: '52:54:00:00:00:02', address: '10.250.9.12', expiry: inYears, hostname: 'two' },
  { ...ipv4, mac: '52:54:00:00:00:01', address: '10.250.9.11', expiry: new Date('2201-01-01T00:00:00Z') },
  { ...ipv4, mac: '52:54:00:00:00:03', address: '10.250.9.13', expiry: new Date('2000-01-01T00:00:00Z') },
  { ...ipv4, mac: '52:54:00:00:00:04', address: '10.250.9.14', hostname: 'for-ever' },
  { ...ipv4, mac: '52:54:00:00:00:0f', address: '10.250.9.9', expiry: inYears, clientId: '01:52:54:00:00:00:0f' },
  { ...ipv4, mac: '52:54:00:00:00:02', address: '10.250.9.2', expiry: inYears, hostname: 'two-again' },
  {
    family: 'ipv6',
    prefix: 64,
    mac: '52:54:00:00:00:02',
    address: 'fd00:250:9::2',
    expiry: inYears,
    hostname: 'six',
    clientId: '00:03:00:01:52:54:00:00:00:02',
  },
];

/** A lease as libvirt's helper of dnsmasq keeps it. */
export const statusOf = ({ mac, address, expiry, hostname, clientId }: LeaseRecord) => ({
  'ip-address': address,
  'mac-address': mac,
  ...(hostname === undefined ? {} : { hostname }),
  ...(clientId === undefined ? {} : { 'client-id': clientId }),
  'expiry-time': (expiry?.getTime() ?? 0) / 1000,
});
