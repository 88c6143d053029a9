import { readable } from '../options/options.js';
import type { Flow } from '../preview/flow/topology.js';
import { checkFlow } from './check-flow.js';
import { svgOf } from './drawing/svg.js';
import { flowBoxes } from './flow/boxes.js';
import { flowGraph } from './flow/flow-graph.js';
import { flowDrawing } from './flow/layout.js';
import { type FlowScene, flowScene } from './flow/scene.js';
import { dotOf } from './graph/dot.js';
import { mermaidOf } from './graph/mermaid.js';
import { type PictureFormat, type PictureOptions, pictureOptions } from './options.js';
import { WORDS, type Words } from './words.js';

const RENDERERS: Readonly<Record<PictureFormat, (scene: FlowScene, words: Words) => string>> = {
  svg: (scene, words) => svgOf(flowDrawing(scene, words)),
  mermaid: (scene, words) => mermaidOf(flowGraph(scene, words)),
  dot: (scene, words) => dotOf(flowGraph(scene, words)),
  text: flowBoxes,
};

/**
 * Draws the path of a packet there and of its answer back: the places that it comes to, what happens to it there, and the
 * rule that decides.
 *
 * @param flow - of `explainFlow`
 * @param options - format and language
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for an unknown option, format or language, and for what is not a flow
 *
 * @example
 * ```ts
 * console.log(renderFlowDiagram(explainFlow(topology, { from: 'web', to: 'outside' }), { format: 'text' }));
 * ```
 */
export function renderFlowDiagram(flow: Flow, options: PictureOptions): string {
  const { format, language } = pictureOptions(options, 'renderFlowDiagram');
  return readable('renderFlowDiagram', () => {
    checkFlow(flow, WORDS[language]);
    return RENDERERS[format](flowScene(flow), WORDS[language]);
  });
}
