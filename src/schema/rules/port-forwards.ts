import { type Address, lastAddress, networkAddress, sameSubnet } from '../address.js';
import { forwardModeOf } from '../network/canonical.js';
import type { Ip } from '../network/ip.js';
import { clashes, hostPortsOf, type PortForward, portsText } from '../port-forward.js';
import { decodePortForwards, portForwardElement } from '../port-forward-metadata.js';
import { effectivePrefix } from './addressing.js';
import { addressIn, type RuleContext } from './context.js';

/** The port forwards that a network keeps in its metadata. libvirt does not look at them. */
export function checkPortForwards({ document, report }: RuleContext): void {
  const element = portForwardElement(document);
  if (element === undefined) return;
  if (forwardModeOf(document) !== 'nat') report('PORT_FORWARD_MODE', 'metadata');
  const forwards: PortForward[] = [];
  for (const entry of decodePortForwards(element)) {
    if (typeof entry === 'string') report('PORT_FORWARD_INVALID', 'metadata', { reason: entry });
    else forwards.push(entry);
  }
  forwards.forEach((forward, i) => {
    const value = portsText(forward);
    if (forwards.slice(0, i).some((other) => clashes(other, forward)))
      report('PORT_FORWARD_DUPLICATE', 'metadata', { value });
    checkTarget({ document, report }, forward, value);
  });
}

function checkTarget(
  { document, report }: Pick<RuleContext, 'document' | 'report'>,
  forward: PortForward,
  value: string,
) {
  const target = addressIn(forward.to.ip);
  const ip = document.ips?.find((one) => {
    const [own, prefix] = [addressIn(one.address), effectivePrefix(one)];
    return target && own && prefix !== undefined && sameSubnet(own, target, prefix);
  });
  const params = { value, ip: forward.to.ip };
  if (ip === undefined) return report('PORT_FORWARD_TARGET', 'metadata', params);
  const own = addressIn(ip.address)?.text;
  if (target !== undefined && !isGuestAddress(target, ip)) report('PORT_FORWARD_TARGET', 'metadata', params);
  if (takesService(forward, own)) report('PORT_FORWARD_SERVICE', 'metadata', params);
  const served = (ip.dhcp?.ranges?.length ?? 0) > 0;
  const reserved = ip.dhcp?.hosts?.some((host) => addressIn(host.ip)?.value === target?.value);
  if (served && !reserved) report('PORT_FORWARD_UNRESERVED', 'metadata', params);
}

/** The host's own address, and the first and last one of an IPv4 subnet, are nobody's. */
function isGuestAddress(target: Address, ip: Ip): boolean {
  const [own, prefix] = [addressIn(ip.address), effectivePrefix(ip)];
  if (own === undefined || prefix === undefined || target.value === own.value) return false;
  const isRoomy = target.family === 'ipv4' && prefix < 31;
  return (
    !isRoomy || ![networkAddress(own, prefix), lastAddress(own, prefix)].some(({ value }) => value === target.value)
  );
}

/** Tells whether a forward would take the network's own DNS or DHCP away from its guests. */
function takesService(forward: PortForward, gateway: string | undefined): boolean {
  const { start, end } = hostPortsOf(forward);
  const taken = [53, ...(forward.protocol === 'udp' ? [67, 547] : [])].some((port) => start <= port && port <= end);
  return taken && (forward.hostAddress === undefined || addressIn(forward.hostAddress)?.text === gateway);
}
