import { runsDnsmasq, servesDns } from '../../preview/dnsmasq/index.js';
import type { PreviewNetwork } from '../../preview/network.js';
import type { Finding } from '../findings.js';
import type { Facts, NetworkFacts } from './facts.js';
import { finding, proof } from './finding.js';
import { listenersIn, listensOn } from './listeners.js';

/** The servers that dnsmasq asks for names that it does not know: those of the host. */
export function resolver(
  { evidence: { looks }, networks }: Facts,
  { preview, state: { name } }: NetworkFacts,
): Finding[] {
  if (preview === undefined || looks.resolver === undefined || !runsDnsmasq(preview) || !servesDns(preview)) return [];
  if (preview.mode === 'none' || hasForwarder(preview)) return [];
  const servers = [...looks.resolver.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, server = '']) => server);
  const own = new Set(preview.subnets.map(({ subnet }) => subnet.gateway));
  const others = new Map(networks.flatMap((one) => asksHost(one).map((gateway) => [gateway, one.state.name])));
  const listeners = listenersIn(looks.udp ?? '');
  const why = (server: string): string | undefined => {
    if (own.has(server)) return `${server} is the dnsmasq of the network itself, which does not ask itself`;
    const other = others.get(server);
    if (other !== undefined)
      return `${server} is the dnsmasq of network ${other}, which asks the servers of the host too`;
    if (looks.udp !== undefined && /^127\.|^::1$/.test(server) && !listensOn(listeners, server, 53))
      return `nobody listens on ${server}, port 53`;
    return undefined;
  };
  const reasons = servers.map(why);
  if (reasons.some((reason) => reason === undefined)) return [];
  return [
    finding('resolver-unusable', {
      what: `the dnsmasq of network ${name} has no upstream DNS server: ${reasons[0] ?? 'the host has no name server'}`,
      network: name,
      loses: [{ need: 'names outside' }],
      evidence: [
        proof('/etc/resolv.conf', servers.map((server) => `nameserver ${server}`).join('; ') || 'no nameserver'),
        ...(servers.some((server) => /^127\.|^::1$/.test(server)) ? [proof('ss -lnup sport = :53', 'nobody')] : []),
      ],
      owner: 'host',
      remedy: {
        commands: [],
        note: "Give the host a name server that answers (systemd-resolved: systemctl start systemd-resolved), or the network its own: <forwarder addr='...'/>.",
      },
    }),
  ];
}

/** The addresses of a dnsmasq of libvirt that has no servers of its own to ask. */
const asksHost = ({ preview }: NetworkFacts): readonly string[] =>
  preview !== undefined && runsDnsmasq(preview) && servesDns(preview) && !hasForwarder(preview)
    ? preview.subnets.map(({ subnet }) => subnet.gateway)
    : [];

const hasForwarder = ({ document }: PreviewNetwork): boolean =>
  document.dns?.forwarders?.some(({ domain }) => domain === undefined) === true;
