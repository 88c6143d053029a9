import type { Vlan } from '../network/ports.js';
import { eachOf, type Reporter, type RuleContext } from './context.js';

const UNESCAPED = /['"&<>]/;
const LINE_BREAK = /[\n\r]/;

/** Finds values that libvirt accepts silently although its own output would be malformed, or contain more than was meant. */
export function checkUnsafe(context: RuleContext): void {
  const { document } = context;
  checkDelay(context);
  checkNatives(context, document.vlan, 'vlan');
  checkUnescaped(context, document.domain?.name, 'domain.name');
  checkUnescaped(context, document.virtualport?.parameters?.profileid, 'virtualport.parameters.profileid');
  eachOf(document.portgroups, 'portgroups', (group, path) => {
    checkUnescaped(context, group.name, `${path}.name`);
    checkNatives(context, group.vlan, `${path}.vlan`);
    checkUnescaped(context, group.virtualport?.parameters?.profileid, `${path}.virtualport.parameters.profileid`);
  });
  oneLine(context, document.domain?.name, 'domain.name');
  oneLine(context, document.bridge?.name, 'bridge.name');
  checkDhcpTexts(context);
  checkDnsTexts(context);
  eachOf(document.dnsmasq?.options, 'dnsmasq.options', (option, path) =>
    oneLine(context, option.value, `${path}.value`),
  );
}

const SIGNED_MAX = 2n ** 63n - 1n;

function checkDelay({ document: { bridge }, report }: RuleContext): void {
  const value = bridge?.delay ?? 0;
  if (BigInt(value) > SIGNED_MAX) report('BRIDGE_DELAY_NEGATIVE', 'bridge.delay', { value });
}

/** libvirt prints every tag of the native id as native. */
function checkNatives({ report }: RuleContext, vlan: Vlan | undefined, path: string): void {
  const native = vlan?.tags?.find(({ nativeMode }) => nativeMode !== undefined)?.id;
  const isTwice = (vlan?.tags?.filter(({ id }) => id === native).length ?? 0) > 1;
  if (native !== undefined && isTwice) report('VLAN_NATIVE_PRINTED_TWICE', `${path}.tags`, { value: native });
}

function checkDhcpTexts(context: RuleContext): void {
  eachOf(context.document.ips, 'ips', ({ dhcp, tftp }, ip) => {
    oneLine(context, tftp?.root, `${ip}.tftp.root`);
    oneLine(context, dhcp?.bootp?.file, `${ip}.dhcp.bootp.file`);
    eachOf(dhcp?.hosts, `${ip}.dhcp.hosts`, (host, path) => {
      checkUnescaped(context, host.name, `${path}.name`);
      checkUnescaped(context, host.mac, `${path}.mac`);
      oneLine(context, host.name, `${path}.name`);
      oneLine(context, host.mac, `${path}.mac`);
    });
  });
}

function checkDnsTexts(context: RuleContext): void {
  const { dns } = context.document;
  eachOf(dns?.forwarders, 'dns.forwarders', (one, path) => oneLine(context, one.domain, `${path}.domain`));
  eachOf(dns?.txts, 'dns.txts', (one, path) => {
    oneLine(context, one.name, `${path}.name`);
    oneLine(context, one.value, `${path}.value`);
  });
  eachOf(dns?.srvs, 'dns.srvs', (one, path) => {
    oneLine(context, one.domain, `${path}.domain`);
    oneLine(context, one.target, `${path}.target`);
  });
  eachOf(dns?.hosts, 'dns.hosts', (host, path) => {
    eachOf(host.hostnames, `${path}.hostnames`, (name, at) => oneLine(context, name, at));
  });
}

const lastKey = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** Text that libvirt prints without escaping it. */
export function checkUnescaped({ report }: Reporter, value: string | undefined, path: string): void {
  if (value !== undefined && UNESCAPED.test(value))
    report('UNESCAPED_CHARACTER', path, { property: lastKey(path), value });
}

function oneLine({ report }: RuleContext, value: string | undefined, path: string): void {
  if (value !== undefined && LINE_BREAK.test(value)) report('DNSMASQ_LINE_BREAK', path, { property: lastKey(path) });
}
