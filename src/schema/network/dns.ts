import { attribute, type ElementTable, type Extra, element, leaves, many, optional } from '../element.js';
import { integer, ip, text, yesNo } from '../scalar.js';

/** Where queries that the network cannot answer itself are sent. One of the two is required. */
export interface DnsForwarder {
  /** Only queries for this domain; since 2.2.0. Default: all. */
  readonly domain?: string;
  /** Address of the server; since 1.1.3. Default: the host's resolver. */
  readonly addr?: string;
  /** Port of the server, 1 to 65535; needs `addr`, without which libvirt drops it; since 12.0.0. Default: 53. */
  readonly port?: number;
  readonly extra?: Extra;
}
export const dnsForwarderTable: ElementTable<DnsForwarder> = element('forwarder', {
  domain: optional(attribute('domain', text, { since: '2.2.0', empty: 'value' })),
  addr: optional(attribute('addr', ip, { since: '1.1.3', empty: 'value', invalid: 'DNS_FWD_ADDR' })),
  port: optional(attribute('port', integer(1, 65535), { since: '12.0.0', empty: 'value', invalid: 'DNS_FWD_PORT' })),
});

/** A TXT record; since libvirt 0.9.3. */
export interface DnsTxt {
  /** Owner name, without blanks and commas. */
  readonly name: string;
  /** Text of the record. */
  readonly value: string;
  readonly extra?: Extra;
}
export const dnsTxtTable: ElementTable<DnsTxt> = element('txt', {
  name: attribute('name', text, { empty: 'value', missing: 'DNS_TXT_NAME' }),
  value: attribute('value', text, { empty: 'value', missing: 'DNS_TXT_VALUE' }),
});

/** An SRV record; since libvirt 0.9.9. */
export interface DnsSrv {
  /** Service name without the underscore, such as `ldap`. */
  readonly service: string;
  /** Protocol without the underscore, usually `tcp` or `udp`. */
  readonly protocol: string;
  /** Domain of the record. Default: the network's. */
  readonly domain?: string;
  /** Host that serves. Default: the service is said not to exist. */
  readonly target?: string;
  /** 1 to 65535; needs a target. */
  readonly port?: number;
  /** 0 to 65535; needs a target. */
  readonly priority?: number;
  /** 0 to 65535; needs a target. */
  readonly weight?: number;
  readonly extra?: Extra;
}
export const dnsSrvTable: ElementTable<DnsSrv> = element('srv', {
  service: attribute('service', text, { empty: 'value', missing: 'DNS_SRV_SERVICE' }),
  protocol: attribute('protocol', text, { empty: 'value', missing: 'DNS_SRV_PROTO' }),
  domain: optional(attribute('domain', text, { empty: 'value' })),
  target: optional(attribute('target', text, { empty: 'value' })),
  port: optional(attribute('port', integer(0, 65535), { invalid: 'DNS_SRV_NUMBER' })),
  priority: optional(attribute('priority', integer(0, 65535), { invalid: 'DNS_SRV_NUMBER' })),
  weight: optional(attribute('weight', integer(0, 65535), { invalid: 'DNS_SRV_NUMBER' })),
});

/** Names for one address; since libvirt 0.9.3. */
export interface DnsHost {
  /** The address, IPv4 or IPv6. */
  readonly ip: string;
  /** Its names; at least one. */
  readonly hostnames: readonly string[];
  readonly extra?: Extra;
}
export const dnsHostTable: ElementTable<DnsHost> = element(
  'host',
  {
    ip: attribute('ip', ip, { empty: 'value', invalid: 'DNS_HOST_IP_BAD', missing: 'DNS_HOST_IP' }),
    hostnames: leaves('hostname', text, { missing: 'DNS_HOST_NAME' }),
  },
  { anyNamespace: true },
);

/** The DNS server of the network; since libvirt 0.9.3. Source: "Addressing" of libvirt's network format page. */
export interface Dns {
  /** True if there is one; since 2.2.0. Default: yes. */
  readonly enable?: boolean;
  /** `false` keeps names without a dot from leaving the network; since 1.1.2. Default: yes. */
  readonly forwardPlainNames?: boolean;
  readonly forwarders?: readonly DnsForwarder[];
  readonly txts?: readonly DnsTxt[];
  readonly srvs?: readonly DnsSrv[];
  readonly hosts?: readonly DnsHost[];
  readonly extra?: Extra;
}
export const dnsTable: ElementTable<Dns> = element('dns', {
  enable: optional(attribute('enable', yesNo, { since: '2.2.0', empty: 'value', invalid: 'ATTR_ENUM' })),
  forwardPlainNames: optional(
    attribute('forwardPlainNames', yesNo, { since: '1.1.2', empty: 'value', invalid: 'ATTR_ENUM' }),
  ),
  forwarders: optional(many(dnsForwarderTable)),
  txts: optional(many(dnsTxtTable)),
  srvs: optional(many(dnsSrvTable, { since: '0.9.9' })),
  hosts: optional(many(dnsHostTable)),
});
