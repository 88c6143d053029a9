import { runsDnsmasq, servesDns } from '../../preview/dnsmasq/index.js';
import type { Finding } from '../findings.js';
import type { Facts, NetworkFacts } from './facts.js';
import { finding, proof } from './finding.js';
import { listenersIn, listensOn } from './listeners.js';

/** The servers that dnsmasq asks for names that it does not know: those of the host. */
export function resolver({ evidence: { looks } }: Facts, { preview, state: { name } }: NetworkFacts): Finding[] {
  if (preview === undefined || looks.resolver === undefined || !runsDnsmasq(preview) || !servesDns(preview)) return [];
  const hasOwn = preview.document.dns?.forwarders?.some(({ domain }) => domain === undefined);
  if (preview.mode === 'none' || hasOwn) return [];
  const servers = [...looks.resolver.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, server = '']) => server);
  const own = new Set(preview.subnets.map(({ subnet }) => subnet.gateway));
  const listeners = listenersIn(looks.udp ?? '');
  const why = (server: string): string | undefined => {
    if (own.has(server)) return `${server} is the dnsmasq of the network itself, which does not ask itself`;
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
        ...(servers.length > 0 && !own.has(servers[0] ?? '') ? [proof('ss -lnup sport = :53', 'nobody')] : []),
      ],
      owner: 'host',
      remedy: {
        commands: [],
        note: "Give the host a name server that answers (systemd-resolved: systemctl start systemd-resolved), or the network its own: <forwarder addr='...'/>.",
      },
    }),
  ];
}
