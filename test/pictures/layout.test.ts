import { renderFlowDiagram, renderTopology } from 'libvirt-network/pictures';
import { explainFlow } from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import type { Drawing } from '../../src/pictures/drawing/drawing.js';
import { flowDrawing } from '../../src/pictures/flow/layout.js';
import { flowScene } from '../../src/pictures/flow/scene.js';
import { ovnDrawing } from '../../src/pictures/ovn/layout.js';
import { ovnScene } from '../../src/pictures/ovn/scene.js';
import { topologyDrawing } from '../../src/pictures/topology/layout.js';
import { topologyScene } from '../../src/pictures/topology/scene.js';
import { WORDS } from '../../src/pictures/words.js';
import { announce, runs } from '../support/random.js';
import { randomFlow, withHostileNames } from './flows.js';
import { crossedBoxes, misplacedTexts, sharedStretches, spilledTexts } from './geometry.js';
import { CLOUD, randomOvnTopology } from './ovn-topologies.js';
import { randomTopology, SAMPLE } from './topologies.js';

const problems = (drawing: Drawing): string[] => [
  ...misplacedTexts(drawing),
  ...crossedBoxes(drawing),
  ...spilledTexts(drawing),
];

describe('in a picture', () => {
  it('of a topology no texts and no boxes overlap, whatever the names are', () => {
    const random = announce('layouts of topologies', runs(200));
    for (let i = 0; i < runs(200); i++) {
      const scene = topologyScene(randomTopology(random));
      expect(problems(topologyDrawing(scene, WORDS[i % 2 === 0 ? 'en' : 'es']))).toEqual([]);
    }
  });

  it('of networks on OVN no texts, boxes and wires overlap, whatever the names are', () => {
    const random = announce('layouts of networks on OVN', runs(300));
    for (let i = 0; i < runs(300); i++) {
      const scene = ovnScene(i === 0 ? CLOUD : randomOvnTopology(random));
      const drawing = ovnDrawing(scene, WORDS[i % 2 === 0 ? 'en' : 'es']);
      expect([...problems(drawing), ...sharedStretches(drawing)]).toEqual([]);
    }
  });

  it('of a flow no texts and no boxes overlap, whatever the names are', () => {
    const random = announce('layouts of flows', runs(200));
    for (let i = 0; i < runs(200); i++) {
      const flow = randomFlow(random, SAMPLE);
      const scene = flowScene(random.chance(0.5) ? withHostileNames(random, flow) : flow);
      expect(problems(flowDrawing(scene, WORDS[i % 2 === 0 ? 'en' : 'es']))).toEqual([]);
    }
  });

  it('of an answer that takes another way, or of one way alone, nothing overlaps either', () => {
    const flow = explainFlow(SAMPLE, { from: 'web', to: 'outside' });
    const [first, ...others] = flow.steps;
    const elsewhere = {
      ...flow,
      steps: flow.steps.map((one) => (one.at === 'lab' && one.way === 'back' ? { ...one, at: 'dmz' } : one)),
    };
    const oneWay = (way: string) => ({ ...flow, steps: flow.steps.filter((one) => one.way === way) });
    const nowhere = { ...flow, steps: first === undefined ? [] : [{ ...first, what: 'lost' as const }] };
    expect(others.length).toBeGreaterThan(9);
    for (const one of [elsewhere, oneWay('there'), oneWay('back'), nowhere])
      expect(problems(flowDrawing(flowScene(one), WORDS.en))).toEqual([]);
    expect(renderFlowDiagram(elsewhere, { format: 'text' })).toContain('<--');
  });
});

describe('the same input', () => {
  it('gives the same bytes, and different pictures have different identifiers', () => {
    const [once, again] = [renderTopology(SAMPLE, { format: 'svg' }), renderTopology(SAMPLE, { format: 'svg' })];
    const other = renderTopology(SAMPLE, { format: 'svg', language: 'es' });
    const idOf = (svg: string) => / id="([^"]+)"/.exec(svg)?.[1];
    expect(again).toBe(once);
    expect(idOf(once)).toMatch(/^net-[0-9a-f]{8}$/);
    expect(idOf(other)).not.toBe(idOf(once));
  });
});
