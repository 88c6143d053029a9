import { NatNetwork } from 'libvirt-network';
import type { OvnTopology } from 'libvirt-network/ovn';
import { renderFlowDiagram, renderTopology } from 'libvirt-network/pictures';
import { explainFlow, type Flow, type Topology } from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { CLOUD } from './ovn-topologies.js';
import { HOSTILE_NAMES, SAMPLE } from './topologies.js';

const lab = NatNetwork.create('lab').bridge('virbr10').subnet('192.168.50.1/24');
const hostile: Topology = {
  backend: 'iptables',
  networks: [lab],
  guests: HOSTILE_NAMES.map((name, i) => ({ name: `${name} ${i}`, network: 'lab', filter: name })),
};
const hostileCloud: OvnTopology = {
  chassis: HOSTILE_NAMES.map((name, i) => ({ name: `${name} ${i}` })),
  networks: [{ network: lab.with({ bridge: undefined }), outside: CLOUD.networks[0]?.outside }],
  guests: HOSTILE_NAMES.map((name, i) => ({ name: `${name} ${i}`, network: 'lab', chassis: `${name} ${i}` })),
  outside: HOSTILE_NAMES.map((physicalNetwork) => ({ physicalNetwork, addresses: [] })),
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
    const clouds = [CLOUD, hostileCloud].map((cloud) => renderTopology(cloud, { format }));
    for (const text of [renderTopology(SAMPLE, { format }), renderTopology(hostile, { format }), ...clouds, ...flows])
      expect(unlike(text, line)).toEqual([]);
  });

  it.each([
    ['of a host', renderTopology(SAMPLE, { format })],
    ['of networks on OVN', renderTopology(CLOUD, { format })],
  ])('%s join only nodes that they declare', (_, text) => {
    const joined = [...text.matchAll(/^\s+(\w+) (?:---|-\.-|->) (\w+)/gm)].flatMap(([, from, to]) => [from, to]);
    const declared = new Set([...text.matchAll(/^\s+(\w+) ?[[(]/gm)].map(([, id]) => id));
    expect(joined.length).toBeGreaterThan(20);
    expect(joined.filter((id) => !declared.has(id))).toEqual([]);
  });
});

describe('networks on OVN as a graph', () => {
  it('lead from physical networks by hosts to routers, and by tunnels to the networks', () => {
    const text = renderTopology({ ...CLOUD, networks: CLOUD.networks.slice(1), guests: [] }, { format: 'mermaid' });
    expect(text).toBe(`flowchart LR
  accTitle: Networks and guests on OVN
  accDescr: 3 hosts, 2 networks, 0 guests. dmz (routed, by kvm2). quiet (isolated).
  lan0("physical network lan<br/>outside<br/>198.51.100.2/24<br/>outside, VLAN 20<br/>203.0.113.2/24")
  ovn["OVN<br/>tunnels<br/>Geneve"]
  subgraph g0["hosts"]
    host0["host kvm1<br/>Geneve 10.0.0.1"]
    host1["host kvm2<br/>Geneve 10.0.0.2"]
    host2["host kvm3<br/>Geneve"]
  end
  subgraph g1["dmz: routed"]
    r0["router<br/>172.32.0.1/24<br/>2001:db8:32::1/64<br/>outside: lan, VLAN 20<br/>203.0.113.10/24<br/>2001:db8:1::10/64<br/>by kvm2"]
    sw0["virtual switch<br/>172.32.0.0/24<br/>2001:db8:32::/64"]
  end
  subgraph g2["quiet: isolated"]
    sw1["virtual switch<br/>172.30.0.0/24"]
  end
  lan0 --- host1
  host0 --- ovn
  host1 --- ovn
  host2 --- ovn
  ovn --- sw0
  r0 --- sw0
  host1 --- r0
  ovn --- sw1
`);
  });

  it('have the guests of each host in a frame; those that are not plugged in are joined by dots', () => {
    const text = renderTopology(
      { ...CLOUD, networks: CLOUD.networks.slice(0, 1), guests: CLOUD.guests?.slice(0, 3) },
      {
        format: 'mermaid',
      },
    );
    expect(text).toContain('    subgraph g1_0["kvm1"]\n      sw0h0vm0("www<br/>172.31.0.11")\n    end\n');
    expect(text).toContain('    subgraph g1_2["not plugged in"]\n      sw0h2vm0("spare")\n    end\n');
    expect(text).toContain('  sw0 --- sw0h0vm0\n');
    expect(text).toContain('  sw0 -.- sw0h2vm0\n');
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
