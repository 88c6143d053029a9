import { formatIssue } from '../../errors/issues.js';
import { isList } from '../../options/kind-of-value.js';
import { expectPlan } from '../arguments.js';
import type { Guest } from '../state/observed-state.js';
import { describeGuest } from './guests.js';
import type { Plan, StepFacts } from './types.js';

/** A step as it is printed. */
type PrintedStep = StepFacts & { readonly guests?: readonly Guest[] | undefined };

/**
 * A plan for people: a line for each step with how far it reaches, what it does and why, its properties with their old and new values, and the guests that notice. It prints no line of a plan more than once.
 *
 * @param plan - such as `Networks.plan` makes, or many as of `Networks.planAll`
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for what is not a plan
 *
 * @example
 * ```ts
 * console.log(formatPlan(await host.networks.plan(lab)));
 * // lab: 1 step
 * //   live    add ip-dhcp-host mac=52:54:00:00:00:01 ip=10.0.0.2
 * //           in the running network and in its stored definition
 * ```
 */
export function formatPlan(plan: Plan<StepFacts> | readonly Plan<StepFacts>[]): string {
  // Array.from visits holes, which are not plans either.
  const plans = isMany(plan) ? Array.from(plan) : [plan];
  for (const one of plans) expectPlan(one, 'formatPlan');
  return plans.map(textOf).join('\n');
}

const isMany = (plan: Plan<StepFacts> | readonly Plan<StepFacts>[]): plan is readonly Plan<StepFacts>[] => isList(plan);

function textOf({ network, steps, blocked, issues }: Plan<PrintedStep>): string {
  const count = steps.length === 1 ? '1 step' : `${steps.length} steps`;
  const head = `${network}: ${steps.length + blocked.length === 0 ? 'up to date' : count}`;
  const unstartable = issues.map((issue) => `${INDENT}- ${formatIssue(issue)}`);
  const refused = issues.length === 0 ? [] : ['  libvirt would not start it:', ...unstartable];
  const notAllowed = blocked.length === 0 ? [] : ['  deferred until the next start (restart not allowed):'];
  const seen = new Set<string>();
  const lines = (list: readonly PrintedStep[]) => list.flatMap((step, i) => linesOf(step, list[i + 1], seen));
  return [head, ...refused, ...lines(steps), ...notAllowed, ...lines(blocked)].join('\n');
}

const INDENT = '          ';

/** The reason of several steps stands after the last of them, and a change where it comes first. */
function linesOf(step: PrintedStep, next: PrintedStep | undefined, seen: Set<string>): string[] {
  const details = (step.details ?? []).filter((line) => !seen.has(line));
  for (const line of details) seen.add(line);
  return [
    `  ${step.effect.padEnd(8)}${step.what}`,
    ...(next?.why === step.why && next.effect === step.effect ? [] : [`${INDENT}${step.why}`]),
    ...details.map((line) => `${INDENT}  ${line}`),
    ...(step.guests ?? []).map((guest) => `${INDENT}- ${describeGuest(guest)}`),
  ];
}
