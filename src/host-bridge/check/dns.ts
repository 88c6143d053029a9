import { parseAddress } from '../../schema/address.js';
import type { HostBridgeDocument } from '../document.js';
import type { Report } from './context.js';

const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
const DOMAIN = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);

/** Name servers and search domains; both end in files that programs of other people read. */
export function checkDns({ dns }: HostBridgeDocument, report: Report): void {
  eachOnce(dns?.servers, 'dns.servers', report, (server, path) => {
    if (parseAddress(server) === undefined) report('HB_DNS_SERVER', path, { value: server });
  });
  eachOnce(dns?.search, 'dns.search', report, (domain, path) => {
    if (!DOMAIN.test(domain)) report('HB_DNS_DOMAIN', path, { value: domain });
  });
}

function eachOnce(
  values: readonly string[] = [],
  path: string,
  report: Report,
  check: (value: string, path: string) => void,
): void {
  const seen = new Set<string>();
  values.forEach((value, i) => {
    check(value, `${path}[${i}]`);
    if (seen.has(value)) report('HB_DNS_TWICE', `${path}[${i}]`, { value });
    seen.add(value);
  });
}
