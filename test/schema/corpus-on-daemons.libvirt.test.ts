import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { libvirtData } from '../support/corpus.js';
import { needs } from '../support/needs.js';
import { askLibvirt, networks } from '../support/oracle.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { defineDivergence } from './divergence.js';

needs('daemon 7.0', 'daemon 12.9', 'libvirt data 11.3');

const FOLDERS = ['networkxml2xmlin', 'networkxml2confdata', 'networkxml2firewalldata'];

describe.each(['7.0', '12.9'] as const)("libvirt's own documents of 11.3 on a daemon of %s", (release) => {
  const data = libvirtData('11.3');
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = startSandbox(release);
  });
  afterAll(() => sandbox.stop());

  it('are refused and printed as we say', () => {
    const documents = FOLDERS.flatMap((folder) =>
      data
        .list('tests', folder)
        .filter((name) => name.endsWith('.xml'))
        .map((name) => data.read('tests', folder, name)),
    );
    const verdicts = askLibvirt(documents, networks, sandbox);
    const wrong = documents.flatMap((xml, i) => defineDivergence(xml, verdicts[i] ?? {}, `${release}.0`) ?? []);
    console.log(`${documents.length} documents on libvirt ${release}, mismatches ${wrong.length}`);
    expect(documents.length).toBeGreaterThan(80);
    expect(wrong.join('\n\n')).toBe('');
  });
});
