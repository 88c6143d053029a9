import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** Words that the project writes differently, each with what to write. */
const AVOIDED: readonly (readonly [RegExp, string])[] = [
  [/\bshall\b/i, 'should, must, or the present tense'],
  [/\banew\b/i, 'again'],
  [/\b(?:is|are) told\b/i, 'reports, says, is reported'],
  [/(?<!\bthere )\b(?:is|are) no (?!longer\b)[a-z]/i, 'is not a ...'],
  [/\bstands? twice\b/i, 'more than once'],
  [/\b(?:gave|gives?) back\b/i, 'returned, returns'],
  [/\bleft behind\b/i, 'remains, could not be rolled back'],
];

/** Places, never time: every other "behind" is read by hand before it comes into this list. */
const PLACES = ['A way from outside to a guest behind NAT'];

/** Files that quote the words of a daemon, or that list the words themselves. */
const EXEMPT = new Set(['src/testing/words.ts', 'test/words.test.ts']);

const TEXTS = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
const FOLDERS = ['src', 'docs', 'test', 'bench', 'scripts'];

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return path === join('docs', 'api') ? [] : filesBelow(path);
    return /\.(?:ts|mts|mjs|md|sh)$/.test(entry.name) ? [path] : [];
  });
}

const files = [...TEXTS, ...FOLDERS.flatMap(filesBelow)].filter((path) => !EXEMPT.has(path));

const texts = new Map(files.map((path) => [path, readFileSync(path, 'utf8')]));
const linesOf = (path: string): string[] => (texts.get(path) ?? '').split('\n');

/** Lines that match, as `file:line: text`. */
const found = (paths: readonly string[], isAvoided: (line: string) => boolean): string[] =>
  paths.flatMap((path) =>
    linesOf(path).flatMap((line, i) => (isAvoided(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
  );

/** Literal texts of a source file that hold Markdown, which a terminal shows as it is. */
function markdownIn(path: string): string[] {
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  const file = ts.createSourceFile(path, texts.get(path) ?? '', options);
  const slips: string[] = [];
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isText && /`/.test(node.text)) slips.push(`${path}: ${node.text}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return slips;
}

describe('sources, guides and tests are written in plain words', () => {
  it.each(AVOIDED)('without %s: write %s', (word) => {
    expect(found(files, (line) => word.test(line))).toEqual([]);
  });

  it('"behind" is a place, never a time', () => {
    const paths = files.filter((path) => !path.startsWith('test/'));
    const isTime = (line: string) => /\bbehind\b/i.test(line) && !PLACES.some((place) => line.includes(place));
    expect(found(paths, isTime)).toEqual([]);
  });

  it('no text of the library holds Markdown, which a terminal shows as it is', () => {
    expect(files.filter((path) => path.startsWith('src/')).flatMap(markdownIn)).toEqual([]);
  });
});
