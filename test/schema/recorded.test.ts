import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Network } from '../../src/index.js';
import { folderOf, NETWORK_NAMES, networkText, RECORDINGS } from '../preview/recorded-hosts.js';

const print = (xml: string, libvirt: string): string => Network.parse(xml, { libvirt }).toXml({ libvirt });

describe.each(RECORDINGS)('networks that libvirt $libvirt printed ($backend)', (recording) => {
  const read = (file: string): string => readFileSync(join(folderOf(recording), file), 'utf8');
  const { libvirt } = recording;

  it('are printed byte for byte from what it was given', () => {
    expect(NETWORK_NAMES.map((name) => print(networkText(name), libvirt)).join('')).toBe(read('networks.xml'));
  });

  it('are read and printed back byte for byte while they run', () => {
    const running = read('networks-running.xml').split(/(?=^<network)/m);
    expect(running).toHaveLength(NETWORK_NAMES.length);
    for (const xml of running) expect(print(xml, libvirt)).toBe(xml);
  });
});
