import { expectRecord, expectText, invalid, listOf } from '../options/expect.js';
import { shown } from '../options/shown.js';
import type { Flow, FlowStep, Verdict } from '../preview/flow/topology.js';

const HINT = 'pass what explainFlow() returned';

const WAYS: Readonly<Record<FlowStep['way'], true>> = { there: true, back: true };

const KINDS: Readonly<Record<NonNullable<FlowStep['kind']>, true>> = { network: true, router: true, chassis: true };

/** The values that a picture has words for. */
interface Known {
  readonly steps: Readonly<Record<FlowStep['what'], string>>;
  readonly verdicts: Readonly<Record<Verdict, string>>;
}

/**
 * Checks the parts of a flow that a picture shows; it may be stored data.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT` that names the first part that is wrong
 */
export function checkFlow(flow: Flow, known: Known): void {
  const parts = expectRecord(flow, 'the flow of renderFlowDiagram', HINT);
  const packet = expectRecord(parts['packet'], 'packet of the flow', HINT);
  for (const part of ['from', 'to', 'protocol', 'family']) expectText(packet[part], `packet.${part} of the flow`);
  expectKnown(parts['verdict'], 'verdict of the flow', known.verdicts);
  expectText(parts['reason'], 'reason of the flow');
  if (parts['rule'] !== undefined) expectText(parts['rule'], 'rule of the flow');
  if (parts['steps'] === undefined) throw invalid('the flow has no steps', HINT);
  listOf(parts['steps'], 'steps of the flow').forEach((step, i) => {
    const own = expectRecord(step, `steps[${i}] of the flow`, HINT);
    for (const part of ['at', 'text']) expectText(own[part], `steps[${i}].${part} of the flow`);
    expectKnown(own['what'], `steps[${i}].what of the flow`, known.steps);
    expectKnown(own['way'], `steps[${i}].way of the flow`, WAYS);
    if (own['kind'] !== undefined) expectKnown(own['kind'], `steps[${i}].kind of the flow`, KINDS);
  });
}

function expectKnown(value: unknown, place: string, known: object): void {
  if (typeof value === 'string' && Object.hasOwn(known, value)) return;
  throw invalid(`'${shown(value)}' is not a known value of ${place}`, `use one of ${Object.keys(known).join(', ')}`);
}
