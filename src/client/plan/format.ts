import { formatIssue } from '../../errors/issues.js';
import { describeGuest } from './guests.js';
import type { Plan, PlanStep } from './types.js';

/**
 * A plan for people: a line for each step with how far it reaches, what it does and why, and the guests that it
 * takes the network from.
 *
 * @param plan - such as `Networks.plan` makes
 *
 * @example
 * ```ts
 * console.log(formatPlan(await host.networks.plan(lab)));
 * // lab: 1 step
 * //   live    add ip-dhcp-host mac=52:54:00:00:00:01 ip=10.0.0.2
 * //           both copies lack it
 * ```
 */
export function formatPlan({ network, steps, blocked, issues }: Plan): string {
  const count = steps.length === 1 ? '1 step' : `${steps.length} steps`;
  const head = `${network}: ${steps.length + blocked.length === 0 ? 'up to date' : count}`;
  const notAllowed = blocked.length === 0 ? [] : ['  deferred until the next start (restart not allowed):'];
  const unstartable = issues.map((issue) => `          - ${formatIssue(issue)}`);
  const refused = issues.length === 0 ? [] : ['  libvirt would not start it:', ...unstartable];
  return [head, ...refused, ...steps.flatMap(linesOf), ...notAllowed, ...blocked.flatMap(linesOf)].join('\n');
}

function linesOf(step: PlanStep): string[] {
  const guests = 'guests' in step ? step.guests.map((guest) => `          - ${describeGuest(guest)}`) : [];
  return [`  ${step.effect.padEnd(8)}${step.what}`, `          ${step.why}`, ...guests];
}
