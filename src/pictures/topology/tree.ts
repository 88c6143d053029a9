import { clean } from '../text/clean.js';
import { columns } from '../text/columns.js';
import { shorten } from '../text/fit.js';
import { WIDTH } from '../text/terminal.js';
import type { Words } from '../words.js';
import type { GuestScene } from './guests.js';
import { deviceLabel, guestNotes, lanLabel, modeLabel, networkLines } from './labels.js';
import type { LanScene, NetworkScene, TopologyScene } from './scene.js';

/** A line of a tree, with what belongs to it. */
interface Branch {
  readonly text: string;
  readonly branches: readonly Branch[];
}

/** Columns of a name, so that a line has room for what follows. */
const LONGEST_NAME = 40;

const name = (text: string): string => shorten(text, LONGEST_NAME, columns);

/** Prints a topology as a tree of at most 100 columns. */
export function topologyTree({ lans, networks, moreNetworks }: TopologyScene, words: Words): string {
  const all = [
    ...lans.map((lan) => lanBranch(lan, words)),
    ...networks.map((network) => networkBranch(network, words)),
    ...(moreNetworks === 0 ? [] : [leaf(words.moreNetworks(moreNetworks))]),
  ];
  return `${[words.host, ...treeLines(all)].map((line) => shorten(line, WIDTH, columns).trimEnd()).join('\n')}\n`;
}

const leaf = (text: string): Branch => ({ text, branches: [] });

const lanBranch = (lan: LanScene, words: Words): Branch => ({
  text: [lanLabel(lan, words), ...lan.host].join(', '),
  branches: lan.outside.length === 0 ? [] : [leaf(`${words.outside}: ${lan.outside.join(', ')}`)],
});

const networkBranch = (network: NetworkScene, words: Words): Branch => ({
  text: `${name(network.name)}: ${modeLabel(network, words)}, ${deviceLabel(network, words)}`,
  branches: [
    ...networkLines(network, words).map(leaf),
    ...network.guests.map((guest) => leaf(guestLine(guest, words))),
    ...(network.more === 0 ? [] : [leaf(words.more(network.more))]),
  ],
});

function guestLine(guest: GuestScene, words: Words): string {
  const notes = guestNotes(guest, words);
  const head = `${words.guest} ${name(guest.name)}`;
  return `${[head, ...guest.addresses].join(' ')}${notes.length === 0 ? '' : ` (${notes.map(name).join(', ')})`}`;
}

const treeLines = (branches: readonly Branch[]): string[] =>
  branches.flatMap(({ text, branches: below }, i) => {
    const edge = i === branches.length - 1 ? '    ' : '|   ';
    return [`+-- ${clean(text)}`, ...treeLines(below).map((line) => edge + line)];
  });
