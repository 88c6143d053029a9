import { Network } from '../../model/network.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { asStoredBy, differencesInEffect, withoutAdditions } from '../plan/compare.js';
import { withLabel } from '../plan/labels.js';
import { applyUpdates } from '../plan/plan-updates.js';
import { withIdentityOf } from '../plan/preserve-identity.js';
import type { PlanStep, StepAction } from '../plan/types.js';
import type { ObservedState } from '../state/observed-state.js';

/** The steps of a plan that had or may have had an effect. */
export interface TakenSteps {
  readonly done: readonly PlanStep[];
  /** The step that failed, if one did: how far it came is not known. */
  readonly begun: PlanStep | undefined;
}

/** A network between two steps, as far as steps change it. */
interface Copies {
  readonly live?: NetworkDocument | undefined;
  readonly stored?: NetworkDocument | undefined;
  readonly autostart: boolean;
}

/**
 * Tells whether a network is as it was before the steps of a plan, or as some of these steps left it. Otherwise another
 * program has changed it, and going back would destroy what that program did.
 *
 * @param taken - the steps that were taken
 */
export function isOwnState(now: ObservedState, before: ObservedState, taken: TakenSteps, release: string): boolean {
  const own = statesOf(before, taken, release);
  const isOneOf = (copy: 'live' | 'stored') => own.some((one) => isSameCopy(now[copy], one[copy], release));
  return isOneOf('live') && isOneOf('stored') && own.some((one) => one.autostart === (now.state?.autostart ?? false));
}

/**
 * The states before, between and after steps. What a step that is done leads through only for a moment, such as the stop of
 * a restart, is not among them: a network that stands still after a restart was stopped by somebody else.
 */
function statesOf(before: ObservedState, { done, begun }: TakenSteps, release: string): Copies[] {
  let last: Copies = { live: before.live, stored: before.stored, autostart: before.state?.autostart ?? false };
  const states = [last];
  for (const step of done) {
    last = after(last, step, release).at(-1) ?? last;
    states.push(last);
  }
  return begun === undefined ? states : [...states, ...after(last, begun, release)];
}

/** The states that a step leads through; the last one is its result. */
function after(state: Copies, step: StepAction, release: string): Copies[] {
  switch (step.action) {
    case 'define':
      return [{ ...state, stored: step.document }];
    case 'autostart':
      return [{ ...state, autostart: step.enabled }];
    case 'undefine':
      return [{ ...state, stored: undefined, autostart: false }];
    case 'start':
      return [{ ...state, live: state.stored }];
    case 'stop':
      return [{ ...state, live: undefined }];
    case 'restart':
      return [
        { ...state, live: undefined },
        { ...state, live: state.stored },
      ];
    case 'attach':
      return [state];
    default:
      return changedCopies(state, step, release);
  }
}

type EntryOrLabel = Extract<StepAction, { readonly action: 'update' | 'text' | 'metadata' }>;

/** virsh changes one copy after the other. */
function changedCopies(state: Copies, step: EntryOrLabel, release: string): Copies[] {
  const { live, config } = step.action === 'update' ? step.request : step.copies;
  const next = { ...state, live: live ? changed(state.live, step, release) : state.live };
  return [next, { ...next, stored: config ? changed(state.stored, step, release) : state.stored }];
}

const changed = (document: NetworkDocument | undefined, step: EntryOrLabel, release: string) =>
  document === undefined
    ? undefined
    : step.action === 'update'
      ? applyUpdates(document, [step.request], release)
      : withLabel(document, step);

/** Tells whether a copy is one that was left, but for what libvirt fills in. */
function isSameCopy(now: NetworkDocument | undefined, left: NetworkDocument | undefined, release: string): boolean {
  if (now === undefined || left === undefined) return now === left;
  const target = withIdentityOf(Network.from(asStoredBy(left, release)), Network.from(now)).document;
  const [is, was] = [withoutAdditions(now, target), withoutAdditions(target, target)];
  return differencesInEffect(is, was).length === 0;
}
