import { type Issue, ValidationError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import { blocksStart, isStartable } from '../../schema/rules/index.js';

/** Lists what libvirt of a release refuses to start a network for, on every host. */
export const startIssuesOf = (network: BaseNetwork, libvirt: string): readonly Issue[] =>
  isStartable(network.document, { libvirt }) ? [] : network.validate({ libvirt }).filter(blocksStart);

/**
 * Throws for a network that cannot start.
 *
 * @throws {@link ValidationError} with these issues
 */
export function assertStartable(network: string, issues: readonly Issue[]): void {
  if (issues.length > 0) throw new ValidationError(`network "${network}" cannot start: it`, issues);
}
