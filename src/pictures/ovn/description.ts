import { shortName } from '../text/tree-lines.js';
import { modeLabel } from '../topology/labels.js';
import type { Words } from '../words.js';
import { gatewaysLabel } from './labels.js';
import type { OvnNetworkScene, OvnScene } from './scene.js';

/** Describes networks on OVN for those who do not see them: how many there are, then each network with its guests. */
export function describeOvn({ networks, moreNetworks, totals }: OvnScene, words: Words): string {
  const more = moreNetworks === 0 ? [] : [words.moreNetworks(moreNetworks)];
  const parts = networks.map((network) => describeNetwork(network, words));
  return [words.ovn.summary(totals), ...parts, ...more].map((part) => `${part}.`).join(' ');
}

function describeNetwork(network: OvnNetworkScene, words: Words): string {
  const { name, router, groups, more } = network;
  const way = router?.way === undefined ? [] : [shortName(gatewaysLabel(router.way, words))];
  const guests = groups.flatMap(({ host, guests: own, more: rest }) => [
    ...own.map((guest) => guestIn(guest.name, host, words)),
    ...(rest === 0 ? [] : [words.more(rest)]),
  ]);
  const all = [...guests, ...(more === 0 ? [] : [words.more(more)])];
  const head = `${shortName(name)} (${[modeLabel(network, words), ...way].join(', ')})`;
  return all.length === 0 ? head : `${head}: ${all.join(', ')}`;
}

const guestIn = (guest: string, host: string | undefined, { ovn }: Words): string =>
  host === undefined ? shortName(guest) : ovn.guestOn(shortName(guest), shortName(host));
