import { describe, expect, it } from 'vitest';
import { LibvirtError, Network } from '../../src/index.js';
import { readXml } from '../../src/xml/index.js';

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
  ['an empty element without its slash', inside("<bridge name='br0'>"), /write \/> at the end of <bridge> of line 3/],
  ['a line break of HTML', inside('<description>one<br>two</description>'), /belongs to HTML.*&lt;br&gt;/],
  ['a sign in a text', inside('<title>A < B</title>'), /write &lt; for the sign/],
  ['a sign at the beginning of a text', inside('<title>< 10 guests</title>'), /< /],
  [
    'a status file of the daemon',
    `<networkstatus class='0'>${good}</networkstatus>`,
    /the <network> inside <networkstatus>/,
  ],
  ['a placeholder of Template Toolkit', inside('<bridge name=[% bridge %]/>'), /render the template/],
  ['a placeholder in single braces', inside('<bridge name={bridge}/>'), /render the template/],
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
  ["virsh's own prompt", `virsh # net-dumpxml lab\n${good}`, /prompt/],
  ["virsh's own prompt at the end", `${good}\nvirsh # `, /prompt/],
  ['a block of YAML', `xml: |\n${eachLine(good, () => '  ')}`, /as a reader of YAML gives it/],
  ['an item of a list in YAML', `- |-\n${eachLine(good, () => '  ')}`, /as a reader of YAML gives it/],
  ['a document of YAML', `---\n${good}`, /as a reader of YAML gives it/],
  ['a quoted value of YAML', 'xml: "<network><name>lab</name></network>"', /as a reader of YAML gives it/],
  ['cat -A', `${good.trimEnd().replaceAll('\n', '$\n')}$\n`, /without -A/],
  ['cat -A with tabs and Windows lines', '<network>^M$\n^I<name>lab</name>^M$\n</network>^M$\n', /without -A/],
  ['base64', btoa(good), /decode the base64/],
  ['base64 in lines', btoa(good).replace(/.{60}/g, '$&\n'), /decode the base64/],
  ['UTF-16 read as another encoding', [...good].join('\0'), /as UTF-16/],
  ['colors of a terminal', `\u001b[1m${good}\u001b[0m`, /without a terminal's colors/],
  ['an empty value', 'undefined', /where the program gets the document from/],
  ['an object as text', '[object Object]', /where the program gets the document from/],
  ['a string of Python', `b'${good}'`, /pass the string itself/],
  ['a long string of Python', `"""${good}"""`, /pass the string itself/],
  ['a list of Markdown', eachLine(good, () => '* '), /remove the signs/],
  ['the border of a table', eachLine(good, () => '| '), /remove the signs/],
  ['a line of a log', `Nov 28 10:00:00 host app[1]: ${good}`, /before the first </],
  ['what comes after the document', `${good}bye`, /after the document/],
  ['a table of virsh', ' Name   State\n-------\n lab    active\n', /text of an XML document/],
  ['quotes inside a placeholder', inside('<bridge name="{{ "a" }}"/>'), /render the template/],
  ['quotes inside a filter', inside('<bridge name="{{ x | default("a") }}"/>'), /render the template/],
  ['quotes inside a command', inside('<bridge name="$(get "x")"/>'), /render the template/],
  ['a Cyrillic letter in a tag', '<network><name>x</nаme></network>', /U\+0430.*Latin/],
  ['a wide equals sign', inside("<ip address＝'10.0.0.1'/>"), /U\+FF1D.*Latin/],
  ['a space without width in a tag', inside("<bri\u200bdge name='x'/>"), /U\+200B cannot be seen.*remove it/],
  ['an attribute with a colon', inside("<bridge name: 'x'/>"), /write name='x'/],
  ['an attribute with an arrow', inside("<bridge name=>'x'/>"), /write name='x'/],
  ['two equals signs', inside("<bridge name=='x'/>"), /write name='x'/],
  ['backquotes', inside('<bridge name=`x`/>'), /write name='x'/],
  ['an XML declaration without question marks', `<xml version='1.0'>\n${good}`, /with question marks/],
  ['a text that was cut', good.slice(0, 50), /get the rest/],
  ['an end tag that was cut', '<network><name>x</name></network', /write <\/network>/],
  ['an end tag without a name', '<network><name>x</></network>', /write <\/name>/],
  ['an end tag with its slash at the end', '<network><name>x<name/></network>', /instead of <name\/>/],
  ['a backslash in an end tag', '<network><name>x<\\name></network>', /write <\/ to close/],
  ['two < at the beginning', '<<network><name>x</name></network>', /write < once/],
  ['a prefix with a slash', inside("<ip address='10.0.0.1' prefix='/24'/>"), /prefix='24'/],
  ['a MAC address with dashes', inside("<mac address='52-54-00-AA-22-33'/>"), /address='52:54:00:aa:22:33'/],
  ['a MAC address with dots', inside("<mac address='5254.0011.2233'/>"), /address='52:54:00:11:22:33'/],
  ['a MAC address that is too short', inside("<mac address='52:54:00:11:22'/>"), /10 digits instead of 12/],
  ['a word of Python', inside("<domain name='x' localOnly='True'/>"), /localOnly='yes'/],
  ['a number for no', inside("<domain name='x' localOnly='0'/>"), /localOnly='no'/],
  ['x in place of digits', inside("<ip address='192.168.x.1' prefix='24'/>"), /x stands for a digit/],
  ['a blank around an address', inside("<ip address=' 192.168.1.1' prefix='24'/>"), /address='192.168.1.1'/],
  ['commas in an address', inside("<ip address='192,168,1,1' prefix='24'/>"), /address='192.168.1.1'/],
  ['a number that is too large', inside("<ip address='192.168.1.256' prefix='24'/>"), /256 is more than 255/],
  ['an address with a port', inside("<ip address='192.168.1.1:80' prefix='24'/>"), /address='192.168.1.1'/],
  ['an address in brackets', inside("<ip family='ipv6' address='[fd00::1]' prefix='64'/>"), /address='fd00::1'/],
  ['a name in place of an address', inside("<ip address='gateway.lan' prefix='24'/>"), /not a name/],
  ['a Cyrillic letter in a word', inside("<forward mode='n\u0430t'/>"), /U\+0430/],
  ['a space without width in an address', inside("<ip address='10.0.0.1\u200b' prefix='24'/>"), /U\+200B/],
  ['a note to the reader', inside('<uuid>CHANGEME</uuid>'), /CHANGEME was not filled in/],
  ['a root in capitals', '<Network><Name>x</Name></Network>', /\(did you mean <network>\?\)$/],
];

/** What libvirt accepts but does not read, with the words of the warning's hint. */
const IGNORED: readonly (readonly [what: string, content: string, hint: RegExp])[] = [
  ['a single marker of git', '=======', /merge conflict/],
  ['the last marker of git', '&gt;&gt;&gt;&gt;&gt;&gt;&gt; topic', /merge conflict/],
  ['a comment of a shell', '# bridge', /<!-- \.\.\. -->/],
  ['a comment of C', '/* bridge */', /<!-- \.\.\. -->/],
  ['a comment of JavaScript', '// bridge', /<!-- \.\.\. -->/],
  ['a space without width', '\u200b', /U\+200B cannot be seen: remove it/],
  ['a Cyrillic letter in an element', '<titl\u0435>x</titl\u0435>', /U\+0435/],
  ['a Cyrillic letter in an attribute', "<bridge n\u0430me='x'/>", /U\+0430/],
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
  '[[name]]',
  'CHANGEME',
  'replace_me',
  'YOUR_BRIDGE',
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
  'changement',
  'your_lab',
  'a [[ b ]] c',
  'сеть',
  'сеть 5',
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

describe('a warning names the cause that a person would name', () => {
  it.each(IGNORED)('%s', (_, content, hint) => {
    const hints = Network.parse(inside(content))
      .validate()
      .map((issue) => issue.hint);
    expect(hints).toEqual([expect.stringMatching(hint)]);
  });
});

describe('bytes that are not UTF-8', () => {
  const utf16 = Buffer.from(`\ufeff${good}`, 'utf16le');

  it.each([
    ['UTF-16', utf16, /from UTF-16/],
    ['UTF-16 with the larger byte first', Buffer.from(utf16).swap16(), /from UTF-16/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), /gzip/],
    ['Latin-1', Buffer.from('<network><name>caf\u00e9</name></network>', 'latin1'), /to UTF-8/],
  ])('of %s are named', (_, bytes, hint) => {
    expect(() => readXml(bytes)).toThrow(expect.objectContaining({ hint: expect.stringMatching(hint) }));
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
