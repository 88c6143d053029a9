import { largest } from '../../lists/largest.js';
import type { Reachability } from './reachability.js';
import type { Flow, FlowStep } from './topology.js';

/**
 * A flow as text: a line for each step, there and back, and what becomes of it.
 *
 * @param flow - of {@link explainFlow}
 */
export function renderFlow(flow: Flow): string {
  const { from, to, protocol, family, port } = flow.packet;
  const head = `${from} > ${to}, ${protocol}${port === undefined ? '' : ` port ${port}`} over ${family}`;
  const steps = flow.steps.filter(({ what }) => what !== 'lost');
  const width = largest(steps.map(({ at }) => at.length));
  const line = ({ way, at, what, text }: FlowStep): string =>
    `  ${way === 'there' ? '->' : '<-'} ${at.padEnd(width)}  ${LABELS[what]}  ${text}`;
  const rule = flow.rule === undefined ? [] : [`  rule: ${flow.rule}`];
  return [head, ...steps.map(line), `${flow.verdict}: ${flow.reason}`, ...rule, ''].join('\n');
}

const LABELS: Readonly<Record<FlowStep['what'], string>> = {
  send: 'send     ',
  switch: 'switch   ',
  route: 'route    ',
  translate: 'translate',
  firewall: 'firewall ',
  service: 'service  ',
  tunnel: 'tunnel   ',
  arrive: 'arrive   ',
  lost: 'lost     ',
};

/**
 * A matrix as text: from whom in the rows, to whom in the columns.
 *
 * @param matrix - of {@link reachability}
 */
export function renderReachability({ names, rows }: Reachability): string {
  const table = [
    ['from \\ to', ...names],
    ...rows.map((row, i) => [names[i] ?? '', ...row.map(({ verdict }) => WORDS[verdict] ?? verdict)]),
  ];
  const widths = table[0]?.map((_, column) => largest(table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

const WORDS: Readonly<Record<string, string>> = { delivered: 'yes', 'no-route': 'no route' };
