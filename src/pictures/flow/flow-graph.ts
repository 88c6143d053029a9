import type { Graph, GraphEdge, GraphNode } from '../graph/graph.js';
import type { Words } from '../words.js';
import { type FlowScene, type NumberedStep, type Place, placeName, waysOf } from './scene.js';

/** Makes a graph of a flow: the places, the way there and back, the verdict and the rule that decides. */
export function flowGraph(scene: FlowScene, words: Words): Graph {
  const { verdict, rule, from, to, protocol, reason } = scene;
  const { there, answerEnds, elsewhere } = waysOf(scene);
  const passed = there.map((place, i) => nodeOf(`p${i}`, place, [...place.steps, ...place.answer], words));
  const others = elsewhere.map((place, i) => nodeOf(`q${i}`, place, place.steps, words));
  const way = passed.map(({ id }) => id);
  const answer = answerEnds === undefined ? others.map(({ id }) => id) : way.slice(answerEnds).reverse();
  const end = (scene.lostOn === 'there' ? way : answer).at(-1) ?? way.at(-1) ?? '';
  const notes: GraphNode[] = [
    { id: 'verdict', lines: [words.verdicts[verdict]], shape: 'note' },
    ...(rule === undefined ? [] : [{ id: 'rule', lines: [words.rule, rule], shape: 'note' as const }]),
  ];
  return {
    title: words.flowTitle(from, to, protocol),
    description: `${words.verdicts[verdict]}: ${reason}`,
    nodes: [...passed, ...others, ...notes],
    groups: [],
    edges: [
      ...hops(way, { style: 'arrow', label: words.there }),
      ...hops(answer, { style: 'dashed arrow', label: words.back }),
      ...notes.map(({ id }): GraphEdge => ({ from: end, to: id, style: 'dashed line' })),
    ],
  };
}

/** Edges from each place to the next one. */
const hops = (ids: readonly string[], edge: Pick<GraphEdge, 'style' | 'label'>): GraphEdge[] =>
  ids.slice(1).map((to, i) => ({ from: ids[i] ?? '', to, ...edge }));

function nodeOf(id: string, place: Place, steps: readonly NumberedStep[], words: Words): GraphNode {
  const lines = steps.map(({ number, what }) => `${number}: ${words.steps[what]}`);
  return {
    id,
    lines: [placeName(place, words), ...lines],
    shape: ['host', 'router', 'chassis'].includes(place.kind) ? 'box' : 'round',
  };
}
