import { NatNetwork } from 'libvirt-network';
import { renderFlowDiagram, renderTopology } from 'libvirt-network/pictures';
import { explainFlow, type Flow, type Topology } from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { HOSTILE_NAMES, SAMPLE } from './topologies.js';

const lab = NatNetwork.create('lab').bridge('virbr10').subnet('192.168.50.1/24');
const hostile: Topology = {
  backend: 'iptables',
  networks: [lab],
  guests: HOSTILE_NAMES.map((name, i) => ({ name: `${name} ${i}`, network: 'lab', filter: name })),
};
const flow = explainFlow(SAMPLE, { from: 'outside', to: 'web', protocol: 'tcp', port: 80 });
const hostileFlows: readonly Flow[] = HOSTILE_NAMES.map((name) => ({
  ...flow,
  rule: name,
  reason: name,
  steps: flow.steps.map((step) => ({ ...step, at: name, text: name })),
}));

/** Every line of our flowcharts: labels in quotes hold letters, plain punctuation, entities and line breaks alone. */
const LABEL = String.raw`"(?:[\p{L}\p{M}\p{N} .,:/()-]|#\d+;|<br/>)*"`;
const MERMAID = new RegExp(
  String.raw`^(?:flowchart LR|\s+acc(?:Title|Descr): [^#;{}%"<>&]*|\s+\w+(?:\[${LABEL}\]|\(${LABEL}\)|>${LABEL}\])|\s+subgraph \w+\[${LABEL}\]|\s+end|\s+\w+ (?:---|-->|-\.->|-\.-)(?:\|${LABEL}\|)? \w+)$`,
  'u',
);
const ID = String.raw`"(?:[^"\\\n\p{Cc}]|\\.)*"`;
const DOT = new RegExp(
  String.raw`^(?:digraph \{|\s*\}|\s+(?:graph|node|edge|\w+|\w+ -> \w+) \[\w+=(?:${ID}|\w+)(?:, \w+=(?:${ID}|\w+))*\]|\s+subgraph \w+ \{|\s+label=${ID})$`,
  'u',
);

const unlike = (text: string, line: RegExp): string[] =>
  text
    .trimEnd()
    .split('\n')
    .filter((one) => !line.test(one));

describe.each([
  ['mermaid', MERMAID],
  ['dot', DOT],
] as const)('pictures in %s', (format, line) => {
  it('hold nothing but its statements, whatever the names are', () => {
    const flows = [flow, ...hostileFlows].map((one) => renderFlowDiagram(one, { format }));
    for (const text of [renderTopology(SAMPLE, { format }), renderTopology(hostile, { format }), ...flows])
      expect(unlike(text, line)).toEqual([]);
  });

  it('join only nodes that they declare', () => {
    const text = renderTopology(SAMPLE, { format });
    const joined = [...text.matchAll(/^\s+(\w+) (?:---|->) (\w+)/gm)].flatMap(([, from, to]) => [from, to]);
    const declared = new Set([...text.matchAll(/^\s+(\w+) ?[[(]/gm)].map(([, id]) => id));
    expect(joined.length).toBeGreaterThan(20);
    expect(joined.filter((id) => !declared.has(id))).toEqual([]);
  });
});

describe('a flow as a graph', () => {
  it('names the places, the ways, the verdict and the rule that decides', () => {
    expect(renderFlowDiagram(flow, { format: 'mermaid' })).toBe(`flowchart LR
  accTitle: From outside to web: tcp port 80 over ipv4
  accDescr: rejected: libvirt's rule '-A LIBVIRT_FWI -o virbr10 -j REJECT --reject-with icmp-port-unreachable' rejects it
  p0("outside<br/>1: send")
  p1["host<br/>2: route<br/>3: firewall"]
  verdict>"rejected"]
  rule>"rule<br/>-A LIBVIRT#95;FWI -o virbr10 -j REJECT<br/>--reject-with icmp-port-unreachable"]
  p0 -->|"there"| p1
  p1 -.- verdict
  p1 -.- rule
`);
  });

  it('joins the answer to the places of the way there', () => {
    const text = renderFlowDiagram(explainFlow(SAMPLE, { from: 'web', to: 'outside' }), {
      format: 'dot',
      language: 'es',
    });
    expect(text).toContain('p3 -> p2 [dir=forward, style=dashed, constraint=false, label="vuelta"]');
    expect(text).toContain('p0 [label="web\\n1: envía\\n12: llega"');
    expect(text).toContain('p0 -> verdict');
  });
});
