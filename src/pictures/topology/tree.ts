import { type Branch, leaf, shortName, treeText } from '../text/tree-lines.js';
import type { Words } from '../words.js';
import type { GuestScene } from './guests.js';
import { deviceLabel, guestNotes, lanLabel, modeLabel, networkLines } from './labels.js';
import type { LanScene, NetworkScene, TopologyScene } from './scene.js';

/** Prints a topology as a tree of at most 100 columns. */
export function topologyTree({ lans, networks, moreNetworks }: TopologyScene, words: Words): string {
  const all = [
    ...lans.map((lan) => lanBranch(lan, words)),
    ...networks.map((network) => networkBranch(network, words)),
    ...(moreNetworks === 0 ? [] : [leaf(words.moreNetworks(moreNetworks))]),
  ];
  return treeText({ text: words.host, branches: all });
}

const lanBranch = (lan: LanScene, words: Words): Branch => ({
  text: [lanLabel(lan, words), ...lan.host].join(', '),
  branches: lan.outside.length === 0 ? [] : [leaf(`${words.outside}: ${lan.outside.join(', ')}`)],
});

const networkBranch = (network: NetworkScene, words: Words): Branch => ({
  text: `${shortName(network.name)}: ${modeLabel(network, words)}, ${deviceLabel(network, words)}`,
  branches: [
    ...networkLines(network, words).map(leaf),
    ...network.guests.map((guest) => leaf(guestLine(guest, words))),
    ...(network.more === 0 ? [] : [leaf(words.more(network.more))]),
  ],
});

/** A NIC of a guest on one line. */
export function guestLine(guest: GuestScene, words: Words): string {
  const notes = guestNotes(guest, words);
  const head = `${words.guest} ${shortName(guest.name)}`;
  return `${[head, ...guest.addresses].join(' ')}${notes.length === 0 ? '' : ` (${notes.map(shortName).join(', ')})`}`;
}
