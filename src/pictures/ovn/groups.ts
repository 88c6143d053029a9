import { groupedBy } from '../../lists/group.js';
import type { GuestNode } from '../../ovn-model/topology-guests.js';
import type { GuestScene } from '../topology/guests.js';
import { shares } from '../topology/shares.js';

/** The guests of a network on one host. */
export interface GroupScene {
  /** The host; absent where it is not known. */
  readonly host: string | undefined;
  /** False for guests that are not plugged in, wherever they are to be. */
  readonly isPlugged: boolean;
  readonly guests: readonly GuestScene[];
  /** Guests that are not drawn. */
  readonly more: number;
}

/** The guests of a network as a picture shows them. */
interface Groups {
  readonly groups: readonly GroupScene[];
  /** Guests of hosts that have no group. */
  readonly more: number;
}

interface Surroundings {
  /** All hosts in their order. */
  readonly hosts: readonly string[];
  /** Guests that are drawn. */
  readonly most: number;
}

/**
 * Groups the guests of a network by their hosts, in the order of these. Those of whom the host is not known come next, and those
 * that are not plugged in last.
 */
export function guestGroups(guests: readonly GuestNode[], { hosts, most }: Surroundings): Groups {
  const plugged = groupedBy(
    guests.filter(({ isPlugged }) => isPlugged),
    ({ chassis }) => chassis ?? NOWHERE,
  );
  const all: readonly Group[] = [
    ...hosts.map((host) => ({ host, isPlugged: true, own: plugged.get(host) ?? [] })),
    { host: undefined, isPlugged: true, own: plugged.get(NOWHERE) ?? [] },
    { host: undefined, isPlugged: false, own: guests.filter(({ isPlugged }) => !isPlugged) },
  ];
  const filled = all.filter(({ own }) => own.length > 0);
  const shown = filled.slice(0, most);
  const drawn = shares(
    shown.map(({ own }) => own.length),
    most,
  );
  const groups = shown.map(({ own, ...group }, i): GroupScene => {
    const some = own.slice(0, drawn[i]);
    return { ...group, guests: some.map(sceneOf), more: own.length - some.length };
  });
  return { groups, more: filled.slice(most).reduce((sum, { own }) => sum + own.length, 0) };
}

/** Guests on one host before they are cut to those that are drawn. */
interface Group extends Pick<GroupScene, 'host' | 'isPlugged'> {
  readonly own: readonly GuestNode[];
}

/** Stands for a host that is not known. */
const NOWHERE = Symbol('a host that is not known');

const sceneOf = ({ name, addresses }: GuestNode): GuestScene => ({
  name,
  addresses: addresses.map(({ text }) => text),
  nic: undefined,
  tap: undefined,
  vlan: undefined,
  filter: undefined,
  isLinkDown: false,
  isIsolated: false,
});
