import type { Words } from '../words.js';
import type { GuestScene } from './guests.js';
import type { LanScene, NetworkScene } from './scene.js';

/** The mode of a network: `NAT`, `macvtap (vepa)`. */
export const modeLabel = (
  { mode, detail }: Pick<NetworkScene, 'mode'> & Partial<Pick<NetworkScene, 'detail'>>,
  words: Words,
): string => (detail === undefined ? words.modes[mode] : `${words.modes[mode]} (${detail})`);

/** Lines about a network below its name: where packets may leave, subnets, ranges of DHCP. */
export const networkLines = ({ through, subnets }: NetworkScene, words: Words): string[] => [
  ...(through === undefined ? [] : [words.through(through)]),
  ...subnets.flatMap(({ address, ranges }) => [address, ...ranges.map((range) => `${words.dhcp} ${range}`)]),
];

/** The device of a network with what it is: `virtual switch virbr0`. */
export function deviceLabel({ device, moreDevices, isRouted, mode }: NetworkScene, words: Words): string {
  const what = isRouted ? words.networkSwitch : mode === 'bridge' || mode === 'ovs' ? 'bridge' : 'NIC';
  const others = moreDevices === 0 ? [] : [words.more(moreDevices)];
  return [what, ...(device === undefined ? [] : [device]), ...others].join(' ');
}

/** What is special about a NIC of a guest. */
export function guestNotes({ nic, tap, vlan, filter, isLinkDown, isIsolated }: GuestScene, words: Words): string[] {
  const number = nic === undefined ? [] : [words.nic(nic.number, nic.count)];
  return [
    ...(tap === undefined ? number : [[tap, ...number].join(', ')]),
    ...(isLinkDown ? [words.linkDown] : []),
    ...(isIsolated ? [words.isolatedPort] : []),
    ...(vlan === undefined ? [] : [`VLAN ${vlan}`]),
    ...(filter === undefined ? [] : [`${words.filter} ${filter}`]),
  ];
}

/** The name of a LAN: what is known of it is the host's device. */
export const lanLabel = ({ device }: LanScene, words: Words): string =>
  device === undefined ? words.outside : `${words.lan} (${device})`;
