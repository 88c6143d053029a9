import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXAMPLES, pages, printed, region, root, runOf } from './examples.js';

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

  for (const file of EXAMPLES) {
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
