import { network, type RuleExample, swap } from './example.js';

const dns = (...parts: readonly string[]): string => network('<dns>', ...parts, '</dns>');
const srv = (attributes: string): string => dns(`<srv ${attributes}/>`);

const DISABLED: readonly RuleExample[] = [
  "<forwarder addr='10.0.0.2'/>",
  "<txt name='t' value='v'/>",
  "<srv service='s' protocol='tcp'/>",
  "<host ip='10.0.0.2'><hostname>h</hostname></host>",
].map((record) => ({
  rule: 'DNS_DISABLED_DATA',
  what: record,
  is: 'parse',
  at: 'dns',
  ...swap(network("<dns enable='@'>", record, '</dns>'), 'no', 'yes'),
}));

const WITHOUT_TARGET: readonly RuleExample[] = (['port', 'priority', 'weight'] as const).flatMap((name) => [
  {
    rule: 'DNS_SRV_NO_TARGET' as const,
    is: 'parse' as const,
    at: `dns.srvs[0].${name}`,
    ...swap(srv(`service='s' protocol='tcp'@ ${name}='5'`), '', " target='t'"),
  },
  {
    rule: 'DNS_SRV_NUMBER' as const,
    is: 'parse' as const,
    at: `dns.srvs[0].${name}`,
    ...swap(srv(`service='s' protocol='tcp' target='t' ${name}='@'`), '65536', '65535'),
  },
]);

/** DNS records and forwarders. */
export const DNS: readonly RuleExample[] = [
  ...DISABLED,
  { rule: 'DNS_FWD_EMPTY', is: 'parse', at: 'dns.forwarders[0]', ...swap(dns('<forwarder@/>'), '', " domain='d'") },
  {
    rule: 'DNS_FWD_ADDR',
    is: 'parse',
    at: 'dns.forwarders[0].addr',
    ...swap(dns("<forwarder addr='10.0.0.@'/>"), 'x', '2'),
  },
  {
    rule: 'DNS_FWD_PORT',
    is: 'parse',
    at: 'dns.forwarders[0].port',
    fineIn: '11.10.0',
    ...swap(dns("<forwarder addr='10.0.0.2' port='@'/>"), '0', '1'),
  },
  {
    rule: 'DNS_HOST_IP',
    is: 'parse',
    at: 'dns.hosts[0].ip',
    ...swap(dns('<host@><hostname>h</hostname></host>'), '', " ip='10.0.0.2'"),
  },
  {
    rule: 'DNS_HOST_IP_BAD',
    is: 'parse',
    at: 'dns.hosts[0].ip',
    ...swap(dns("<host ip='10.0.0.@'><hostname>h</hostname></host>"), 'x', '2'),
  },
  {
    rule: 'DNS_HOST_NAME',
    is: 'parse',
    at: 'dns.hosts[0].hostnames',
    ...swap(dns("<host ip='10.0.0.2'>@</host>"), '', '<hostname>h</hostname>'),
  },
  {
    rule: 'DNS_HOST_NAME',
    what: 'an empty name beside another',
    is: 'parse',
    at: 'dns.hosts[0].hostnames',
    fineIn: '9.10.0',
    ...swap(dns("<host ip='10.0.0.2'>", '<hostname>h</hostname>', '<hostname>@</hostname>', '</host>'), '', 'i'),
  },
  {
    rule: 'DNS_HOST_NAME',
    what: 'an empty name in data',
    is: 'parse',
    at: 'dns.hosts[0].hostnames',
    fineIn: '9.10.0',
    broken: { name: 'n', dns: { hosts: [{ ip: '10.0.0.2', hostnames: ['h', ''] }] } },
    right: { name: 'n', dns: { hosts: [{ ip: '10.0.0.2', hostnames: ['h'] }] } },
  },
  { rule: 'DNS_TXT_NAME', is: 'parse', at: 'dns.txts[0].name', ...swap(dns("<txt@ value='v'/>"), '', " name='t'") },
  {
    rule: 'DNS_TXT_CHAR',
    is: 'parse',
    at: 'dns.txts[0].name',
    ...swap(dns("<txt name='a@b' value='v'/>"), ',', '.'),
  },
  { rule: 'DNS_TXT_VALUE', is: 'parse', at: 'dns.txts[0].value', ...swap(dns("<txt name='t'@/>"), '', " value='v'") },
  {
    rule: 'DNS_SRV_SERVICE',
    is: 'parse',
    at: 'dns.srvs[0].service',
    ...swap(srv("@protocol='tcp'"), '', "service='s' "),
  },
  {
    rule: 'DNS_SRV_SERVICE_LONG',
    is: 'parse',
    at: 'dns.srvs[0].service',
    ...swap(srv("service='@' protocol='tcp'"), 's'.repeat(483), 's'.repeat(482)),
  },
  {
    rule: 'DNS_SRV_SERVICE_CHAR',
    is: 'parse',
    at: 'dns.srvs[0].service',
    ...swap(srv("service='a@b' protocol='tcp'"), '.', '_'),
  },
  {
    rule: 'DNS_SRV_PROTO',
    is: 'parse',
    at: 'dns.srvs[0].protocol',
    ...swap(srv("service='s'@"), '', " protocol='tcp'"),
  },
  {
    rule: 'DNS_SRV_PROTO_CHAR',
    is: 'parse',
    at: 'dns.srvs[0].protocol',
    ...swap(srv("service='s' protocol='@tcp'"), '_', '-'),
  },
  ...WITHOUT_TARGET,
  {
    rule: 'DNS_SRV_NO_TARGET',
    what: 'a weight that is too large',
    is: 'parse',
    at: 'dns.srvs[0].weight',
    ...swap(srv("service='s' protocol='tcp' weight='@'"), '65536', "1' target='t"),
  },
  {
    rule: 'DNS_SRV_NUMBER',
    what: 'port 0',
    is: 'parse',
    at: 'dns.srvs[0].port',
    ...swap(srv("service='s' protocol='tcp' target='t' port='@'"), '0', '1'),
  },
  {
    rule: 'DNSMASQ_NO_VALUE',
    is: 'parse',
    at: 'dnsmasq.options[0].value',
    ...swap(
      network("<q:options xmlns:q='http://libvirt.org/schemas/network/dnsmasq/1.0'>", '<q:option@/>', '</q:options>'),
      '',
      " value='log-queries'",
    ),
  },
];
