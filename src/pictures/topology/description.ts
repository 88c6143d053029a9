import { columns } from '../text/columns.js';
import { shorten } from '../text/fit.js';
import type { Words } from '../words.js';
import { modeLabel } from './labels.js';
import type { NetworkScene, TopologyScene } from './scene.js';

/** Columns of a name: who listens to a picture hears all names one after the other. */
const LONGEST_NAME = 40;

/** Describes a topology for those who do not see it: how many networks and guests, then each network with its guests. */
export function describeTopology({ networks, moreNetworks, totals }: TopologyScene, words: Words): string {
  const more = moreNetworks === 0 ? [] : [words.moreNetworks(moreNetworks)];
  const parts = networks.map((network) => describeNetwork(network, words));
  return [words.topologySummary(totals.networks, totals.guests), ...parts, ...more].map((part) => `${part}.`).join(' ');
}

function describeNetwork(network: NetworkScene, words: Words): string {
  const name = (text: string) => shorten(text, LONGEST_NAME, columns);
  const more = network.more === 0 ? [] : [words.more(network.more)];
  const guests = [...network.guests.map((guest) => name(guest.name)), ...more];
  return `${name(network.name)} (${modeLabel(network, words)})${guests.length === 0 ? '' : `: ${guests.join(', ')}`}`;
}
