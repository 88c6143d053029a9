import type { Graph, GraphEdge, GraphGroup, GraphNode } from './graph.js';
import { indented, labelLines } from './lines.js';

/** Prints a graph in the language of Graphviz. Source: "DOT Language" and "escString" of its documentation. */
export function dotOf({ title, nodes, groups, edges }: Graph): string {
  return [
    'digraph {',
    `  graph [rankdir=LR, fontname="sans-serif", label=${quoted(title)}, labelloc=t]`,
    '  node [fontname="sans-serif", fontsize=11]',
    '  edge [fontname="sans-serif", fontsize=10]',
    ...indented(nodes.map(nodeLine)),
    ...indented(groups.flatMap((group, i) => groupLines(group, `cluster_${i}`))),
    ...indented(edges.map(edgeLine)),
    '}',
    '',
  ].join('\n');
}

const SHAPES: Readonly<Record<GraphNode['shape'], string>> = {
  box: 'shape=box',
  round: 'shape=box, style=rounded',
  note: 'shape=note',
};

const STYLES: Readonly<Record<GraphEdge['style'], string>> = {
  line: 'dir=none',
  arrow: 'dir=forward',
  'dashed arrow': 'dir=forward, style=dashed, constraint=false',
  'dashed line': 'dir=none, style=dotted',
};

const nodeLine = ({ id, lines, shape }: GraphNode): string => `${id} [label=${quoted(...lines)}, ${SHAPES[shape]}]`;

const edgeLine = ({ from, to, style, label }: GraphEdge): string =>
  `${from} -> ${to} [${STYLES[style]}${label === undefined ? '' : `, label=${quoted(label)}`}]`;

const groupLines = ({ label, nodes, groups }: GraphGroup, name: string): string[] => [
  `subgraph ${name} {`,
  `  label=${quoted(label)}`,
  ...indented(nodes.map(nodeLine)),
  ...indented(groups.flatMap((group, i) => groupLines(group, `${name}_${i}`))),
  '}',
];

/** A label: Graphviz reads backslashes and entities in it. */
const quoted = (...lines: readonly string[]): string => `"${labelLines(lines).map(escaped).join('\\n')}"`;

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;');
