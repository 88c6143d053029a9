import type { BridgePort, HostBridgeDocument, SpanningTree } from '../../host-bridge/document.js';
import { HostBridge } from '../../host-bridge/host-bridge.js';
import { begun, type Chain } from '../recorded.js';
import { completed, each, exactChain, only, type Part, part, type Step, unlessEmpty } from './parts.js';

type BridgeStep = Step<HostBridge>;

const PARTS: readonly Part<HostBridge, HostBridgeDocument>[] = [
  part('ports', (ports) => each(ports, portStep)),
  part('vlanFiltering', (options) => [(b) => b.vlanFiltering(unlessEmpty(options))]),
  part('mac', (mac) => [(b) => b.mac(mac)]),
  part('mtu', (mtu) => [(b) => b.mtu(mtu)]),
  part('stp', (stp) => [(b) => b.stp(spanningTreeOption(stp))]),
  part('ageingTime', (seconds) => [(b) => b.ageing(seconds)]),
  part('multicastSnooping', (enabled) => [(b) => b.multicastSnooping(enabled ? undefined : enabled)]),
  part('ipv4', ({ auto, clientId, addresses, gateway }) => [
    ...(auto === undefined ? [] : [(b: HostBridge) => b.dhcp4(clientId && { clientId })]),
    ...addressSteps(addresses, gateway),
  ]),
  part('ipv6', ({ auto, addresses, gateway }) => [
    ...(auto === undefined ? [] : [(b: HostBridge) => (auto === 'slaac' ? b.slaac() : b.dhcp6())]),
    ...addressSteps(addresses, gateway),
  ]),
  part('dns', ({ servers, search }) => [
    (b) => b.dns(servers ?? [], search === undefined || search.length === 0 ? undefined : search),
  ]),
  part('routes', (routes) =>
    each(
      routes,
      ({ to, ...options }) =>
        (b: HostBridge) =>
          b.route(to, unlessEmpty(options)),
    ),
  ),
  part('autostart', (enabled) => [(b) => b.autostart(enabled ? undefined : enabled)]),
];

function portStep(port: BridgePort): BridgeStep {
  switch (port.type) {
    case 'nic': {
      const { type: _, name, ...options } = port;
      return (b) => b.port(name, unlessEmpty(options));
    }
    case 'bond': {
      const { type: _, name, ...options } = port;
      return (b) => b.bond(name, options);
    }
    case 'vlan': {
      const { type: _, name, id, parent, ...others } = port;
      const options = name === `${parent.name}.${id}` ? others : { name, ...others };
      const isPlain = parent.type === 'nic' && Object.keys(parent).length === 2;
      return (b) => b.vlanPort(isPlain ? parent.name : parent, id, unlessEmpty(options));
    }
    case 'vxlan': {
      const { type: _, name, id, ...others } = port;
      return (b) => b.vxlan(id, name === `vxlan${id}` ? others : { name, ...others });
    }
  }
}

function spanningTreeOption(stp: SpanningTree): boolean | Omit<SpanningTree, 'enabled'> {
  const { enabled, ...times } = stp;
  return only(stp, 'enabled') ?? (enabled ? times : false);
}

const addressSteps = (addresses: readonly string[] | undefined, gateway: string | undefined): readonly BridgeStep[] => [
  ...each(addresses, (cidr) => (b: HostBridge) => b.address(cidr)),
  ...(gateway === undefined ? [] : [(b: HostBridge) => b.gateway(gateway)]),
];

/** The calls that make a bridge of a host. */
export function hostBridgeChain(document: HostBridgeDocument): Chain {
  const begin = () => begun('HostBridge', HostBridge, (C) => C.create(document.name));
  return exactChain(document, 'HostBridge', () => completed(begin(), document, PARTS));
}
