import type { FlowPacket, Verdict } from 'libvirt-network/preview';
import { traceFlow } from '../../src/preview/flow/explain.js';
import type { NetworkModel } from '../../src/preview/flow/network-model.js';
import type { Probe } from '../lab/index.js';

/** A probe's outcome in the words of the library. */
export function verdictOf({ ok, error, rcode }: Probe): Verdict {
  if (ok) return 'delivered';
  if (rcode === 'REFUSED') return 'refused';
  if (error === 'no route') return 'no-route';
  // EPERM: a filter of the sender's own host drops it. Nothing comes back.
  return error === undefined || error === 'timeout' || error === 'EPERM' ? 'timeout' : 'rejected';
}

/** What is predicted and what was measured, where they differ; undefined where they agree. */
export function difference(world: NetworkModel, packet: FlowPacket, probe: Probe | undefined): string | undefined {
  if (probe === undefined) return `${packet.from} > ${packet.to}: nothing was measured`;
  const flow = traceFlow(world, packet);
  const asked = `${packet.from} > ${packet.to} ${packet.protocol} ${packet.family}`;
  const measured = verdictOf(probe);
  if (flow.verdict !== measured)
    return `${asked}: told ${flow.verdict} (${flow.reason}), measured ${measured} (${probe.error})`;
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
