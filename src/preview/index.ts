export { LibvirtError, ValidationError } from '../errors/index.js';
export { type DnsmasqConfig, type DnsmasqConfigOptions, dnsmasqConfig } from './dnsmasq/index.js';
export { checkFirewall, type RuleStatus } from './firewall/check.js';
export { commandsOf, renderCommands } from './firewall/commands.js';
export type { HostChain, HostFirewall, HostRule, HostTarget } from './firewall/host-rule.js';
export { type FirewallOptions, firewallBase, firewallRules } from './firewall/index.js';
export { effectiveChains, type RuleChain } from './firewall/order.js';
export { readIptablesSave } from './firewall/read-iptables.js';
export { readNftRuleset } from './firewall/read-nft.js';
export type {
  ChecksumFilter,
  Condition,
  FirewallBackend,
  FirewallFrame,
  FirewallRule,
  FirewallStep,
  PortSpan,
  Target,
} from './firewall/rule.js';
export { renderIptablesSave, renderNftRuleset, saveLine } from './firewall/save.js';
export { renderFlowDiagram } from './flow/diagram.js';
export { explainFlow } from './flow/explain.js';
export { type Reach, type Reachability, type ReachabilityOptions, reachability } from './flow/reachability.js';
export { renderFlow, renderReachability } from './flow/text.js';
export type { Flow, FlowGuest, FlowPacket, FlowStep, OutsideSegment, Topology, Verdict } from './flow/topology.js';
export {
  type HostFile,
  type PortForwardHook,
  portForwardCommands,
  portForwardHook,
  portForwardRuleset,
} from './port-forward/index.js';
