import { clean } from '../text/clean.js';
import type { Graph, GraphEdge, GraphGroup, GraphNode } from './graph.js';
import { indented, labelLines } from './lines.js';

/** Prints a graph as a flowchart of Mermaid. Source: "Flowcharts" and "Accessibility" of its documentation. */
export function mermaidOf({ title, description, nodes, groups, edges }: Graph): string {
  return [
    'flowchart LR',
    `  accTitle: ${sentence(title)}`,
    `  accDescr: ${sentence(description)}`,
    ...indented(nodes.map(nodeLine)),
    ...indented(groups.flatMap((group, i) => groupLines(group, `g${i}`))),
    ...indented(edges.map(edgeLine)),
    '',
  ].join('\n');
}

const SHAPES: Readonly<Record<GraphNode['shape'], readonly [string, string]>> = {
  box: ['[', ']'],
  round: ['(', ')'],
  note: ['>', ']'],
};

const STYLES: Readonly<Record<GraphEdge['style'], string>> = {
  line: '---',
  arrow: '-->',
  'dashed arrow': '-.->',
  'dashed line': '-.-',
};

function nodeLine({ id, lines, shape }: GraphNode): string {
  const [open, close] = SHAPES[shape];
  return `${id}${open}${quoted(...lines)}${close}`;
}

const edgeLine = ({ from, to, style, label }: GraphEdge): string =>
  `${from} ${STYLES[style]}${label === undefined ? '' : `|${quoted(label)}|`} ${to}`;

const groupLines = ({ label, nodes, groups }: GraphGroup, id: string): string[] => [
  `subgraph ${id}[${quoted(label)}]`,
  ...indented(nodes.map(nodeLine)),
  ...indented(groups.flatMap((group, i) => groupLines(group, `${id}_${i}`))),
  'end',
];

/** A label: every character that Mermaid, Markdown or HTML could read as more than itself is an entity of Mermaid. */
const quoted = (...lines: readonly string[]): string => `"${labelLines(lines).map(escaped).join('<br/>')}"`;

const escaped = (text: string): string => text.replace(/[^\p{L}\p{M}\p{N} .,:/()-]/gu, entity);

/** Mermaid breaks a line at a backslash and an n, even where the backslash is an entity: a word joiner comes between. */
const entity = (letter: string): string => `#${letter.codePointAt(0)};${letter === '\\' ? '#8288;' : ''}`;

/** A text for screen readers, which ends with the line and knows no entities. */
const sentence = (text: string): string => clean(text).replace(/[#;{}%"<>&]/g, '\ufffd');
