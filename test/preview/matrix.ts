import type { Flow, FlowPacket, Topology, Verdict } from 'libvirt-network/preview';
import { traceFlow } from '../../src/preview/flow/explain.js';
import { type NetworkModel, networkModelOf } from '../../src/preview/flow/network-model.js';
import type { Probe } from '../lab/index.js';

/** A probe's outcome in the words of the library. */
export function verdictOf({ ok, error, rcode }: Probe): Verdict {
  if (ok) return 'delivered';
  if (rcode === 'REFUSED') return 'refused';
  if (error === 'ECONNREFUSED' || error === 'EHOSTUNREACH' || error === 'EACCES') return 'rejected';
  return error === 'ENETUNREACH' ? 'no-route' : 'timeout';
}

/**
 * Tells whether an error is one that depends on how long somebody waits, or comes from a router on the way: the kernel
 * looks for a neighbour for three seconds, and tells a client of packets that it sent after the one that is explained.
 */
export function isLateError({ verdict, reason }: Flow, { ok, error }: Probe): boolean {
  if (ok) return false;
  if (verdict === 'rejected') return error === 'ENETUNREACH';
  const late = reason.includes('has the address') || reason.includes('the answer does not come back');
  return verdict === 'timeout' && late && (error === 'EHOSTUNREACH' || error === 'ECONNREFUSED');
}

/** What is predicted and what was measured, where they differ; undefined where they agree. */
export const difference = (topology: Topology, packet: FlowPacket, probe: Probe): string | undefined =>
  differenceIn(networkModelOf(topology), packet, probe);

/** The same for a topology that was put together before. */
export function differenceIn(world: NetworkModel, packet: FlowPacket, probe: Probe): string | undefined {
  const flow = traceFlow(world, packet);
  const asked = `${packet.from} > ${packet.to} ${packet.protocol} ${packet.family}`;
  const measured = verdictOf(probe);
  if (flow.verdict !== measured) return `${asked}: told ${flow.verdict} (${flow.reason}), measured ${measured}`;
  if (probe.peer === undefined || flow.sourceSeen === undefined) return undefined;
  return isOneOf(probe.peer, flow.sourceSeen)
    ? undefined
    : `${asked}: told source ${flow.sourceSeen}, seen ${probe.peer}`;
}

/** Whether an IPv4 address is in a range of which only the last number differs, or is the address. */
function isOneOf(address: string, told: string): boolean {
  const [start = '', end = start] = told.split('-');
  const last = (text: string): number => Number(text.slice(text.lastIndexOf('.') + 1));
  return address === start || (end !== start && last(start) <= last(address) && last(address) <= last(end));
}
