import type { Link, Node } from './network-model.js';
import type { Verdict } from './topology.js';

/** Why a frame does not get from one port of a switch to another, or may not. */
export interface VlanLack {
  readonly verdict: Extract<Verdict, 'rejected' | 'depends'>;
  readonly reason: string;
}

/** Tells what VLANs do to frames between two ports of one switch. Whoever asks for the other hears nothing for three seconds. */
export function vlanLack(from: Node, to: Node): VlanLack | undefined {
  if (from.vlan === to.vlan && from.vlan !== 'trunk') return undefined;
  if (from.vlan === 'trunk' || to.vlan === 'trunk')
    return { verdict: 'depends', reason: `it depends on which VLANs ${from.name} and ${to.name} use` };
  if (from.name === 'outside' || to.name === 'outside') return beyondSwitch(from.name === 'outside' ? to : from);
  return { verdict: 'rejected', reason: `${textOf(from)}, and ${textOf(to)}` };
}

/** The same for frames between a port and the host, whose own port of the switch has no tag. */
export function vlanLackOfHost(node: Node): VlanLack | undefined {
  if (node.vlan === undefined) return undefined;
  if (node.vlan === 'trunk' || node.link.network === undefined) return beyondSwitch(node);
  return { verdict: 'rejected', reason: `${textOf(node)}, and the host has no address there` };
}

const beyondSwitch = (node: Node): VlanLack => ({
  verdict: 'depends',
  reason: `${textOf(node)}: it depends on who else on ${nameOf(node.link)} is there`,
});

const nameOf = ({ name }: Link): string => name;

const textOf = ({ name, vlan }: Node): string =>
  vlan === undefined
    ? `${name} is in no VLAN`
    : vlan === 'trunk'
      ? `${name} is on a trunk`
      : `${name} is in VLAN ${vlan}`;
