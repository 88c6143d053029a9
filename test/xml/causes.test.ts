import { describe, expect, it } from 'vitest';
import { LibvirtError, Network } from '../../src/index.js';

const good = "<network>\n  <name>lab</name>\n  <bridge name='br0'/>\n</network>\n";
const inside = (content: string): string => `<network>\n  <name>lab</name>\n${content}\n</network>\n`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const eachLine = (text: string, prefix: (line: string, i: number) => string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line, i) => `${prefix(line, i)}${line}`)
    .join('\n');

/** What such documents go through, with the words of the hint by which a person would know what to do. */
const REFUSED: readonly (readonly [what: string, text: string, hint: RegExp])[] = [
  [
    'an element that its own slash closes',
    inside("<forward mode='nat'/>\n<nat/>\n</forward>"),
    /<forward \.\.\.\/> of line 3.*remove that slash/,
  ],
  [
    'an element that is closed twice',
    inside("<forward mode='nat'>\n</forward>\n</forward>"),
    /<forward> of line 3.*closed already: remove one/,
  ],
  ['a root that its own slash closes', "<network connections='1'/>\n<name>lab</name>\n</network>", /closed by its own/],
  ['an end tag without its slash', '<network><name>lab<name></network>', /write <\/name> instead of <name>/],
  ['words in place of a value', inside('<uuid><your uuid></uuid>'), /write the value in its place/],
  ['a word in place of a value', inside('<uuid><uuid-here></uuid>'), /write the value in its place/],
  ['quotes escaped for a shell', inside('<bridge name=\\"br0\\"/>'), /backslashes/],
  ['apostrophes escaped for a shell', inside("<bridge name=\\'br0\\'/>"), /backslashes/],
  ['quotes doubled for CSV', inside('<bridge name=""br0""/>'), /each quote once/],
  ['quotes doubled for YAML', inside("<bridge name=''br0''/>"), /each quote once/],
  ['a string of JSON', JSON.stringify(good), /decode the string first/],
  ['JSON', '{ "name": "lab" }', /Network\.from/],
  ['a path', '/etc/libvirt/qemu/networks/default.xml', /read the file first/],
  ["virsh's error", "error: failed to get network 'lab'\n", /run the command again/],
  ['HTML escaping', escaped(good), /&lt; &gt;/],
  ['HTML escaping of quotes', inside('<bridge name=&quot;br0&quot;/>'), /&quot;/],
  ['HTML escaping twice', escaped(escaped(good)), /&lt; &gt;/],
  ['a space of a web page', inside('<title>a&nbsp;b</title>'), /ordinary space/],
  ['a non-breaking space', inside("<bridge\u00a0name='br0'/>"), /ordinary space/],
  ['a web page', '<!DOCTYPE html>\n<html><body><pre>x</pre></body></html>', /not the page/],
  ['a page around the document', `<pre>${good}</pre>`, /the <network> inside <pre>/],
  ['a list of networks', `<networks>${good}</networks>`, /the <network> inside <networks>/],
  [
    'markers of git',
    inside('<<<<<<< HEAD\n<mtu size="1500"/>\n=======\n<mtu size="9000"/>\n>>>>>>> topic'),
    /merge conflict/,
  ],
  ['a diff', `diff --git a/x.xml b/x.xml\n--- a/x.xml\n+++ b/x.xml\n@@ -1,2 +1,2 @@\n ${good}`, /apply the diff/],
  ['the signs of a diff', eachLine(good, () => '+'), /\+ and - signs/],
  ['a statement of Jinja before the document', `{% if nat %}\n${good}{% endif %}`, /render the template/],
  ['a statement of Jinja in a tag', inside('<bridge {% if x %}name="b"{% endif %}/>'), /render the template/],
  ['a statement of ERB', `<% if nat %>\n${good}`, /render the template/],
  ['a value of ERB', inside("<bridge name='<%= bridge %>'/>"), /render the template/],
  ['a variable of a shell in a tag', inside('<bridge $ATTRIBUTES/>'), /render the template/],
  ['a fenced code block', `\`\`\`xml\n${good}\`\`\`\n`, /code block/],
  ['the end of a code block', `${good}\`\`\`\n`, /code block/],
  ['a quoted mail', eachLine(good, () => '> '), /> signs/],
  ['quoted-printable text', inside("<bridge name=3D'br0'/>"), /quoted-printable/],
  ['line numbers', eachLine(good, (_, i) => `${i + 1}: `), /numbers at the beginning/],
  ['the prompt of a terminal', `root@host:~# virsh net-dumpxml lab\n${good}`, /prompt/],
  ['a here-document', `cat <<EOF > lab.xml\n${good}EOF\n`, /lines of the shell/],
  ['the end of a here-document', `${good}EOF\n`, /lines of the shell/],
  ['two documents', `${good}${good}`, /each document by itself/],
  ['two files', `<?xml version='1.0'?>\n${good}<?xml version='1.0'?>\n${good}`, /each document by itself/],
  ['an empty line before the declaration', `\n<?xml version='1.0'?>\n${good}`, /before the XML declaration/],
  ['a comment with a dash of a word processor', inside('<!\u2013 bridge \u2013>'), /write a comment as/],
  ['a comment inside of a comment', inside('<!-- a <!-- b --> -->'), /end the first comment/],
  ['a comma between attributes', inside("<ip address='10.0.0.1', prefix='24'/>"), /by spaces alone/],
  ['a space after <', inside("< bridge name='br0'/>"), /remove the space/],
  ['a guest', "<domain type='kvm'><name>vm</name></domain>", /describes a guest/],
  ['dots for what was left out', `...\n${good}`, /in place of the dots/],
  ['a value in angle brackets', inside('<mac address="<your mac>"/>'), /write the value alone/],
  ['a link of a chat', inside('<mac address="<http://a|a>"/>'), /write the value alone/],
  ['a document in JSON', JSON.stringify({ xml: good }), /as JSON\.parse gives it/],
];

/** Placeholders in values, which libvirt may accept as they are. */
const PLACEHOLDERS = [
  '$' + '{NAME}',
  '{{ name }}',
  '%(name)s',
  '<%= name %>',
  '$BRIDGENAME',
  '$name',
  '%s',
  '%d',
  '@NAME@',
  '%NAME%',
  '__NAME__',
  '#{name}',
  '$(hostname)',
  '{% name %}',
  '{# name #}',
  '<?php name ?>',
  '<?= name ?>',
];

/** Values that look like placeholders to a careless eye. */
const REAL = [
  'costs $USD',
  'a %s of it',
  '100%',
  'a $5 network',
  '50% sure',
  'a@b.example',
  'x__y',
  '{}',
  '#1',
  '%',
  'price: 5$',
  '50%salt',
  'C&D',
  '__init__',
];

const hintOf = (text: string): string => {
  try {
    Network.parse(text);
  } catch (error) {
    if (LibvirtError.is(error)) return `${error.message} (${error.hint})`;
    throw error;
  }
  return 'no refusal';
};

const asText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

describe('a refusal names the cause that a person would name', () => {
  it.each(REFUSED)('%s', (_, text, hint) => {
    expect(hintOf(text)).toMatch(hint);
  });
});

describe('a slip that looks like what a text goes through', () => {
  it.each([
    ['an attribute that is there twice', inside('<domain name="" name=""/>'), /more than once/],
    ['a tag of a web page', inside('<title>a<br></title>'), /close <br>/],
    [
      'a comment that quotes a here-document',
      `<!-- cat <<EOF -->\n<network><name>n</nam></network>`,
      /<\/nam> does not close <name>/,
    ],
  ])('%s is named as what it is', (_, text, words) => {
    expect(hintOf(text)).toMatch(words);
    expect(hintOf(text)).not.toMatch(/doubled|placeholder|here-document/);
  });
});

describe('a placeholder that was not filled in', () => {
  const titled = (title: string) => Network.parse(inside(`<title>${asText(title)}</title>`)).validate();
  const refused = (uuid: string) => hintOf(inside(`<uuid>${asText(uuid)}</uuid>`));

  it.each(PLACEHOLDERS)('%s is named where libvirt accepts it', (placeholder) => {
    expect(titled(`a-${placeholder}`).map(({ code }) => code)).toEqual(['PLACEHOLDER']);
  });

  it.each(PLACEHOLDERS)('%s is named where libvirt refuses it', (placeholder) => {
    expect(refused(placeholder)).toContain(`the template placeholder ${placeholder} was not filled in`);
  });

  it("is not seen in iPXE's own variables", () => {
    const file = ['http://a/boot.ipxe?mac=$', '{net0/mac}'].join('');
    const dhcp = `<dhcp><range start='10.0.0.2' end='10.0.0.9'/><bootp file='${file}'/></dhcp>`;
    expect(Network.parse(inside(`<ip address='10.0.0.1' prefix='24'>${dhcp}</ip>`)).validate()).toEqual([]);
  });

  it.each(REAL)('is not seen in %s', (title) => {
    expect(titled(title)).toEqual([]);
  });
});
