import type { BaseNetwork } from '../../model/base.js';
import { NatNetwork } from '../../model/kinds/virtual-kinds.js';
import type { Family } from '../../schema/address.js';
import { hostPortsOf, type PortForward } from '../../schema/port-forward.js';
import { runsDnsmasq, servesDns } from '../dnsmasq/index.js';
import { isTranslated, servesTftp } from '../firewall/rules.js';
import type { HostFirewall } from '../firewall-model/model.js';
import { traceFlow } from '../flow/explain.js';
import { type NetworkModel, networkModelOf } from '../flow/network-model.js';
import type { Flow, FlowPacket, Topology } from '../flow/topology.js';
import { type PreviewNetwork, previewOf, servesDhcp } from '../network.js';
import type { CheckOptions } from './options.js';
import { outsideOf } from './outside.js';

/**
 * What guests of a network need of its host.
 *
 * - `dhcp`, `router`, `dns`, `tftp`: an address, a router advertisement, names, files from the network's dnsmasq.
 * - `names outside`: dnsmasq itself gets answers to the names that it does not know.
 * - `gateway`: the host answers echo requests.
 * - `out`, `answers`: guests reach machines beyond the host, and what those answer comes back.
 * - `in`: machines beyond the host reach guests of a network without NAT.
 * - `port forward`: machines beyond the host reach a guest by a port of the host.
 */
export type Need =
  | 'dhcp'
  | 'router'
  | 'dns'
  | 'names outside'
  | 'tftp'
  | 'gateway'
  | 'out'
  | 'answers'
  | 'in'
  | 'port forward';

/** What becomes of a need. */
export interface NeedStatus {
  readonly need: Need;
  readonly family: Family;
  /** The packet that was followed. */
  readonly protocol: Flow['packet']['protocol'];
  readonly port?: number;
  /** `depends`: a rule decides that asks for more than is known. */
  readonly state: 'met' | 'fails' | 'depends';
  /** Why, in one sentence. */
  readonly reason: string;
  /** The rule, policy or setting that decides against it, as the host prints it. */
  readonly rule?: string;
  /** The hook at which it decides. */
  readonly hook?: string;
}

/** A need, and the packet that tells about it. */
export interface Question {
  readonly need: Need;
  readonly packet: FlowPacket;
  /** The port forward that the packet takes. */
  readonly forward?: PortForward;
}

const GUEST = 'guest';

/** Follows a packet for each need of a network's guests. */
export function needsOf(network: BaseNetwork, firewall: HostFirewall, options: CheckOptions): readonly NeedStatus[] {
  const inquiry = inquiryAbout(network, firewall, options);
  if (inquiry === undefined) return [];
  return inquiry.questions.flatMap(({ need, packet }) => statusesOf(need, traceFlow(inquiry.model, packet)));
}

/** The packets that tell about a network's needs, and the host that they are followed on. */
export interface Inquiry {
  readonly network: PreviewNetwork;
  readonly questions: readonly Question[];
  readonly model: NetworkModel;
  /** The same host with other packet filters. */
  readonly modelOn: (firewall: HostFirewall) => NetworkModel;
}

/** Puts together what is asked about a network; nothing for one that libvirt makes nothing for on the host. */
export function inquiryAbout(network: BaseNetwork, firewall: HostFirewall, options: CheckOptions): Inquiry | undefined {
  const preview = previewOf(network, options);
  if (preview === undefined) return undefined;
  const outside = outsideOf(options, preview);
  const { guest, ...surroundings } = options;
  const topology: Topology = {
    ...surroundings,
    networks: [network],
    guests: [{ ...guest, name: GUEST, network: network.name }, ...forwardsOf(network).map(targetOf(network))],
    outside,
  };
  const modelOn = (filters: HostFirewall): NetworkModel => networkModelOf({ ...topology, firewall: filters });
  const model = modelOn(firewall);
  const lan = model.outside[0]?.addresses;
  const questions = (['ipv4', 'ipv6'] as const)
    .filter((family) => firewall.families.includes(family))
    .filter((family) => preview.subnets.some(({ subnet }) => subnet.family === family))
    .flatMap((family) => questionsOf(preview, network, family))
    .filter(({ packet }) => packet.to !== 'outside' || hasAddress(lan, packet.family));
  return { network: preview, questions, model, modelOn };
}

const hasAddress = (addresses: readonly { readonly family: Family }[] = [], family: Family = 'ipv4'): boolean =>
  addresses.some((one) => one.family === family);

function questionsOf(preview: PreviewNetwork, network: BaseNetwork, family: Family): Question[] {
  const { mode } = preview;
  const ask = (need: Need, packet: Partial<FlowPacket>): Question => ({
    need,
    packet: { from: GUEST, to: 'host', family, ...packet },
  });
  const leaves = mode !== 'none';
  return [
    ...servicesOf(preview, family).map(({ need, ...packet }) => ask(need, packet)),
    ask('gateway', { protocol: 'icmp' }),
    ...(leaves ? [ask('out', { to: 'outside', protocol: 'tcp', port: 443 })] : []),
    ...(leaves && !isTranslated(preview, family)
      ? [ask('in', { from: 'outside', to: GUEST, protocol: 'tcp', port: 443 })]
      : []),
    ...forwardsOf(network)
      .filter(({ to }) => to.ip.includes(':') === (family === 'ipv6'))
      .map((forward) => ({
        ...ask('port forward', { from: 'outside', protocol: forward.protocol, port: hostPortsOf(forward).start }),
        forward,
      })),
  ];
}

const forwardsOf = (network: BaseNetwork): readonly PortForward[] =>
  network instanceof NatNetwork ? network.portForwards : [];

/** The guest that a port forward leads to. */
const targetOf =
  ({ name: network }: BaseNetwork) =>
  ({ to }: PortForward, i: number) => ({ name: `target ${i}`, network, addresses: [to.ip] });

type Service = { readonly need: Need } & Pick<FlowPacket, 'protocol' | 'name'>;

function servicesOf(preview: PreviewNetwork, family: Family): Service[] {
  if (!runsDnsmasq(preview)) return [];
  const leases = preview.subnets.some((one) => one.subnet.family === family && servesDhcp(one));
  const names = servesDns(preview);
  const outside = names && preview.mode !== 'none' && family === 'ipv4';
  return [
    ...(leases ? [{ need: 'dhcp', protocol: 'dhcp' } as const] : []),
    ...(family === 'ipv6' ? [{ need: 'router', protocol: 'ra' } as const] : []),
    ...(names
      ? (['dns', 'dns-tcp'] as const).map((protocol) => ({ need: 'dns', protocol, name: GUEST }) as const)
      : []),
    ...(outside ? [{ need: 'names outside', protocol: 'dns', name: 'example.com' } as const] : []),
    ...(family === 'ipv4' && servesTftp(preview) ? [{ need: 'tftp', protocol: 'tftp' } as const] : []),
  ];
}

/** A way out whose answers do not come back is two needs, of which one is met. */
function statusesOf(need: Need, flow: Flow): NeedStatus[] {
  const status = statusOf(need, flow);
  if (need !== 'out') return [status];
  const answered = flow.steps.some(({ way }) => way === 'back');
  if (!answered) return [status];
  return [
    { ...without(status), state: 'met', reason: 'it arrives' },
    { ...status, need: 'answers' },
  ];
}

const without = ({ rule, hook, ...status }: NeedStatus): NeedStatus => {
  void rule;
  void hook;
  return status;
};

function statusOf(need: Need, { packet, verdict, reason, rule, hook }: Flow): NeedStatus {
  const { family, protocol, port } = packet;
  const state = verdict === 'delivered' ? 'met' : verdict === 'depends' ? 'depends' : 'fails';
  return {
    need,
    family,
    protocol,
    ...(port === undefined ? {} : { port }),
    state,
    reason,
    ...(rule === undefined ? {} : { rule }),
    ...(hook === undefined ? {} : { hook }),
  };
}
