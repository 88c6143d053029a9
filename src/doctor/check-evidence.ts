import { LibvirtError } from '../errors/index.js';
import { isRecord } from '../schema/values.js';
import type { HostEvidence } from './evidence.js';

/**
 * Refuses evidence that is not of {@link gatherEvidence}: what was stored may come back as anything.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT` that names the part
 */
export function assertEvidence(evidence: HostEvidence): void {
  const given: unknown = evidence;
  if (typeof given === 'string') throw invalid('is a text', 'read it with JSON.parse first');
  if (!isRecord(given)) throw invalid('is not an object');
  for (const part of ['networks', 'nics', 'notSeen'])
    if (!Array.isArray(given[part])) throw invalid(`has no list ${part}`);
  if (!isRecord(given['looks'])) throw invalid('has no object looks');
  for (const [look, text] of Object.entries(given['looks']))
    if (text !== undefined && typeof text !== 'string') throw invalid(`has no text for the look ${look}`);
  evidence.networks.forEach((network: unknown, i) => {
    const isWhole = isRecord(network) && typeof network['xml'] === 'string' && Array.isArray(network['leases']);
    if (!isWhole || typeof network['name'] !== 'string')
      throw invalid(`has no name, definition or leases in networks[${i}]`);
  });
}

const invalid = (
  why: string,
  hint = 'pass what gatherEvidence returned, or the same read back from JSON',
): LibvirtError => new LibvirtError('INVALID_ARGUMENT', `cannot judge the evidence: it ${why}`, { hint });
