import { eachOf, type RuleContext } from './context.js';
import { faultOfName } from './dnsmasq-names.js';

/** Finds names of `<dns>` that dnsmasq passes over, or takes for several. */
export function checkHostNames({ document, report }: RuleContext): void {
  eachOf(document.dns?.hosts, 'dns.hosts', ({ hostnames }, path) => {
    eachOf(hostnames, `${path}.hostnames`, (value, at) => {
      const reason = faultOfHostName(value);
      if (reason !== undefined) report('DNS_HOST_NAME_UNUSABLE', at, { value, reason });
    });
  });
}

function faultOfHostName(name: string): string | undefined {
  // DNSMASQ_LINE_BREAK says so.
  if (/[\n\r]/.test(name)) return undefined;
  if (/\s/.test(name)) return 'it has a blank, which separates names';
  if (name.startsWith('#')) return 'it begins a comment';
  return name === '' ? undefined : faultOfName(name);
}

/** A name that dnsmasq cannot use makes it ignore the whole reservation, or read something else from it. */
export function checkReservedName(report: RuleContext['report'], name: string | undefined, path: string): void {
  const reason = name === undefined ? undefined : faultOfReservedName(name);
  if (reason !== undefined) report('HOST_NAME_UNUSABLE', path, { value: name ?? '', reason });
}

function faultOfReservedName(name: string): string | undefined {
  // Other rules say so.
  if (/['"&<>\n\r]/.test(name)) return undefined;
  if (name === 'ignore') return 'it means that the guest gets no address';
  if (name === 'infinite' || /^\d+[smhdw]?$/.test(name)) return 'it means how long the lease lasts';
  const fault = faultOfName(name);
  if (fault !== undefined) return `${fault}, and the reservation is ignored`;
  const [first = ''] = name.replace(/ *$/, '').split('.');
  return /^[\w-]*$/.test(first) ? undefined : 'it is not the name of a host, and the reservation is ignored';
}
