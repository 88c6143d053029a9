import { LibvirtError } from '../../errors/index.js';
import { isList, kindOfValue } from '../../options/kind-of-value.js';
import { readable } from '../../options/options.js';
import { isRecord } from '../../schema/values.js';
import { shellWord } from '../../shell/quote.js';
import type { ChassisReport } from './chassis.js';
import type { ChassisLack } from './lacks.js';

/**
 * Returns what a host lacks for OVN as text for people, with the commands for a shell.
 *
 * @param report - such as {@link chassis} returns
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for what is not a report
 */
export function renderChassis(report: ChassisReport): string {
  if (!readable('renderChassis', () => isReport(report)))
    throw new LibvirtError('INVALID_ARGUMENT', `renderChassis needs a report, not ${kindOfValue(report)}`, {
      hint: 'pass what chassis() returns',
    });
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

const isReport = (value: unknown): boolean =>
  isRecord(value) &&
  ['lacks', 'commands', 'unseen'].every((name) => isList(value[name])) &&
  [value['lacks']].flat().every(isRecord);

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
