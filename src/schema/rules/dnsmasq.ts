import { isLayer3 } from '../network/canonical.js';
import type { DnsSrv } from '../network/dns.js';
import { eachOf, type RuleContext } from './context.js';
import { faultOfName } from './dnsmasq-names.js';
import { utf8Length } from './ports.js';

/** Longest line of its configuration that dnsmasq reads, in bytes. */
const LINE = 1024;

/** Finds texts that libvirt stores, and that keep dnsmasq from starting: the start of the network fails then. */
export function checkDnsmasq(context: RuleContext): void {
  if (!isServed(context)) return;
  const { document } = context;
  checkLine(context, 'bridge.name', `interface=${document.bridge?.name ?? ''}`);
  checkDomain(context);
  if (document.dns?.enable !== false) checkRecords(context);
  eachOf(document.ips, 'ips', ({ dhcp, tftp }, path) => {
    checkLine(context, `${path}.tftp.root`, `tftp-root=${tftp?.root ?? ''}`);
    const { file = '', server } = dhcp?.bootp ?? {};
    checkLine(context, `${path}.dhcp.bootp.file`, `dhcp-boot=${file}${server === undefined ? '' : `,,${server}`}`);
  });
}

/** Tells whether libvirt starts a dnsmasq for the network. */
function isServed({ document }: RuleContext): boolean {
  const { ips = [], dns } = document;
  if (!isLayer3(document) || ips.length === 0) return false;
  return dns?.enable !== false || ips.some(({ dhcp, tftp }) => dhcp !== undefined || tftp?.root !== undefined);
}

function checkDomain(context: RuleContext): void {
  const { domain } = context.document;
  if (domain?.name === undefined) return;
  checkLine(context, 'domain.name', `${domain.localOnly ? 'local=//' : 'domain='}${domain.name}`);
  // What follows a comma is where the domain counts; a number sign stands for the domain of the host.
  const [name = ''] = domain.name.split(',');
  if (name !== '#') checkName(context, 'domain.name', name);
}

function checkRecords(context: RuleContext): void {
  const { dns } = context.document;
  eachOf(dns?.forwarders, 'dns.forwarders', ({ domain = '', addr = '' }, path) => {
    checkLine(context, `${path}.domain`, `server=/${domain}/${addr}`);
    // Slashes separate domains; a number sign stands for all of them.
    for (const name of domain.split('/')) if (name !== '' && name !== '#') checkName(context, `${path}.domain`, name);
  });
  eachOf(dns?.txts, 'dns.txts', ({ name = '', value = '' }, path) => {
    checkLine(context, `${path}.value`, `txt-record=${name},${value}`);
    checkName(context, `${path}.name`, name);
  });
  eachOf(dns?.srvs, 'dns.srvs', (srv, path) => checkSrv(context, srv, path));
}

function checkSrv(context: RuleContext, srv: DnsSrv, path: string): void {
  const { service = '', protocol = '', domain, target } = srv;
  const owner = `_${service}._${protocol}${domain === undefined ? '' : `.${domain}`}`;
  checkLine(context, `${path}.service`, `srv-host=${owner},${target ?? ''}`);
  checkName(context, domain === undefined ? `${path}.service` : `${path}.domain`, owner.split(',')[0] ?? '');
  if (target === undefined || target === '.') return;
  const [name = '', ...numbers] = target.split(',');
  if (name !== '') checkName(context, `${path}.target`, name);
  // After a comma dnsmasq expects the port.
  if (numbers.some((number) => !/^\s*\d{1,5}\s*$/.test(number)))
    context.report('DNSMASQ_NAME', `${path}.target`, { value: target, reason: 'it has a comma' });
}

/** dnsmasq reads lines of a limited length, and takes text in double quotes out of them. */
function checkLine({ report }: RuleContext, path: string, line: string): void {
  const property = path.slice(path.lastIndexOf('.') + 1);
  if (utf8Length(line) > LINE) report('DNSMASQ_LINE_LONG', path, { property, limit: LINE });
  else if (hasOpenQuote(line)) report('DNSMASQ_QUOTE', path, { property });
}

/** Within quotes a backslash keeps one of these from having its meaning. */
const hasOpenQuote = (line: string): boolean => line.replace(/"(?:\\[\\"tnebr]|[^"])*"/g, '').includes('"');

function checkName({ report }: RuleContext, path: string, name: string): void {
  const reason = faultOfName(name);
  if (reason !== undefined) report('DNSMASQ_NAME', path, { value: name, reason });
}
