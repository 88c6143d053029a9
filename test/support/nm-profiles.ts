import type { HostBridgeDocument } from '../../src/host-bridge/document.js';

/** The settings of a bridge profile beside its `[connection]`, and what NetworkManager 1.42 makes of them. */
export interface ProfileCase {
  readonly name: string;
  readonly settings: string;
  /** The parts that matter here; `refused` where NetworkManager does not load the profile. */
  readonly wanted: Pick<HostBridgeDocument, 'ipv4' | 'ipv6' | 'routes' | 'dns' | 'stp' | 'mac'> | 'refused';
  /** The lines, counted in the settings from 1, that are listed as left out. */
  readonly left?: readonly number[];
}

const manual4 = (addresses: readonly string[], gateway?: string) => ({
  ipv4: { addresses, ...(gateway === undefined ? {} : { gateway }) },
});

/** Profiles as people write them and as older programs wrote them. */
export const PROFILE_CASES: readonly ProfileCase[] = [
  {
    name: 'without ipv4 and ipv6: both take addresses by themselves',
    settings: '[bridge]\nstp=false\n',
    wanted: { ipv4: { auto: 'dhcp' }, ipv6: { auto: 'slaac' } },
  },
  {
    name: 'without ipv6 alone',
    settings: '[ipv4]\nmethod=disabled\n',
    wanted: { ipv4: {}, ipv6: { auto: 'slaac' } },
  },
  {
    name: 'the old form of addresses, with semicolons',
    settings: '[ipv4]\nmethod=manual\naddresses=192.168.1.100;24;192.168.1.1\n',
    wanted: manual4(['192.168.1.100/24'], '192.168.1.1'),
  },
  {
    name: 'every separator in every place',
    settings:
      '[ipv4]\nmethod=manual\naddresses1=192.168.1.100;25;192.168.1.1;\naddress2=10.0.1.2,16\naddress3=10.0.2.2/24;10.0.2.1\naddress4=10.0.3.2/24/10.0.3.1\n',
    wanted: manual4(['192.168.1.100/25', '10.0.1.2/16', '10.0.2.2/24', '10.0.3.2/24'], '192.168.1.1'),
  },
  {
    name: 'addresses without a prefix',
    settings:
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5,10.0.0.1\naddress2=172.16.0.9\n[ipv6]\nmethod=manual\naddress1=2001:db8::2\n',
    wanted: { ...manual4(['10.0.0.5/24', '172.16.0.9/24'], '10.0.0.1'), ipv6: { addresses: ['2001:db8::2/64'] } },
  },
  {
    name: 'a prefix that is too long',
    settings: '[ipv4]\nmethod=manual\naddress1=10.0.0.1/33\n',
    wanted: manual4(['10.0.0.1/24']),
  },
  {
    name: 'addresses in the order of their numbers, and the last of two with one number',
    settings:
      '[ipv4]\nmethod=manual\naddress10=10.0.10.1/24\naddress2=10.0.2.1/24\naddress=10.0.0.1/24\naddress0=10.0.0.2/24\naddress2=10.0.2.2/24\n',
    wanted: manual4(['10.0.0.1/24', '10.0.0.2/24', '10.0.2.2/24', '10.0.10.1/24']),
  },
  {
    name: 'a gateway by itself counts before that of an address',
    settings: '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24\naddress2=10.0.1.5/24,10.0.1.1\ngateway=10.0.0.1\n',
    wanted: manual4(['10.0.0.5/24', '10.0.1.5/24'], '10.0.0.1'),
  },
  {
    name: 'a gateway of zeros means none',
    settings: '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24,0.0.0.0\n',
    wanted: manual4(['10.0.0.5/24']),
  },
  {
    name: 'an address with blanks, and one with a field too many, beside a right one',
    settings:
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24\naddress2=10.0.0.6/ 24\naddress3=10.0.0.7/24,10.0.0.1,5\naddress4=bogus\n',
    wanted: manual4(['10.0.0.5/24']),
    left: [4, 5, 6],
  },
  {
    name: 'routes with every separator, without prefixes and routers',
    settings:
      '[ipv4]\nmethod=manual\naddress1=192.168.1.100/24\nroute1=10.0.0.0/8;192.168.1.1;5\nroute2=10.1.0.0,16,192.168.1.2\nroute3=10.2.0.0/16;0.0.0.0;7\nroutes4=10.3.0.0;16;192.168.1.3;9\nroute5=10.4.7.0\nroute6=10.5.0.0/16,,3\n',
    wanted: {
      ...manual4(['192.168.1.100/24']),
      routes: [
        { to: '10.0.0.0/8', via: '192.168.1.1', metric: 5 },
        { to: '10.1.0.0/16', via: '192.168.1.2' },
        { to: '10.2.0.0/16', metric: 7 },
        { to: '10.3.0.0/16', via: '192.168.1.3', metric: 9 },
        { to: '10.4.7.0/24' },
        { to: '10.5.0.0/16', metric: 3 },
      ],
    },
  },
  {
    name: 'routes of IPv6: a single address, an old form of the metric',
    settings:
      '[ipv6]\nmethod=auto\nroute1=2001:db8:9::/48;fe80::1;5\nroute2=2001:db8:a::1\nroute3=2001:db8:b::/48,7\n[ipv4]\nmethod=auto\n',
    wanted: {
      ipv4: { auto: 'dhcp' },
      ipv6: { auto: 'slaac' },
      routes: [
        { to: '2001:db8:9::/48', via: 'fe80::1', metric: 5 },
        { to: '2001:db8:a::1/128' },
        { to: '2001:db8:b::/48', metric: 7 },
      ],
    },
  },
  {
    name: 'a route that NetworkManager cannot read, and one that leads nowhere',
    settings:
      '[ipv4]\nmethod=auto\nroute1=default,192.168.1.1\nroute2=10.0.0.0/8,192.168.1.300\nroute3=10.9.0.0/16\nroute3_options=type=blackhole\nroute4=10.8.0.0/16,192.168.1.1\nroute4_options=onlink=yes,table=5\n',
    wanted: {
      ipv4: { auto: 'dhcp' },
      routes: [{ to: '10.8.0.0/16', via: '192.168.1.1', onLink: true, table: 5 }],
    },
    left: [3, 4, 5, 6],
  },
  {
    name: 'name servers are separated by semicolons only',
    settings:
      '[ipv4]\nmethod=auto\ndns=1.1.1.1,8.8.8.8;9.9.9.9\n[ipv6]\nmethod=auto\ndns=2001:db8::1;1.1.1.1;\ndns-search=a.example;b.example;\n',
    wanted: { dns: { servers: ['9.9.9.9', '2001:db8::1'], search: ['a.example', 'b.example'] } },
    left: [3, 6],
  },
  {
    name: 'words that GLib takes for no truth value: the default counts, which is yes',
    settings: '[bridge]\nstp=off\n',
    wanted: { stp: { enabled: true } },
    left: [2],
  },
  {
    name: 'the truth values that GLib knows',
    settings: '[bridge]\nstp=0 \nforward-delay= 7\n',
    wanted: { stp: { enabled: false, forwardDelay: 7 } },
  },
  {
    name: 'an address of the device with dashes',
    settings: '[802-3-ethernet]\ncloned-mac-address=52-54-00-AA-00-01\n',
    wanted: { mac: '52:54:00:aa:00:01' },
  },
  { name: 'ipv4 without a method', settings: '[ipv4]\naddress1=1.2.3.4/24\n', wanted: 'refused' },
  { name: 'an empty ipv6', settings: '[ipv4]\nmethod=auto\n[ipv6]\n', wanted: 'refused' },
  { name: 'a method that is none', settings: '[ipv4]\nmethod=bogus\n', wanted: 'refused' },
  { name: 'a method that ends in a blank', settings: '[ipv4]\nmethod=auto \n', wanted: 'refused' },
  {
    name: 'manual without an address',
    settings: '[ipv4]\nmethod=manual\naddress1=192.168.1.9/24 192.168.1.1\n',
    wanted: 'refused',
  },
  {
    name: 'two addresses in one old value',
    settings: '[ipv4]\nmethod=manual\naddresses=10.0.0.1;24;10.0.0.9;10.0.1.1;25;0.0.0.0;\n',
    wanted: 'refused',
  },
  { name: 'disabled with an address', settings: '[ipv4]\nmethod=disabled\naddress1=1.2.3.4/24\n', wanted: 'refused' },
  { name: 'a gateway without an address', settings: '[ipv4]\nmethod=auto\ngateway=10.0.0.1\n', wanted: 'refused' },
  {
    name: 'a gateway that is none',
    settings: '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24\ngateway=bogus\n',
    wanted: 'refused',
  },
  { name: 'a comment with a semicolon', settings: ';c\n[ipv4]\nmethod=auto\n', wanted: 'refused' },
  { name: 'a line without an assignment', settings: '[ipv4]\nmethod=auto\nstray\n', wanted: 'refused' },
];

const UUID = '0a5b4d1c-0000-4000-8000-000000000001';

/** A whole profile; the settings of a case begin at line {@link HEAD_LINES} + 1. */
export const profileWith = (settings: string, uuid = UUID): string =>
  `[connection]\nid=br0\nuuid=${uuid}\ntype=bridge\ninterface-name=br0\n${settings}`;
export const HEAD_LINES = 5;

/** Identifiers, and if NetworkManager accepts them. */
export const UUIDS: readonly (readonly [uuid: string, isAccepted: boolean])[] = [
  [UUID, true],
  [UUID.toUpperCase(), true],
  ['0123456789012345678901234567890123456789', true],
  ['nonsense', false],
  [UUID.replaceAll('-', ''), false],
  [`{${UUID}}`, false],
];
