import { describe, expect, it } from 'vitest';
import { type AnyNic, nicsOf } from '../../src/guests/index.js';
import { nicSpans } from '../../src/schema/guests/nic-spans.js';
import { DATA_RELEASES, libvirtData } from '../support/corpus.js';
import { type DomainDocument, domainDocuments } from '../support/domain-documents.js';
import { needs } from '../support/needs.js';

needs('libvirt data 9.0', 'libvirt data 11.3');

/** What libvirt's tests expect it to print. */
const isPrinted = ({ name }: DomainDocument): boolean =>
  /(?:out|outdata)\//.test(name) || /\.\w+-(?:latest|\d[\d.]*)[^/]*\.xml$/.test(name);

/** The folder of what goes in, and where what comes out of it lies. */
const FOLDERS: Readonly<Record<string, string>> = {
  qemuxml2argvdata: 'qemuxml2xmloutdata',
  qemuxmlconfdata: 'qemuxmlconfdata',
  genericxml2xmlindata: 'genericxml2xmloutdata',
  lxcxml2xmldata: 'lxcxml2xmloutdata',
  bhyvexml2argvdata: 'bhyvexml2xmloutdata',
};

/** The documents that come out of each that goes in, by folder and name. */
function outputsOf(documents: readonly DomainDocument[]): ReadonlyMap<string, readonly DomainDocument[]> {
  const outputs = new Map<string, DomainDocument[]>();
  for (const one of documents.filter(isPrinted)) {
    const key = one.name.replace(/(?:\.\w+-(?:latest|\d[\d.]*)[^/]*)?\.xml$/, '');
    outputs.set(key, [...(outputs.get(key) ?? []), one]);
  }
  return outputs;
}

/** Every document that goes in, with each that comes out of it. */
function pairsOf(
  documents: readonly DomainDocument[],
): readonly (readonly [given: DomainDocument, out: DomainDocument])[] {
  const outputs = outputsOf(documents);
  return documents.flatMap((given) => {
    const [, folder = '', name = ''] = /^(.*)\/(.*)\.xml$/.exec(given.name) ?? [];
    const outs = isPrinted(given) ? [] : (outputs.get(`${FOLDERS[folder]}/${name}`) ?? []);
    return outs.map((out) => [given, out] as const);
  });
}

/** The element at the margin. */
const outdented = (text: string, start: number, end: number): string => {
  const indent = /[ \t]*$/.exec(text.slice(0, start))?.[0] ?? '';
  return `${text.slice(start, end).replaceAll(`\n${indent}`, '\n')}\n`;
};

/** A NIC as it is stored, with what the driver assigns: the MAC address, the card, its place, and identities of ports. */
function assigned(nic: AnyNic, { document: from }: AnyNic, options: { readonly libvirt: string }): string {
  const stored = nic.asStored(options);
  const { mac, model, address, virtualport } = stored.document;
  const parameters = { ...from.virtualport?.parameters, ...virtualport?.parameters };
  const parts = {
    mac: mac?.address === undefined ? from.mac : mac,
    model: model ?? from.model,
    address: address ?? from.address,
    virtualport: virtualport && { ...virtualport, ...(Object.keys(parameters).length > 0 ? { parameters } : {}) },
  };
  return stored.with(parts).toXml({ ...options, check: false });
}

describe.each(DATA_RELEASES)("guests' NICs in libvirt's own test data, %s", (release) => {
  const data = libvirtData(release);
  const reading = { libvirt: data.libvirt };
  const options = { ...reading, check: false };
  const documents = domainDocuments(data);

  it('what libvirt prints is printed the same', () => {
    let count = 0;
    for (const { name, text } of documents.filter(isPrinted)) {
      const nics = nicsOf(text, reading);
      for (const [i, { start, end }] of (nicSpans(text) ?? []).entries()) {
        expect(nics[i]?.toXml(options), name).toBe(outdented(text, start, end));
        count++;
      }
    }
    console.log(`NICs that libvirt ${release} prints: ${count}, printed the same: ${count}`);
    expect(count).toBeGreaterThan(200);
  });

  it('what libvirt reads is stored as it prints it, apart from what the driver assigns', () => {
    let count = 0;
    for (const [given, out] of pairsOf(documents)) {
      const [before, after] = [nicsOf(given.text, reading), nicsOf(out.text, reading)];
      expect(after.length, out.name).toBe(before.length);
      for (const [i, nic] of after.entries()) {
        const source = before[i];
        if (source === undefined) continue;
        expect(assigned(source, nic, reading), out.name).toBe(nic.toXml(options));
        count++;
      }
    }
    console.log(`NICs of libvirt ${release} that are read and printed: ${count}, the same: ${count}`);
    expect(count).toBeGreaterThan(150);
  });
});
