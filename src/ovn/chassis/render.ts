import { shellWord } from '../../shell/quote.js';
import type { ChassisReport } from './chassis.js';
import type { ChassisLack } from './lacks.js';

/**
 * Returns what a host lacks for OVN as text for people, with the commands for a shell.
 *
 * @param report - such as {@link chassis} returns
 */
export function renderChassis(report: ChassisReport): string {
  const { host, ok, chassis, lacks, commands, unseen } = report;
  const name = chassis === undefined ? '' : ` (chassis ${chassis})`;
  const head = `${host}${name}: ${ok ? 'lacks nothing' : `lacks ${lacks.length === 1 ? '1 thing' : `${lacks.length} things`}`}`;
  return [
    head,
    ...lacks.flatMap(linesOf),
    ...(commands.length === 0 ? [] : ['  as root on the host:']),
    ...commands.map((words) => `    ${words.map(shellWord).join(' ')}`),
    ...(unseen.length === 0 ? [] : [`  not looked at: ${unseen.join(', ')}`]),
  ].join('\n');
}

function linesOf({ part, what, found, wanted, hint }: ChassisLack): readonly string[] {
  const values = [
    ...(found === undefined ? [] : [`has ${found}`]),
    ...(wanted === undefined ? [] : [`needs ${wanted}`]),
  ];
  return [
    `  ${part}: ${what}${values.length === 0 ? '' : ` (${values.join(', ')})`}`,
    ...(hint === undefined ? [] : [`    ${hint}`]),
  ];
}
