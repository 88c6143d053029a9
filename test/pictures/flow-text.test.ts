import { NatNetwork } from 'libvirt-network';
import { renderFlowDiagram } from 'libvirt-network/pictures';
import { explainFlow, type Flow } from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { columns } from '../../src/pictures/text/columns.js';
import { thrown } from '../support/caught.js';
import { HOSTILE_NAMES, SAMPLE } from './topologies.js';

const asText = (flow: Flow): string => renderFlowDiagram(flow, { format: 'text' });

describe('what is not a flow', () => {
  const flow = explainFlow(SAMPLE, { from: 'outside', to: 'web' });
  const [step] = flow.steps;
  it.each<[string, unknown]>([
    ['the flow of renderFlowDiagram must be an object, not undefined', undefined],
    ['packet of the flow must be an object', {}],
    ['the flow has no steps', { ...flow, steps: undefined }],
    ["'maybe' is not a known value of verdict", { ...flow, verdict: 'maybe' }],
    ['steps[0].at of the flow must be a string', { ...flow, steps: [{ ...step, at: 5 }] }],
    ["'fly' is not a known value of steps[1].what", { ...flow, steps: [step, { ...step, what: 'fly' }] }],
    ["'up' is not a known value of steps[0].way", { ...flow, steps: [{ ...step, way: 'up' }] }],
  ])('%s', (message, given) => {
    const error = thrown(() => asText(given as Flow));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) });
  });
});

describe('a flow as text', () => {
  it('ends with the rule that decides', () => {
    expect(asText(explainFlow(SAMPLE, { from: 'outside', to: 'web' }))).toBe(`+---------+     +----------+
| outside | --> | host     | --x rejected
| send    |     | route    |
|         |     | firewall |
+---------+     +----------+
rule: -A LIBVIRT_FWI -o virbr10 -j REJECT --reject-with icmp-port-unreachable
`);
  });

  it('tells a guest from a network of the same name', () => {
    const lab = NatNetwork.create('lab').bridge('virbr10').subnet('192.168.50.1/24');
    const guests = [{ name: 'lab', network: 'lab' }];
    const flow = explainFlow({ backend: 'iptables', networks: [lab], guests }, { from: 'lab', to: 'host' });
    expect(asText(flow).split('\n')[1]).toBe('| lab  | --> | lab    | --> | host |');
  });

  it('shows a sender whose packet does not leave', () => {
    const flow = explainFlow(SAMPLE, { from: 'vault', to: 'outside' });
    expect(asText(flow)).toBe('+-------+\n| vault | --x no route\n+-------+\n');
  });

  it('has at most 100 columns and no control characters, whatever the names are', () => {
    const flow = explainFlow(SAMPLE, { from: 'web', to: 'vault' });
    const long = explainFlow(SAMPLE, { from: 'web', to: 'mail' });
    for (const name of HOSTILE_NAMES)
      for (const { steps, ...rest } of [flow, long]) {
        const text = asText({
          ...rest,
          rule: name,
          steps: steps.map((step) => ({ ...step, at: `${name}${step.what}` })),
        });
        expect(text.split('\n').filter((line) => columns(line) > 100)).toEqual([]);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal obeys them
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e\ud800]/);
      }
  });
});
