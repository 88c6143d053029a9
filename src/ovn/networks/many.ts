import { deadline } from '../../async/deadline.js';
import { AT_ONCE, assertList } from '../../client/ensure/ensure-all.js';
import { EnsureMany } from '../../client/ensure/ensure-many.js';
import { LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import { isList } from '../../options/kind-of-value.js';
import { shown } from '../../options/shown.js';
import { absentGoal, ownership, presentGoal } from './goals.js';
import type { OvnApplied, OvnEnsureAllOptions, OvnPlan, OvnPlanAllOptions } from './options.js';
import { type Northbound, type OvnGoal, reachGoal } from './reach.js';
import type { OvnStep } from './steps.js';

/** A goal that is checked when its turn comes, so that a wrong one does not stop the others. */
interface Waiting {
  readonly name: string;
  readonly goal: () => OvnGoal;
}

interface Goals {
  readonly gone: readonly Waiting[];
  readonly there: readonly Waiting[];
}

function goalsOf(networks: readonly BaseNetwork[], options: OvnEnsureAllOptions): Goals {
  const { absent = [], perHost } = options;
  expectNames(absent, 'absent');
  ownership(options);
  assertList(networks, absent, { perHost });
  return {
    gone: absent.map((name) => ({ name, goal: () => absentGoal(name, options) })),
    there: networks.map((network) => ({
      name: network.name,
      goal: () => presentGoal(network, options, undefined),
    })),
  };
}

/** Ensures many networks; each succeeds or fails independently. */
export async function ensureAll(
  northbound: Northbound,
  networks: readonly BaseNetwork[],
  options: OvnEnsureAllOptions,
): Promise<readonly OvnApplied[]> {
  const { gone, there } = goalsOf(networks, options);
  const { perHost: atOnce = AT_ONCE, dryRun, signal, timeoutMs, onProgress } = options;
  const many = new EnsureMany<Waiting, OvnStep>({
    ...{ atOnce, onProgress },
    ensure: ({ goal }, one) => reachGoal(northbound, goal(), { dryRun, signal, timeoutMs, onProgress: one.onProgress }),
  });
  await many.read(async () => {
    await northbound.database.select('NB_Global', { columns: ['nb_cfg'], signal, timeoutMs });
  });
  // Removals make room for new networks.
  const removed = await many.all(gone);
  return [...removed, ...(await many.all(there))];
}

/** Plans many networks, removals first. */
export async function planAll(
  northbound: Northbound,
  networks: readonly BaseNetwork[],
  options: OvnPlanAllOptions,
): Promise<readonly OvnPlan[]> {
  const { gone, there } = goalsOf(networks, options);
  const remaining = deadline(options);
  const plans: OvnPlan[] = [];
  for (const { goal } of [...gone, ...there])
    plans.push((await reachGoal(northbound, goal(), { ...remaining(), dryRun: true })).plan);
  return plans;
}

/**
 * Throws unless the value is a list of names.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT`
 */
export function expectNames(value: unknown, what: string): asserts value is readonly string[] {
  // Holes of a list are names that are missing.
  if (isList(value) && Array.from(value).every((name) => typeof name === 'string' && name !== '')) return;
  throw new LibvirtError('INVALID_ARGUMENT', `${what} is not a list of names: ${shown(value)}`, {
    hint: 'pass an array of texts that are not empty',
  });
}
