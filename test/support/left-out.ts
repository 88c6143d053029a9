import type { Reporter, TestSpecification } from 'vitest/node';
import { lackOf } from './needs.js';
import { declaredNeeds, setOf, testFolder } from './suites.js';

const COMMAND = 'npm run test:libvirt';

/**
 * Lists at the end of a run the suites that it left out since they need more than Node.js. A run of files that were named
 * on the command line lists nothing.
 */
export class LeftOut implements Reporter {
  #table: readonly string[] = [];

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    const begun = new Set(specifications.map(({ project, moduleId }) => `${project.name} ${moduleId}`));
    const countOf = (set: string): number => [...begun].filter((key) => key.startsWith(`${set} `)).length;
    const files = testFolder().filter((path) => setOf(path) === 'libvirt');
    const isWhole = countOf('node') >= testFolder().filter((path) => setOf(path) === 'node').length;
    this.#table = isWhole && countOf('libvirt') === 0 ? tableOf(files) : [];
  }

  onTestRunEnd(): void {
    if (this.#table.length > 0) console.log(`\n${this.#table.join('\n')}\n`);
  }
}

/** A line for each suite, in columns. */
function tableOf(files: readonly string[]): string[] {
  const rows = files.map((path) => {
    const needs = declaredNeeds(path) ?? [];
    const missing = needs.filter((need) => lackOf(need) !== undefined);
    return [path, needs.join(', '), missing.length === 0 ? '-' : missing.join(', ')];
  });
  const head = ['suite', 'needs', 'missing here'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const lineOf = (row: readonly string[]) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd();
  return [
    `${files.length} suites were left out, since they need more than Node.js. To get what they need and run them: ${COMMAND}`,
    '',
    ...[head, ...rows].map(lineOf),
  ];
}
