import type { BaseNetwork } from '../../model/base.js';
import { deviceOf } from '../../preview/flow/attachment.js';
import { isLayer3 } from '../../schema/network/canonical.js';
import { pciText } from '../../schema/rules/forward.js';

/**
 * The devices that guests of a network are on: its bridge, or those of its pool by name or PCI address. A network that points
 * at devices has at least one, if only its own name stands for it.
 */
export function devicesOf(network: BaseNetwork): readonly string[] {
  const { bridge, forward } = network.document;
  if (isLayer3(network.document)) return bridge?.name === undefined ? [] : [bridge.name];
  const first = deviceOf(network);
  const named = (forward?.interfaces ?? []).map(({ dev }) => dev);
  if (first !== undefined) return named[0] === first ? named : [first];
  const functions = (forward?.addresses ?? []).map(pciText);
  return functions.length === 0 ? [network.name] : functions;
}
