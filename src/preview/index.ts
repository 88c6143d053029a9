export { LibvirtError, ValidationError } from '../errors/index.js';
export type { RoutingRule } from '../host-facts/routing-rules.js';
export { type DnsmasqConfig, type DnsmasqConfigOptions, dnsmasqConfig } from './dnsmasq/index.js';
export { commandsOf, renderCommands } from './firewall/commands.js';
export { type FirewallOptions, firewallBase, firewallRules } from './firewall/index.js';
export { effectiveChains, type RuleChain } from './firewall/order.js';
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
export { checkFirewall, type FirewallCheck } from './firewall-check/check.js';
export type { Need, NeedStatus } from './firewall-check/needs.js';
export type { CheckOptions } from './firewall-check/options.js';
export type { RuleStatus } from './firewall-check/rules.js';
export type {
  ChainBase,
  HostChain,
  HostCondition,
  HostField,
  HostFirewall,
  HostHook,
  HostRule,
  HostTarget,
  TableFamily,
} from './firewall-model/model.js';
export { type FirewallDumps, readHostFirewall } from './firewall-model/read-host-firewall.js';
export { explainFlow } from './flow/explain.js';
export { type Reach, type Reachability, type ReachabilityOptions, reachability } from './flow/reachability.js';
export { renderFlow, renderReachability } from './flow/text.js';
export type { Flow, FlowGuest, FlowPacket, FlowStep, OutsideSegment, Topology, Verdict } from './flow/topology.js';
export type { HostKernel } from './host-kernel/model.js';
export { type KernelDumps, readHostKernel } from './host-kernel/read.js';
export { type AllowedTraffic, allow, type Traffic } from './openings/allow.js';
export type { ChainPlace, Opening, OpeningFirewall, OpeningRule } from './openings/opening.js';
export { type ClosedNeed, type NeededOpenings, openingsFor } from './openings/openings-for.js';
export { type OwnAddressOptions, ownAddress } from './openings/own-address.js';
export { firewallOfChain } from './openings/owner.js';
export type { GuestSide, OutsideSide, TrafficSide } from './openings/parties.js';
export { type RenderedOpening, renderOpening } from './openings/render.js';
export type { ClosedFamily } from './openings/unknown.js';
export { withOpenings } from './openings/with-openings.js';
export {
  type HostFile,
  type PortForwardHook,
  portForwardCommands,
  portForwardHook,
  portForwardRuleset,
} from './port-forward/index.js';
