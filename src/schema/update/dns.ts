import type { Dns, DnsHost, DnsSrv, DnsTxt } from '../network/dns.js';
import type { NetworkDocument } from '../network/network.js';
import { addressIn } from '../rules/context.js';
import { added, placesOf, without } from './lists.js';
import { refuse } from './refusal.js';
import type { UpdateCommand } from './request.js';

const MODIFIABLE_SINCE = 10_000_000;

/** Until 10.0 no DNS record could be changed in place, and SRV records cannot to this day. */
export function refuseDnsModify(kind: 'HOST' | 'TXT' | 'SRV', command: UpdateCommand, release: number): void {
  if (command !== 'modify' || release >= MODIFIABLE_SINCE) return;
  const id = kind === 'HOST' ? 'UPD_DNSHOST_MODIFY' : `UPD_${kind}_MODIFY`;
  refuse(id, `DNS ${kind} records cannot be modified, only added or deleted`, 'OPERATION_UNSUPPORTED');
}

const withDns = (document: NetworkDocument, patch: Partial<Dns>): NetworkDocument => ({
  ...document,
  dns: { ...document.dns, ...patch },
});

/** The one place that fits; libvirt refuses none and several. */
function single(places: readonly number[], kind: 'HOST' | 'SRV', name: string): number {
  const [place, more] = places;
  const id = kind === 'HOST' ? 'UPD_DNSHOST' : 'UPD_SRV';
  if (place === undefined)
    return refuse(`${id}_MISSING`, `couldn't locate a matching DNS ${kind} record in network ${name}`);
  if (more === undefined) return place;
  const what =
    kind === 'HOST'
      ? 'multiple matching DNS HOST records were found'
      : 'multiple DNS SRV records matching all specified fields were found';
  return refuse(`${id}_MULTIPLE`, `${what} in network ${name}`);
}

/** Adds, replaces (since 10.0) or takes away the names of an address. */
export function updateDnsHost(
  document: NetworkDocument,
  command: UpdateCommand,
  host: Partial<DnsHost>,
): NetworkDocument {
  const { name } = document;
  const hosts = document.dns?.hosts ?? [];
  const sameIp = (other: DnsHost) => host.ip !== undefined && addressIn(other.ip)?.text === addressIn(host.ip)?.text;
  const { ip, hostnames = [] } = host;
  if (ip === undefined && hostnames.length === 0)
    refuse('DNS_HOST_EMPTY', `Missing ip and hostname in network '${name}' DNS HOST record`, 'XML_DETAIL');
  if (command === 'delete') {
    const fits = (other: DnsHost) => sameIp(other) || other.hostnames.some((one) => hostnames.includes(one));
    return withDns(document, { hosts: without(hosts, single(placesOf(hosts, fits), 'HOST', name)) });
  }
  const places = placesOf(hosts, sameIp);
  const whole: DnsHost = { ...host, ip: ip ?? '', hostnames };
  if (command === 'modify') return withDns(document, { hosts: hosts.with(single(places, 'HOST', name), whole) });
  if (places.length > 0)
    refuse(
      'UPD_DNSHOST_EXISTS',
      `there is already at least one DNS HOST record with a matching field in network ${name}`,
    );
  return withDns(document, { hosts: added(hosts, whole, command) });
}

/** Adds, replaces (since 10.0) or takes away a TXT record; they are known by their name. */
export function updateDnsTxt(document: NetworkDocument, command: UpdateCommand, txt: Partial<DnsTxt>): NetworkDocument {
  const txts = document.dns?.txts ?? [];
  const place = txts.findIndex((other) => other.name === txt.name);
  const { name: owner = '', value } = txt;
  if ((command === 'delete' || command === 'modify') && place === -1) {
    refuse('UPD_TXT_MISSING', `couldn't locate a matching DNS TXT record in network ${document.name}`);
  }
  if (command === 'delete') return withDns(document, { txts: without(txts, place) });
  if (value === undefined)
    return refuse('UPD_TXT_NOVALUE', `missing value of modifying DNS TXT record in network ${document.name}`);
  const whole: DnsTxt = { ...txt, name: owner, value };
  if (command === 'modify') return withDns(document, { txts: txts.with(place, whole) });
  if (place !== -1)
    refuse('UPD_TXT_EXISTS', `there is already a DNS TXT record with name '${owner}' in network ${document.name}`);
  return withDns(document, { txts: added(txts, whole, command) });
}

const SRV_KEYS = ['domain', 'service', 'protocol', 'target'] as const;

/** Adds or takes away an SRV record; only what is given of domain, service, protocol and target counts. */
export function updateDnsSrv(document: NetworkDocument, command: UpdateCommand, srv: Partial<DnsSrv>): NetworkDocument {
  const srvs = document.dns?.srvs ?? [];
  const places = placesOf(srvs, (other) => SRV_KEYS.every((key) => srv[key] === undefined || srv[key] === other[key]));
  if (command === 'delete') return withDns(document, { srvs: without(srvs, single(places, 'SRV', document.name)) });
  if (places.length > 0)
    refuse(
      'UPD_SRV_EXISTS',
      `there is already at least one DNS SRV record matching all specified fields in network ${document.name}`,
    );
  const { service = '', protocol = '' } = srv;
  return withDns(document, { srvs: added(srvs, { ...srv, service, protocol }, command) });
}
