import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNeed, type Need } from './needs.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** The two sets that every test file belongs to by its name. vitest.config.ts makes a project of each. */
export const SUITES = {
  /** Needs nothing but Node.js. */
  node: { include: ['test/**/*.test.ts'], exclude: ['test/**/*.libvirt.test.ts'] },
  /** Needs what the file declares with `needs`. */
  libvirt: { include: ['test/**/*.libvirt.test.ts'], exclude: [] },
};

/** The TypeScript files below `test/`, as paths from the project. */
export const testFolder = (): string[] =>
  readdirSync(join(project, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
    .map((name) => `test/${name}`)
    .sort();

/** Tells to which set a file belongs. */
export function setOf(path: string): keyof typeof SUITES | undefined {
  if (path.endsWith('.libvirt.test.ts')) return 'libvirt';
  return path.endsWith('.test.ts') ? 'node' : undefined;
}

export const textOf = (path: string): string => readFileSync(join(project, path), 'utf8');

/** Reads what a file declares at its top that it needs; undefined where the declaration cannot be read. */
export function declaredNeeds(path: string): readonly Need[] | undefined {
  const [, list] = /^needs\(([^)]*)\);$/m.exec(textOf(path)) ?? [];
  if (list === undefined) return undefined;
  const names = [...list.matchAll(/'([^']*)'/g)].map(([, name = '']) => name);
  return names.length > 0 && names.every(isNeed) ? names : undefined;
}
