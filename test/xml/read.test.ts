import { describe, expect, it } from 'vitest';
import { LibvirtError, XmlSyntaxError } from '../../src/errors/index.js';
import { isElement, textOf, type XmlElement } from '../../src/xml/node.js';
import { attributeSpans, Lines } from '../../src/xml/position.js';
import { readXml } from '../../src/xml/read.js';

function failure(source: string | Uint8Array): XmlSyntaxError {
  try {
    readXml(source);
  } catch (error) {
    if (error instanceof XmlSyntaxError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const vocabulary = { ip: ['family', 'address', 'netmask'], mtu: ['size'] };

describe('what an XML processor must refuse is refused, with its place', () => {
  const cases: readonly (readonly [what: string, source: string, line: number, column: number, message: RegExp])[] = [
    ['an empty document', '', 1, 1, /empty/],
    ['a document of blanks', ' \n ', 1, 1, /empty/],
    ['text before the root', 'x<a/>', 1, 1, /before the root/],
    ['text behind the root', '<a/>\n x', 2, 2, /after the root/],
    ['two roots', '<a/>\n<b/>', 2, 1, /second root/],
    ['an unclosed element', '<a>\n <b>\n</a>', 3, 1, /<\/a> does not close <b> of line 2, column 2/],
    ['an element that is never closed', '<a>\n <b/>', 1, 1, /<a> is not closed/],
    ['a closing tag alone', '</a>', 1, 1, /closes nothing/],
    ['tags of another case', '<a></A>', 1, 4, /<\/A> does not close/],
    ['a repeated attribute', "<a b='1'\n b='2'/>", 2, 2, /<a> has the attribute b more than once/],
    ['an attribute without a value', '<a b/>', 1, 4, /attribute b has no value/],
    ['a value without quotes', '<a b=1/>', 1, 4, /needs quotes/],
    ['an unclosed quote', "<a b='1/>", 1, 4, /quote of the attribute b is not closed/],
    ['attributes without a blank between', "<a b='1'c='2'/>", 1, 9, /blank is missing before the attribute c/],
    ['a less-than in an attribute', "<a b='<'/>", 1, 7, /'<' must not stand in the value of the attribute b/],
    ['a bare ampersand in text', '<a>x & y</a>', 1, 6, /must be written &amp;/],
    ['a bare ampersand in an attribute', "<a b='x & y'/>", 1, 9, /must be written &amp;/],
    ['an unknown entity', '<a>&nbsp;</a>', 1, 4, /entity &nbsp; is unknown/],
    ['a reference to no character', '<a>&#0;</a>', 1, 4, /not a character/],
    ['a reference to a surrogate', '<a>&#xD800;</a>', 1, 4, /not a character/],
    ['a reference beyond Unicode', '<a>&#x110000;</a>', 1, 4, /not a character/],
    [']]> in text', '<a>]]></a>', 1, 4, /must not stand in text/],
    ['-- in a comment', '<a><!-- x -- y --></a>', 1, 11, /inside a comment/],
    ['an unclosed comment', '<a><!-- x </a>', 1, 4, /comment is not closed/],
    ['an unclosed CDATA section', '<a><![CDATA[ x </a>', 1, 4, /CDATA section is not closed/],
    ['CDATA outside the root', '<![CDATA[x]]><a/>', 1, 1, /CDATA must stand inside/],
    ['a late XML declaration', '<a/><?xml version="1.0"?>', 1, 5, /very first/],
    ['a malformed XML declaration', '<?xml encoding="UTF-8"?><a/>', 1, 1, /declaration is malformed/],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 1, 1, /encoding ISO-8859-1/],
    ['a control character', '<a>\u0001</a>', 1, 4, /U\+0001/],
    ['a NUL character', '<a>\u0000</a>', 1, 4, /U\+0000/],
    ['a lone surrogate', '<a>\ud800</a>', 1, 4, /U\+D800/],
    ['a blank before the name', '< a/>', 1, 1, /followed by a name/],
    ['a name that begins with a digit', '<1a/>', 1, 1, /followed by a name/],
    ['an attribute on a closing tag', '<a></a b="1">', 1, 4, /closing tag is malformed/],
    ['an element that fast-xml-parser cannot hold', '<a><__proto__/></a>', 1, 4, /must not be called __proto__/],
    ['a document type', '<!DOCTYPE a><a/>', 1, 1, /document type/],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 1, 1, /document type/],
  ];
  for (const [what, source, line, column, message] of cases) {
    it(what, () => {
      const error = failure(source);
      expect(error.message).toMatch(message);
      expect([error.line, error.column]).toEqual([line, column]);
      expect(error.code).toBe('XML_SYNTAX');
      expect(LibvirtError.is(error)).toBe(true);
    });
  }

  it('what is neither text nor bytes', () => {
    expect(() => readXml(JSON.parse('42'))).toThrow('an XML document is text or bytes, not number');
  });

  it('bytes that are not UTF-8', () => {
    expect(failure(new Uint8Array([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e])).message).toMatch(/not UTF-8/);
  });

  it('nesting beyond the limit, without running out of stack', () => {
    expect(failure('<a>'.repeat(100_000)).message).toMatch(/nested deeper than 256/);
    const legal = `${'<a>'.repeat(255)}<a/>${'</a>'.repeat(255)}`;
    expect(readXml(legal).root.name).toBe('a');
  });

  it('more text than the limit', () => {
    expect(() => readXml(`<a>${'x'.repeat(100)}</a>`, { maxLength: 50 })).toThrow(/the limit is 50/);
  });

  it('entities are never expanded, however often they are nested', () => {
    const laughs = `<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>`;
    expect(failure(laughs).hint).toMatch(/remove the DOCTYPE/);
  });
});

describe('the slips of people who type XML get the likely fix', () => {
  it('a blank missing behind the element name', () => {
    const source =
      "<network>\n  <name>default</name>\n  <ipaddress='192.168.122.1' netmask='255.255.255.0'>\n  </ip>\n</network>";
    const error = (() => {
      try {
        return readXml(source, { vocabulary });
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toMatchObject({ line: 3, column: 3, hint: "did you mean <ip address='192.168.122.1' ...>?" });
  });

  it('a placeholder that breaks the syntax', () => {
    expect(failure("<a {{ attributes }} b='1'/>").message).toMatch(
      /placeholder \{\{ attributes \}\} was not filled in/,
    );
  });

  it.each([
    ["<ip address='<%= ip %>'/>", 14, /placeholder <%= ip %> was not filled in/, /render the template/],
    ["<ip address='10.<%= ip %>.1'/>", 17, /placeholder <%= ip %> was not filled in/, /render the template/],
    ["<ip address='10.0.0.1'\n <dhcp/></ip>", 23, /tag <ip> is not closed before <dhcp/, /write > before it/],
    ["<network><ip address='10.0.0.1' </network>", 32, /tag <ip> is not closed before <\/network/, /write > before it/],
    ['<ip address=\u201810.0.0.1\u2019/>', 5, /address has typographic quotes/, /write address='10.0.0.1'/],
    ["<ip address='10.0.0.1 prefix='24'/>", 5, /quote of the attribute address is not closed/, /close it with/],
    ["<ip address='10.0.0.1/>\n<dhcp x='1'/>", 5, /quote of the attribute address is not closed/, /close it with/],
  ])('%s', (source, column, message, hint) => {
    const { message: told, ...error } = failure(source);
    expect(told).toMatch(message);
    expect(error).toMatchObject({ column, hint: expect.stringMatching(hint) });
  });

  it('an unquoted number', () => {
    expect(failure('<mtu size=1500/>')).toMatchObject({ hint: "write size='1500'", column: 6 });
  });
});

describe('what XML allows is read without loss', () => {
  const root = (source: string): XmlElement => readXml(source).root;

  it('numbers and the five named entities are decoded once', () => {
    const { attributes, children } = root('<a b="&lt;&#65;&#x42;&amp;lt;">&amp;lt;&#10;&quot;</a>');
    expect(attributes['b']).toBe('<AB&lt;');
    expect(children).toEqual([{ type: 'text', text: '&lt;\n"' }]);
  });

  it('raw blanks in attributes become blanks, written ones stay', () => {
    expect(root('<a b="x\n\ty&#10;z"/>').attributes['b']).toBe('x  y\nz');
  });

  it('line ends are normalised', () => {
    expect(textOf(root('<a>x\r\ny\rz</a>'))).toBe('x\ny\nz');
    expect(root('<a b="x\r\ny"/>').attributes['b']).toBe('x y');
  });

  it('comments, CDATA, instructions and order are kept', () => {
    const { children } = root('<a>1<!-- c --><![CDATA[<&>]]><?pi some "data" ?><b/>2</a>');
    expect(children.map((child) => (isElement(child) ? child.name : child))).toEqual([
      { type: 'text', text: '1' },
      { type: 'comment', text: ' c ' },
      { type: 'text', text: '<&>', cdata: true },
      { type: 'instruction', text: '<?pi some "data" ?>' },
      'b',
      { type: 'text', text: '2' },
    ]);
  });

  it('numbers and truth values stay text', () => {
    const { attributes, children } = root('<a b="0010" c="true">1e3</a>');
    expect({ ...attributes }).toEqual({ b: '0010', c: 'true' });
    expect(children).toEqual([{ type: 'text', text: '1e3' }]);
  });

  it('names that mean something to JavaScript are just names', () => {
    const { attributes, children } = root(
      "<a __proto__='1' constructor='2' toString='3'><toString/><hasOwnProperty/></a>",
    );
    expect(Object.keys(attributes)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(children.map((child) => isElement(child) && child.name)).toEqual(['toString', 'hasOwnProperty']);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });

  it('a byte order mark and a declaration are accepted', () => {
    const bytes = new TextEncoder().encode('\uFEFF<?xml version="1.0" encoding="utf-8"?>\n<a>ä</a>');
    expect(textOf(readXml(bytes).root)).toBe('ä');
  });

  it('blanks that are an element’s whole text are kept', () => {
    expect(textOf(root('<a> </a>'))).toBe(' ');
  });
});

describe('positions', () => {
  it('elements know where they stand, also behind CRLF', () => {
    const source = '<a>\r\n  <b c=\'1\'\r\n     d="2"/>\r\n</a>';
    const { root } = readXml(source);
    const b = root.children.find(isElement);
    expect(source.slice(b?.start, b?.end)).toBe('<b c=\'1\'\r\n     d="2"/>');
    expect(new Lines(source).at(b?.start ?? 0)).toEqual({ line: 2, column: 3 });
  });

  it('attributes are found in the start tag, with their quotes', () => {
    const source = '<a b = \'x>y\' c=""/>';
    const spans = attributeSpans(source, readXml(source).root);
    expect(spans.get('b')).toEqual({ start: 3, valueStart: 8, valueEnd: 11, quote: "'" });
    expect(spans.get('c')).toMatchObject({ valueStart: 16, valueEnd: 16, quote: '"' });
  });
});

it('a second root after one with a million attributes is refused like any other', () => {
  const attributes = Array.from({ length: 1_000_000 }, (_, i) => `a${i}="1"`).join(' ');
  expect(failure(`<a ${attributes}/><b/>`).hint).toMatch(/<a .*\/> is closed by its own \/>/);
});
