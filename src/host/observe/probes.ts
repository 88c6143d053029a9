import type { CallOptions } from '../../async/deadline.js';
import { TransportError } from '../../errors/index.js';
import type { NetworkSystem } from '../../host-bridge/render/rendering.js';
import type { Runner } from '../runner/runner.js';
import { askHost } from './ask.js';
import { SYSTEMS, TOOLS } from './systems.js';

/** Probes of a host: each is a piece of a POSIX script that changes nothing. */
export const PROBES = {
  links: 'ip -j -d link show',
  addresses: 'ip -j addr show',
  routes4: 'ip -j -4 route show table all',
  routes6: 'ip -j -6 route show table all',
  wireless: 'cd /sys/class/net && for d in *; do [ ! -e "$d/wireless" ] && [ ! -e "$d/phy80211" ] || echo "$d"; done',
  tools: `for t in ${TOOLS.join(' ')}; do command -v "$t" >/dev/null && echo "$t"; done; :`,
  systemd: '[ -d /run/systemd/system ]',
  networkmanager: SYSTEMS.networkmanager.probe,
  networkd: SYSTEMS.networkd.probe,
  netplan: SYSTEMS.netplan.probe,
  ifupdown: SYSTEMS.ifupdown.probe,
  ifcfg: SYSTEMS.ifcfg.probe,
  wicked: SYSTEMS.wicked.probe,
  openvswitch: 'ovs-vsctl list-br',
  peer: 'set -- $SSH_CONNECTION; [ $# -eq 0 ] || ip -j route get "$1"',
  acceptRa: 'grep -H . /proc/sys/net/ipv6/conf/*/accept_ra',
  ipv6Routes: 'cat /proc/net/ipv6_route',
  clientIds: `for d in /sys/class/net/*; do f="/run/systemd/netif/leases/$(cat "$d/ifindex")"
    [ ! -f "$f" ] || sed -n "s,^CLIENTID=,\${d##*/} ,p" "$f"; done`,
  netfilter: 'cat /proc/sys/net/bridge/bridge-nf-call-iptables',
} satisfies Readonly<Record<string, string>> & { readonly [S in NetworkSystem]: string };

/** Name of a probe. */
export type Probe = keyof typeof PROBES;

const isProbe = (name: string): name is Probe => name in PROBES;

/** Everything that a host can be asked. */
export const ALL_PROBES: readonly Probe[] = Object.keys(PROBES).filter(isProbe);

/** Answers of a host: the output of each probe, absent if it failed, usually because the tool is not installed. */
export type Answers = { readonly [P in Probe]?: string };

/**
 * Asks a host about itself in one run that changes nothing.
 *
 * @param probes - what it is asked, devices and their addresses among them
 * @throws `TransportError` when the host cannot be reached, or has no `ip` that can print JSON
 */
export async function probe(runner: Runner, probes: readonly Probe[], options: CallOptions): Promise<Answers> {
  const pieces = Object.fromEntries(probes.map((name) => [name, PROBES[name]]));
  const asked = await askHost(runner, pieces, { what: 'look at the network', ...options });
  const answers: Answers = Object.fromEntries(
    Object.entries(asked).flatMap(([name, answer]) => (answer?.output === undefined ? [] : [[name, answer.output]])),
  );
  if (answers.links !== undefined && answers.addresses !== undefined) return answers;
  throw new TransportError('TOOL_MISSING', `cannot look at the network on ${runner.label}: ip -j did not answer`, {
    hint: 'install iproute2 (4.14 or later) on the host',
  });
}
