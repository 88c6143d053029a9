import type { BondMode } from '../document.js';

const ECHO = 'the switch sends frames of guests back over another card, and the bridge looks for the guests there';
const OWN_MAC = 'it changes MAC addresses for the host alone, and frames of guests leave with those of its cards';

/** The modes of bonds that a bridge does not work on, each with the reason. */
export const MODES_THAT_CUT_OFF: { readonly [M in BondMode]?: string } = {
  'balance-rr': ECHO,
  broadcast: ECHO,
  'balance-tlb': OWN_MAC,
  'balance-alb': OWN_MAC,
};

/** The kernel itself switches its link monitor on in these. */
const WATCHED: readonly BondMode[] = ['802.3ad', 'balance-tlb', 'balance-alb'];

/**
 * Tells whether a bond does not look at the links of its cards.
 *
 * @param interval - time between two looks; absent where nothing sets one
 */
export const isUnwatched = (mode: BondMode, interval: number | undefined): boolean =>
  interval === 0 || (interval === undefined && !WATCHED.includes(mode));
