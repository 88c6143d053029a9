import { NatNetwork } from '../../model/kinds/virtual-kinds.js';
import { explainFlow } from '../../preview/flow/explain.js';
import { hostPortsOf, type PortForward } from '../../schema/port-forward.js';
import type { Finding } from '../findings.js';
import type { NetworkFacts } from './facts.js';
import { finding, proof } from './finding.js';
import type { FlowModel } from './flows.js';

/** Port forwards of a network whose rules are gone: packets for their ports stay on the host. Those for some senders alone are left out. */
export const lostForwards = (model: FlowModel, { network, state: { name } }: NetworkFacts): Finding[] =>
  network instanceof NatNetwork && model.topology.outside?.length !== 0
    ? network.portForwards
        .filter((one) => one.from === undefined && !isTranslated(model, one))
        .map((one) => forwardGone(name, one))
    : [];

/** Follows a packet from outside to the port of the host. */
function isTranslated({ topology }: FlowModel, forward: PortForward): boolean {
  const family = forward.to.ip.includes(':') ? 'ipv6' : 'ipv4';
  const [port, to] = [hostPortsOf(forward).start, forward.hostAddress ?? 'host'];
  const { steps } = explainFlow(topology, { from: 'outside', to, protocol: forward.protocol, port, family });
  return steps.some(({ way, what }) => way === 'there' && what === 'translate');
}

function forwardGone(network: string, { protocol, hostPort, to }: PortForward): Finding {
  const port = typeof hostPort === 'number' ? String(hostPort) : `${hostPort.start}-${hostPort.end}`;
  return finding('port-forward-missing', {
    what: `network ${network} forwards ${protocol} port ${port} of the host to ${to.ip}, but no rule of the host does so`,
    network,
    loses: [{ need: 'port forward', family: to.ip.includes(':') ? 'ipv6' : 'ipv4' }],
    evidence: [proof('nft list ruleset', `no rule translates ${protocol} port ${port}`)],
    owner: 'host',
    remedy: {
      commands: [],
      note: 'installPortForwards of libvirt-network/host makes them, and its hook makes them again at each start of the network; a firewall that starts takes them away.',
    },
  });
}
