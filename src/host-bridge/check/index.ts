import type { Issue } from '../../errors/index.js';
import type { HostBridgeDocument } from '../document.js';
import { checkAddressing } from './addressing.js';
import { collector } from './context.js';
import { checkDevices } from './devices.js';
import { checkDns } from './dns.js';
import { documentShape } from './document-shape.js';
import { checkSwitching } from './switching.js';
import { checkVxlans } from './vxlans.js';

/**
 * Lists everything that is wrong with a host bridge, whatever system it is meant for. Stricter than the systems
 * themselves: each of them accepts some broken file without a word, and some run values in a shell.
 *
 * @param document - need not be valid in any way
 * @returns errors and warnings; empty when all is well
 */
export function checkHostBridge(document: HostBridgeDocument): readonly Issue[] {
  const issues: Issue[] = [];
  const report = collector(issues);
  const clean = documentShape(document, '', report);
  if (clean === undefined) return issues;
  checkDevices(clean, report);
  checkVxlans(clean, report);
  checkSwitching(clean, report);
  checkAddressing(clean, report);
  checkDns(clean, report);
  return issues;
}
