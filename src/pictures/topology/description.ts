import { shortName } from '../text/tree-lines.js';
import type { Words } from '../words.js';
import { modeLabel } from './labels.js';
import type { NetworkScene, TopologyScene } from './scene.js';

/** Describes a topology for those who do not see it: how many networks and guests, then each network with its guests. */
export function describeTopology({ networks, moreNetworks, totals }: TopologyScene, words: Words): string {
  const more = moreNetworks === 0 ? [] : [words.moreNetworks(moreNetworks)];
  const parts = networks.map((network) => describeNetwork(network, words));
  return [words.topologySummary(totals.networks, totals.guests), ...parts, ...more].map((part) => `${part}.`).join(' ');
}

function describeNetwork(network: NetworkScene, words: Words): string {
  const more = network.more === 0 ? [] : [words.more(network.more)];
  const guests = [...network.guests.map((guest) => shortName(guest.name)), ...more];
  return `${shortName(network.name)} (${modeLabel(network, words)})${guests.length === 0 ? '' : `: ${guests.join(', ')}`}`;
}
