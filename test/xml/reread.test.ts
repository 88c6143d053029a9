import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isElement, type XmlNode } from '../../src/xml/node.js';
import { readXml } from '../../src/xml/read.js';
import { reread } from '../../src/xml/reread.js';
import { runs, seed } from '../support/random.js';

/** The tree without offsets. */
const bare = (node: XmlNode): unknown =>
  isElement(node) ? [node.name, { ...node.attributes }, node.children.map(bare)] : node;

const outcomeOf = (read: () => XmlNode): unknown => {
  try {
    return bare(read());
  } catch {
    return 'refused';
  }
};

/** What stands in documents, and what breaks them. */
const PIECES = [
  '<a/>',
  '<b x="1">',
  "<b y='>'>",
  '</b>',
  '<a>',
  '</a>',
  '<!-- ',
  ' -->',
  '<![CDATA[',
  ']]>',
  't',
  ' \n',
];
const BREAKS = ['</a><a>', "</b>t</a><a><b x='1'>", '<', '>', '/', "'", '"', '&amp;', '&', '=', '--', ''];

const content = fc.letrec<{ nodes: string; node: string }>((tie) => ({
  nodes: fc.array(tie('node'), { maxLength: 5 }).map((nodes) => nodes.join('')),
  node: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('<a/>', ' ', '\n  ', 'text', '<!-- <a> -->', '<![CDATA[</a>]]>', '<b x=\'1\' y="/b>"/>', '<?p i?>'),
    tie('nodes').map((inner) => `<a>${inner}</a>`),
    tie('nodes').map((inner) => `<b x='/>'>${inner}</b>`),
  ),
})).nodes;

const edits = fc.array(fc.record({ at: fc.nat(400), cut: fc.nat(12), text: fc.constantFrom(...PIECES, ...BREAKS) }), {
  minLength: 1,
  maxLength: 2,
});

describe('a text that was read before and changed', () => {
  it('is read as if it were new', () => {
    fc.assert(
      fc.property(content, edits, (inner, changes) => {
        const source = `<?xml version='1.0'?>\n<!-- a --><root x='1'>${inner}</root>\n`;
        const text = changes.reduce((now, { at, cut, text: added }) => {
          const from = at % (now.length + 1);
          return now.slice(0, from) + added + now.slice(from + cut);
        }, source);
        const outcome = outcomeOf(() => reread(readXml(source), text));
        expect(outcome).toEqual(outcomeOf(() => readXml(text).root));
      }),
      { numRuns: runs(20_000, 500), seed },
    );
  });

  it('is read whole when the change closes an element and opens another', () => {
    const before = readXml('<r><a>x</a></r>');
    expect(reread(before, '<r><a>y</a><a>x</a></r>').children).toHaveLength(2);
  });

  it('is read in its elements around the change alone', () => {
    const source = `<r>${'<a>'.repeat(3)}<b/><b/>${'</a>'.repeat(3)}<c>1</c></r>`;
    const before = readXml(source);
    const after = reread(before, source.replace('>1<', '>2<'));
    expect(after.children[0]).toBe(before.root.children[0]);
    expect(bare(after.children[1] ?? after)).toEqual(['c', {}, [{ type: 'text', text: '2' }]]);
  });
});
