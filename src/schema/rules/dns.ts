import type { DnsSrv } from '../network/dns.js';
import { RELEASE_10 } from '../release.js';
import { eachOf, type RuleContext } from './context.js';
import { utf8Length } from './ports.js';

/** DNS records and forwarders. */
export function checkDns(context: RuleContext): void {
  const { dns } = context.document;
  if (dns === undefined) return;
  const { release, report } = context;
  const full = [dns.forwarders, dns.txts, dns.srvs, dns.hosts].some((list) => (list?.length ?? 0) > 0);
  if (dns.enable === false && full) report('DNS_DISABLED_DATA', 'dns');
  eachOf(dns.forwarders, 'dns.forwarders', (forwarder, path) => {
    if (forwarder.addr === undefined && forwarder.domain === undefined) report('DNS_FWD_EMPTY', path);
  });
  eachOf(dns.txts, 'dns.txts', (txt, path) => {
    if (/[ ,]/.test(txt.name ?? '')) report('DNS_TXT_CHAR', `${path}.name`, { value: txt.name });
  });
  eachOf(dns.srvs, 'dns.srvs', (srv, path) => checkSrv(context, srv, path));
  eachOf(dns.hosts, 'dns.hosts', ({ hostnames }, path) => {
    // Until 10.0 libvirt passed over empty ones.
    const count = hostnames?.filter((name) => name !== '').length;
    if (count === 0 || (release >= RELEASE_10 && count !== hostnames?.length))
      report('DNS_HOST_NAME', `${path}.hostnames`);
  });
}

const SERVICE_BYTES = 482;

function checkSrv({ report }: RuleContext, srv: DnsSrv, path: string): void {
  const { service, protocol, target, port } = srv;
  if (utf8Length(service) > SERVICE_BYTES) report('DNS_SRV_SERVICE_LONG', `${path}.service`);
  if (!/^[A-Za-z0-9_\-+/*]*$/.test(service ?? ''))
    report('DNS_SRV_SERVICE_CHAR', `${path}.service`, { value: service });
  if (!/^[A-Za-z0-9\-+/]*$/.test(protocol ?? '')) report('DNS_SRV_PROTO_CHAR', `${path}.protocol`, { value: protocol });
  for (const attribute of ['port', 'priority', 'weight'] as const) {
    if (srv[attribute] !== undefined && target === undefined)
      report('DNS_SRV_NO_TARGET', `${path}.${attribute}`, { attribute });
  }
  if (port === 0 && target !== undefined)
    report('DNS_SRV_NUMBER', `${path}.port`, {
      attribute: 'port',
      value: 0,
      expected: 'an integer from 1 to 65535',
      element: 'srv',
    });
}
