import { expectNetwork } from '../../client/arguments.js';
import { LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import { shown } from '../../options/shown.js';
import { checkText } from '../../options/values.js';
import { rowsWithGuests } from '../../ovn-model/northbound-rows.js';
import type { OvnOutsideFor } from '../../ovn-model/outside.js';
import { checkFlag } from '../check-options.js';
import { assertUnused } from './checks.js';
import type { OvnAbsentOptions, OvnOwnership, OvnPlanOptions } from './options.js';
import { ownerOfRows } from './own-rows.js';
import type { OvnGoal } from './reach.js';
import { reconcile } from './reconcile.js';
import { guestsIn } from './stored.js';
import { assertFree } from './taken-addresses.js';

/**
 * The goal of a network that should exist. What OVN cannot express is refused here, before anything is read.
 *
 * @param outside - how it reaches the outside where the options say nothing else
 */
export function presentGoal(desired: BaseNetwork, given: OvnPlanOptions, usual: OvnOutsideFor | undefined): OvnGoal {
  const { outside: choice = usual, running, autostart, owner, foreign } = given;
  assertOn('running', running);
  assertOn('autostart', autostart);
  expectNetwork(desired, 'ensure');
  const rowsFor = rowsWithGuests(desired, typeof choice === 'function' ? choice(desired) : choice);
  const { name } = desired;
  return {
    name,
    ownership: ownershipOfChange({ owner, foreign }),
    reconcile: (found) => {
      const rows = rowsFor(guestsIn(found));
      assertFree(rows, found);
      return reconcile(rows, { network: name, owner: owner ?? ownerOfRows(found) }, found);
    },
  };
}

type Absence = Pick<OvnAbsentOptions, 'inUse' | 'owner' | 'foreign'>;

/** The goal of a network that should not exist. */
export function absentGoal(name: string, { inUse, owner, foreign }: Absence): OvnGoal {
  checkFlag('inUse', inUse);
  return {
    name,
    ownership: ownership({ owner, foreign }),
    reconcile: (found) => {
      if (inUse !== true) assertUnused(found);
      return reconcile([], { network: name }, found);
    },
  };
}

/**
 * Whose network a call may remove: without an owner, one that has none.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for what is not the name of an owner
 */
export function ownership({ owner, foreign }: OvnOwnership): OvnGoal['ownership'] {
  checkText('owner', owner);
  checkFlag('foreign', foreign);
  return { owner, foreign };
}

/** Whose network a call may change: without an owner, anybody's, as on libvirt. */
export const ownershipOfChange = ({ owner, foreign }: OvnOwnership): OvnGoal['ownership'] => ({
  ...ownership({ owner, foreign }),
  foreign: foreign === true || owner === undefined,
});

function assertOn(what: 'running' | 'autostart', value: boolean | undefined): void {
  if (value === undefined || value === true) return;
  throw new LibvirtError(
    'UNSUPPORTED',
    `a network on OVN cannot have ${what}: ${shown(value)}: it runs from when it is made`,
    {
      hint: 'remove the network with ensureAbsent(), or disconnect its guests',
    },
  );
}
