import type { RemainingTime } from '../../async/deadline.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { StepAction } from '../plan/types.js';
import { definitionXml, type EnsureContext, guardedStart } from './ensure-context.js';
import { restart, restoreGuestLinks } from './restart.js';

/**
 * Executes one step of a plan.
 *
 * @param defined - the definition that a step before has stored, which a start need not read again. Default: none was stored
 */
export async function executeStep(
  context: EnsureContext,
  step: StepAction,
  remaining: RemainingTime,
  defined?: NetworkDocument,
): Promise<void> {
  const { transport, guard } = context.connection;
  const self = { network: context.uuid, name: context.name };
  switch (step.action) {
    case 'define': {
      const xml = definitionXml(context, step.document);
      return transport.call('network.define', { xml, name: context.name }, remaining());
    }
    case 'update':
      return transport.call('network.update', { ...self, ...step.request }, remaining());
    case 'text':
      return transport.call('text.set', { ...self, ...step.copies, kind: step.kind, text: step.text }, remaining());
    case 'metadata': {
      const { uri, key, xml, copies } = step;
      return transport.call('metadata.set', { ...self, ...copies, uri, key, xml }, remaining());
    }
    case 'autostart':
      return transport.call('network.autostart', { ...self, enabled: step.enabled }, remaining());
    case 'start':
      return guard.start(guardedStart(context, remaining, defined && (async () => defined)), remaining, () =>
        transport.call('network.start', self, remaining()),
      );
    case 'stop':
      return transport.call('network.destroy', self, remaining());
    case 'undefine':
      return transport.call('network.undefine', self, remaining());
    case 'restart':
      return restart(context, remaining);
    case 'attach':
      return restoreGuestLinks(context, remaining);
  }
}
