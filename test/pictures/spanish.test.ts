import { renderFlowDiagram, renderTopology } from 'libvirt-network/pictures';
import { explainFlow } from 'libvirt-network/preview';
import { expect, it } from 'vitest';
import { spanishStep } from '../../src/pictures/flow/step-texts.js';
import { announce, runs } from '../support/random.js';
import { randomFlow } from './flows.js';
import { CLOUD } from './ovn-topologies.js';
import { randomTopology, SAMPLE } from './topologies.js';

it('every text of a step has a Spanish form', () => {
  const random = announce('texts of steps', runs(600));
  const untranslated = new Set<string>();
  for (let i = 0; i < runs(600); i++)
    for (const { what, text } of randomFlow(random, i % 3 === 0 ? randomTopology(random) : SAMPLE).steps)
      if (what !== 'lost' && spanishStep(text) === text) untranslated.add(text);
  expect([...untranslated]).toEqual([]);
});

it('names and rules stay as they are, whatever signs they have', () => {
  expect(spanishStep('the switch hands it to $1 $& x')).toBe('el switch lo entrega a $1 $& x');
  expect(spanishStep('accepted: -A FWD -m set $2 -j ACCEPT')).toBe('aceptado: -A FWD -m set $2 -j ACCEPT');
});

it('a Spanish picture has no English words', () => {
  const svg = renderTopology(SAMPLE, { format: 'svg', language: 'es' });
  expect(svg).toContain('>Redes y máquinas virtuales del anfitrión</title>');
  const way = renderFlowDiagram(explainFlow(SAMPLE, { from: 'web', to: 'outside' }), { format: 'svg', language: 'es' });
  const cloud = renderTopology(CLOUD, { format: 'svg', language: 'es' });
  const words =
    /\b(?:guest|host|switch virbr|there|back|firewall|route|arrives|the|delivered|more|only|link|isolated|tunnels|plugged|by|then|known)\b/;
  expect(
    [...`${svg}${way}${cloud}`.matchAll(/>([^<]+)<\/text>/g)]
      .map(([, text]) => text)
      .filter((text) => words.test(text ?? '')),
  ).toEqual([]);
});
