import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Box } from '../../src/pictures/drawing/drawing.js';
import { outputOf, runOrThrow } from '../support/run.js';

/** A text as a browser draws it. */
export interface DrawnText {
  readonly text: string;
  /** Its class, which names its font. */
  readonly style: string;
  readonly box: Box;
  readonly colour: string;
  /** Colour of what is below it. */
  readonly area: string;
}

/** How a page is shown. */
export interface Showing {
  readonly scheme?: 'light' | 'dark';
  /** Fonts in place of those of the picture. */
  readonly fonts?: { readonly sans: string; readonly mono: string };
}

/** Collects the texts of all pictures of a page. */
const MEASURE = `
const boxOf = (one) => { const { x, y, width, height } = one.getBBox(); return { x, y, width, height }; };
const isOn = (at, { x, y, width, height }) => at.x >= x && at.x <= x + width && at.y >= y && at.y <= y + height;
const textsOf = (svg) => {
  const areas = [];
  const texts = [];
  for (const one of svg.querySelectorAll('rect, circle, text')) {
    const [box, colour] = [boxOf(one), getComputedStyle(one).fill];
    if (one.tagName !== 'text') { areas.push({ box, colour }); continue; }
    const text = [...one.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data).join('');
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const area = areas.filter((other) => isOn(middle, other.box)).at(-1)?.colour ?? '';
    texts.push({ text, style: one.classList[0].slice(2), box, colour, area });
  }
  return texts;
};
report([...document.querySelectorAll('svg')].map(textsOf));
`;

/** Shows pictures on one page of a browser and returns the texts of each as they are drawn. */
export function drawnTexts(pictures: readonly string[], { scheme = 'light', fonts }: Showing = {}): DrawnText[][] {
  const style =
    fonts === undefined
      ? ''
      : `<style>text { font-family: ${fonts.sans} !important } text.t-code { font-family: ${fonts.mono} !important }</style>`;
  const settings = scheme === 'dark' ? ['--blink-settings=preferredColorScheme=0'] : [];
  // The page reports what this script collects, and nothing else.
  return evaluate(`${style}${pictures.join('\n')}<script>${MEASURE}</script>`, settings) as DrawnText[][];
}

/** Loads a page and returns what its script passes to \`report\`. */
export function evaluate(body: string, settings: readonly string[] = []): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  try {
    const page = join(folder, 'page.html');
    const report = `const report = (value) => { document.body.textContent = encodeURIComponent(JSON.stringify(value)); };`;
    writeFileSync(page, `<!DOCTYPE html><meta charset="utf-8"><body><script>${report}</script>${body}</body>`);
    const args = ['--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/profile`, '--virtual-time-budget=60000'];
    const dom = outputOf('chromium-headless-shell', [...args, ...settings, '--dump-dom', `file://${page}`], {
      seconds: 300,
    });
    const [, text] = /<body>([^<]*)<\/body>/.exec(dom) ?? [];
    if (text === undefined) throw new Error(`the page has reported nothing: ${dom.slice(0, 2000)}`);
    return JSON.parse(decodeURIComponent(text));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fetches Mermaid, as one script for browsers. */
export function mermaidScript(): string {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  try {
    const archive = runOrThrow('npm', ['pack', '--silent', 'mermaid@11'], { cwd: folder, seconds: 300 });
    runOrThrow('tar', ['-xzf', archive, 'package/dist/mermaid.min.js'], { cwd: folder });
    return readFileSync(join(folder, 'package/dist/mermaid.min.js'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
