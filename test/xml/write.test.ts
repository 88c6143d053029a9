import { describe, expect, it } from 'vitest';
import { LibvirtError } from '../../src/errors/index.js';
import type { XmlElement, XmlNode } from '../../src/xml/node.js';
import { readXml } from '../../src/xml/read.js';
import { writeXml } from '../../src/xml/write.js';

const element = (
  name: string,
  attributes: Record<string, string> = {},
  children: readonly XmlNode[] = [],
): XmlElement => ({ type: 'element', name, attributes, children });
const text = (value: string): XmlNode => ({ type: 'text', text: value });

describe('a tree is printed as libvirt prints it', () => {
  it('two blanks a level, single quotes, empty elements closed in place', () => {
    const tree = element('a', { x: '1' }, [element('b'), element('c', {}, [text('t')])]);
    expect(writeXml(tree)).toBe("<a x='1'>\n  <b/>\n  <c>t</c>\n</a>\n");
  });

  it('the five characters are escaped in text and attributes', () => {
    expect(writeXml(element('a', { x: `&<>"'` }, [text(`&<>"'`)]))).toBe(
      "<a x='&amp;&lt;&gt;&quot;&apos;'>&amp;&lt;&gt;&quot;&apos;</a>\n",
    );
  });

  it('line breaks in attributes survive the next reading', () => {
    const printed = writeXml(element('a', { x: 'one\ntwo\tthree\r' }));
    expect(printed).toBe("<a x='one&#10;two&#9;three&#13;'/>\n");
    expect(readXml(printed).root.attributes['x']).toBe('one\ntwo\tthree\r');
  });

  it.each(['😀', 'a\u203f', '\u2070b', 'e\u0301', '\u3001', 'ⅰ', 'a·', ':', 'ä-1.2'])(
    'the name %s, which may be read',
    (name) => {
      const printed = writeXml(element(name, { [name]: '1' }));
      expect(readXml(printed).root).toMatchObject({ name, attributes: { [name]: '1' } });
    },
  );

  it('an element that must be open is', () => {
    expect(writeXml({ ...element('ip'), open: true })).toBe('<ip>\n</ip>\n');
  });

  it('text beside elements stays on its line', () => {
    expect(writeXml(element('a', {}, [text('x '), element('b', {}, [text('y')]), text(' z')]))).toBe(
      '<a>x <b>y</b> z</a>\n',
    );
  });

  it('metadata is dumped as libxml2 dumps it', () => {
    const source = "<m><x:a xmlns:x='u' q='&quot;'><x:b/><x:c>t &gt; \"u\"</x:c></x:a></m>";
    const printed = writeXml(readXml(source).root, { verbatim: (node) => node.name === 'm' });
    expect(printed).toBe(
      '<m>\n  <x:a xmlns:x="u" q="&quot;">\n    <x:b/>\n    <x:c>t &gt; "u"</x:c>\n  </x:a>\n</m>\n',
    );
  });

  it('a comment or CDATA section cannot end itself early', () => {
    const printed = writeXml(
      element('a', {}, [
        { type: 'comment', text: ' x --> <evil/> -' },
        { type: 'text', text: 'a]]>b', cdata: true },
      ]),
    );
    expect(readXml(printed).root.children.filter((child) => child.type === 'element')).toEqual([]);
  });
});

describe('what cannot stand in XML is refused', () => {
  it.each(['<?x', '<?xml version="1.0"?>', '<?XML?>', '<?x?><b/>', '</a><b/><a>', '<?x y?><?z?>', '', '<??>'])(
    'an instruction that is %j',
    (text) => {
      const children: readonly XmlNode[] = [{ type: 'instruction', text }];
      expect(() => writeXml({ type: 'element', name: 'a', attributes: {}, children })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
    },
  );

  it('names with markup in them', () => {
    expect(() => writeXml(element('a x="1"><evil'))).toThrow(LibvirtError);
    expect(() => writeXml(element('a', { 'x="1" y': '2' }))).toThrow(/element or attribute called/);
  });

  it('characters that XML has not', () => {
    expect(() => writeXml(element('a', { x: '\u0001' }))).toThrow(/U\+0001/);
    expect(() => writeXml(element('a', {}, [text('\ud800')]))).toThrow(/U\+D800/);
  });
});
