import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { programOf } from '../support/program.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = join(root, 'docs/examples');
const files = readdirSync(examples).filter((name) => name.endsWith('.ts'));
const pages = [
  join(root, 'README.md'),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    // docs/api is made from the others, and may be of yesterday.
    .filter((name) => name.endsWith('.md') && !name.startsWith('api'))
    .map((name) => join(root, 'docs', name)),
];

/** The lines of an example between its region marks. */
function region(file: string, name: string): string {
  const text = readFileSync(join(examples, file), 'utf8');
  const found = new RegExp(`// #region ${name}\\n([\\s\\S]*?)// #endregion`).exec(text)?.[1];
  if (found === undefined) throw new Error(`${file} has no region ${name}`);
  return found;
}

const runs = new Map<string, SpawnSyncReturns<string>>();

/** Runs an example; once, however many pages show what it prints. */
function runOf(file: string): SpawnSyncReturns<string> {
  const run =
    runs.get(file) ??
    spawnSync(process.execPath, [programOf(`docs/examples/${file}`)], { cwd: root, encoding: 'utf8' });
  runs.set(file, run);
  return run;
}

/** What an example prints behind a line `--- name`. */
function printed(file: string, name: string): string | undefined {
  const parts = runOf(file).stdout.split(/^--- (\w+)\n/m);
  return parts[parts.indexOf(name) + 1]?.trimEnd();
}

describe('code on the pages is code that runs', () => {
  for (const page of pages) {
    const text = readFileSync(page, 'utf8');
    for (const [, file = '', name = '', code] of text.matchAll(
      /<!-- example: (\S+)#(\w+) -->\n```ts\n([\s\S]*?)```/g,
    )) {
      it(`${page.slice(root.length)}: ${file}#${name}`, () => {
        expect(code).toBe(region(file, name));
      });
    }
    for (const [, file = '', name = '', shown] of text.matchAll(
      /<!-- prints: (\S+)#(\w+) -->\n```\w*\n([\s\S]*?)```/g,
    )) {
      it(`${page.slice(root.length)}: ${file} prints ${name}`, () => {
        expect(shown?.trimEnd()).toBe(printed(file, name));
      });
    }
    it(`${page.slice(root.length)} has no TypeScript without an example file`, () => {
      expect([...text.matchAll(/(?<!-->\n)```ts\n/g)].length).toBe(0);
    });
  }

  for (const file of files) {
    it(`${file} runs`, () => {
      const { stderr, status, stdout } = runOf(file);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(stdout.length).toBeGreaterThan(0);
    });
  }

  it('the README shows what its first example prints', () => {
    const shown = /```xml\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1];
    expect(runOf('readme-build.ts').stdout.trim()).toBe(shown?.trim());
  });
});

describe('the pages hang together', () => {
  for (const page of pages) {
    it(`${page.slice(root.length)} links only to what is there`, () => {
      for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        expect(readdirSync(join(page, '..', target, '..')), target).toContain(
          target.replace(/\/$/, '').split('/').at(-1),
        );
      }
    });
  }
});
