import type { End } from './network-model.js';
import { answersNames, type Link, type NetworkModel } from './network-model.js';

/** Answers a DNS query for a name as the network's dnsmasq does. */
export function answerOf(model: NetworkModel, link: Link, name = 'example.com'): End | undefined {
  if (link.network === undefined) return undefined; // the host's own server, of which nothing is known
  if (!answersNames(link)) return { verdict: 'rejected', reason: `no DNS server listens on ${link.name}` };
  const { document, mode } = link.network;
  const domain = document.domain?.name;
  const short = domain !== undefined && name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : name;
  const known =
    [...model.guests.values()].some((guest) => guest.name === short && guest.link === link) ||
    document.dns?.hosts?.some(({ hostnames = [] }) => hostnames.includes(short) || hostnames.includes(name)) ||
    document.ips?.some(({ dhcp }) => dhcp?.hosts?.some((host) => host.name === short));
  if (known) return { verdict: 'delivered', reason: `the dnsmasq of ${link.name} knows the name itself` };
  const forwarder = document.dns?.forwarders?.some(
    (one) => one.domain === undefined || name === one.domain || name.endsWith(`.${one.domain}`),
  );
  if (mode === 'none' && !forwarder)
    return { verdict: 'refused', reason: 'the dnsmasq of an isolated network asks nobody outside' };
  return { verdict: 'delivered', reason: `the dnsmasq of ${link.name} asks for the name outside`, asksOutside: true };
}
