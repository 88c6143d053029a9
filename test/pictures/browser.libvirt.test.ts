import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderFlowDiagram, renderTopology } from 'libvirt-network/pictures';
import { describe, expect, it } from 'vitest';
import { FONTS, type TextStyle } from '../../src/pictures/drawing/drawing.js';
import { clean } from '../../src/pictures/text/clean.js';
import { widthOf } from '../../src/pictures/text/width.js';
import { needs, needsInSoak } from '../support/needs.js';
import { announce } from '../support/random.js';
import { run } from '../support/run.js';
import { type DrawnText, drawnTexts, evaluate, mermaidScript, type Showing } from './browser.js';
import { contrast } from './contrast.js';
import { randomFlow, withHostileNames } from './flows.js';
import { overlap } from './geometry.js';
import { CLOUD, randomOvnTopology } from './ovn-topologies.js';
import { HOSTILE_NAMES, randomTopology, SAMPLE } from './topologies.js';

needs('xmllint');

const random = announce('pictures in a browser', 30);
const topologies = [SAMPLE, ...Array.from({ length: 29 }, () => randomTopology(random))];
const clouds = [CLOUD, ...Array.from({ length: 29 }, () => randomOvnTopology(random))];
const flows = Array.from({ length: 30 }, (_, i) => {
  const flow = randomFlow(random, SAMPLE);
  return i % 2 === 0 ? flow : withHostileNames(random, flow);
});

/** Mermaid takes seconds for a large flowchart. */
const MOST_CLOUDS = { svg: 30, dot: 30, mermaid: 8 };

const render = (format: 'svg' | 'mermaid' | 'dot'): string[] => [
  ...topologies.map((topology) => renderTopology(topology, { format })),
  ...clouds
    .slice(0, MOST_CLOUDS[format])
    .map((cloud, i) => renderTopology(cloud, { format, language: i % 2 === 0 ? 'en' : 'es' })),
  ...flows.map((flow) => renderFlowDiagram(flow, { format, language: 'es' })),
];

/** Runs a program on texts, each in a file, and returns what it complains about. */
function complaints(texts: readonly string[], program: string, args: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  try {
    const files = texts.map((text, i) => {
      writeFileSync(join(folder, String(i)), text);
      return String(i);
    });
    const { status, stderr } = run(program, [...args, ...files], { cwd: folder });
    return status === 0 ? stderr : `${program} ended with ${status}: ${stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('xmllint finds every SVG well-formed', () => {
  expect(complaints(render('svg'), 'xmllint', ['--noout'])).toBe('');
});

function overlapping(pictures: readonly (readonly DrawnText[])[]): string[] {
  return pictures.flatMap((texts, n) =>
    texts.flatMap((text, i) =>
      texts
        .slice(i + 1)
        .filter((other) => overlap(text.box, other.box))
        .map(
          (other) =>
            `picture ${n}: '${text.text}' ${JSON.stringify(text.box)} and '${other.text}' ${JSON.stringify(other.box)}`,
        ),
    ),
  );
}

const isStyle = (style: string): style is TextStyle => Object.hasOwn(FONTS, style);

/** Texts that a browser draws wider than the table of widths says. */
function wider(pictures: readonly (readonly DrawnText[])[]): string[] {
  return pictures.flat().flatMap(({ text, style, box }) => {
    if (!isStyle(style)) return [`'${style}' is not a style`];
    const most = widthOf(text, FONTS[style]) + 1;
    return box.width <= most ? [] : [`${style} '${text}': ${box.width} of ${most}`];
  });
}

/** Fonts that systems have in place of each other, the widest of them too. */
const FAMILIES: readonly NonNullable<Showing['fonts']>[] = [
  { sans: 'Liberation Sans', mono: 'Liberation Mono' },
  { sans: 'DejaVu Sans', mono: 'DejaVu Sans Mono' },
  { sans: 'Roboto', mono: 'monospace' },
];

/** Letters with marks, which may come from another font than their neighbours. */
const MARKED = ['e\u0323\u0301', 'm\u0323', 'i\u0323\u0301', 'W\u0302'];

/** Each letter many times, and each hostile name, in each font of pictures. */
const SAMPLES = `<svg xmlns="http://www.w3.org/2000/svg" id="samples">${Object.entries(FONTS)
  .flatMap(([style, { size, weight }]) =>
    [
      ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
      ...'áéíóúñüçß¿¡ΩжЩш漢字かな한글אבجم👍',
      ...MARKED,
    ]
      .filter((letter) => letter !== ' ')
      .map((letter) => [style, `font: ${weight} ${size}px sans-serif`, letter.repeat(20)] as const),
  )
  .map(
    ([style, font, text]) =>
      `<text class="t-${style}" style="${font}">${text.replace(/[&<]/g, (one) => `&#${one.charCodeAt(0)};`)}</text>`,
  )
  .join('')}</svg>`;

if (needsInSoak('pictures in a browser', 'Chromium')) {
  describe('in a browser', () => {
    it.each(['light', 'dark'] as const)('no texts overlap, and all have a contrast of at least 4.5: %s', (scheme) => {
      const drawn = drawnTexts(render('svg'), { scheme });
      expect(drawn.flat().length).toBeGreaterThan(2000);
      expect(overlapping(drawn)).toEqual([]);
      const faint = drawn.flat().filter(({ colour, area }) => contrast(colour, area) < 4.5);
      expect(faint).toEqual([]);
      const [page] = drawn[0] ?? [];
      expect(
        page === undefined ? 0 : contrast(page.colour, scheme === 'light' ? '#ffffff' : '#000000'),
      ).toBeGreaterThan(9);
    });

    it.each(FAMILIES)('no text is wider than the table of widths says: %j', (fonts) => {
      const drawn = drawnTexts([...render('svg'), SAMPLES], { fonts });
      expect(wider(drawn)).toEqual([]);
      expect(overlapping(drawn.slice(0, -1))).toEqual([]);
    });
  });
}

if (needsInSoak('flowcharts in Mermaid', 'Chromium', 'npm registry')) {
  it('Mermaid draws every flowchart, and shows every name as it is', () => {
    const names = HOSTILE_NAMES.filter((name) => name.length > 0 && name.length < 40).map((name) => name.trim());
    const guests = names.map((name, i) => ({ name: `${name} (${i})`, network: 'lab' }));
    const hostile = renderTopology({ ...SAMPLE, guests }, { format: 'mermaid' });
    const texts = JSON.stringify([hostile, ...render('mermaid')]).replaceAll('<', '\\u003c');
    const script = `
mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
const failures = [];
let labels = [];
(async () => {
  for (const [i, text] of ${texts}.entries()) {
    try {
      const { svg } = await mermaid.render('m' + i, text);
      const shown = new DOMParser().parseFromString(svg, 'text/html');
      if (i === 0) labels = [...shown.querySelectorAll('.nodeLabel')].map((one) => one.textContent);
    } catch (error) { failures.push(String(error) + text); }
  }
  report({ failures, labels });
})();`;
    const library = mermaidScript().replaceAll('</script', '<\\/script');
    const { failures, labels } = evaluate(`<script>${library}</script><script>${script}</script>`) as {
      failures: string[];
      labels: string[];
    };
    expect(failures).toEqual([]);
    const shown = labels.map((label) => label.replaceAll('\u2060', ''));
    expect(names.map(clean).filter((name) => !shown.some((label) => label.startsWith(name)))).toEqual([]);
  });
}

if (needsInSoak('graphs in Graphviz', 'Graphviz')) {
  it('Graphviz draws every graph without a warning', () => {
    expect(complaints(render('dot'), 'dot', ['-Tsvg', '-o/dev/null'])).toBe('');
  });
}
