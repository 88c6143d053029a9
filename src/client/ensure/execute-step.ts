import type { Rest } from '../../async/deadline.js';
import type { PlanStep } from '../plan/types.js';
import { attach, restart } from './restart.js';
import { define, start, type Workplace } from './workplace.js';

/** Carries out one step of a plan. */
export async function carryOut(place: Workplace, step: PlanStep, rest: Rest): Promise<void> {
  const { transport } = place.connection;
  const self = { network: place.uuid, name: place.name };
  switch (step.action) {
    case 'define':
      return define(place, step.document, rest);
    case 'update':
      return transport.call('network.update', { ...self, ...step.request }, rest());
    case 'text':
      return transport.call('text.set', { ...self, ...step.copies, kind: step.kind, text: step.text }, rest());
    case 'metadata': {
      const { uri, key, xml, copies } = step;
      return transport.call('metadata.set', { ...self, ...copies, uri, key, xml }, rest());
    }
    case 'autostart':
      return transport.call('network.autostart', { ...self, enabled: step.enabled }, rest());
    case 'start':
      return start(place, rest);
    case 'stop':
      return transport.call('network.destroy', self, rest());
    case 'undefine':
      return transport.call('network.undefine', self, rest());
    case 'restart':
      return restart(place, rest);
    case 'attach':
      return attach(place, rest);
  }
}
