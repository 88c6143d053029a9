import { describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/schema/network/read.js';
import { textOf, type XmlElement, type XmlNode } from '../../src/xml/node.js';
import { readXml } from '../../src/xml/read.js';
import { needs } from '../support/needs.js';
import { askLibvirt } from '../support/oracle.js';
import { announce, type Random, runs } from '../support/random.js';

needs('virsh');

const PIECES = [
  ' ',
  '\n  ',
  '\u00a0',
  'a',
  ' b ',
  '<x/>',
  '<x>c</x>',
  '<x> </x>',
  '<x> <y/> d</x>',
  '<!-- e -->',
  '<![CDATA[f]]>',
  '<![CDATA[ ]]>',
  '<?g h?>',
];

const content = (random: Random): string => random.list(1, 6, () => random.pick(PIECES)).join('');

const documentWith = (name: string, hostname: string): string =>
  `<network><name>${name}</name><dns><host ip='10.0.0.1'><hostname>z${hostname}</hostname><hostname>${hostname}z</hostname></host></dns></network>`;

/** The texts of all `<hostname>` elements, as they stand. */
function hostnamesIn(element: XmlElement): string[] {
  if (element.name === 'hostname') return [textOf(element)];
  return element.children.flatMap((child: XmlNode) => (child.type === 'element' ? hostnamesIn(child) : []));
}

describe('blanks that only lay out a text are dropped where libvirt drops them', () => {
  it('in generated mixtures of text, elements, comments and CDATA', () => {
    const count = runs(1000);
    const random = announce('blanks', count);
    const documents = Array.from({ length: count }, (_, i) => documentWith(`n${i}`, content(random)));
    const theirs = askLibvirt(documents).map(({ xml = '' }) => hostnamesIn(readXml(xml).root));
    const ours = documents.map((xml) => readNetwork(xml, { libvirt: '9.0.0' }).document.dns?.hosts?.[0]?.hostnames);
    for (const [i, document] of documents.entries()) expect(ours[i], document).toEqual(theirs[i]);
  });
});
