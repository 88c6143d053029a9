import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeNetwork } from '../../src/schema/network/codec.js';
import { readNetwork } from '../../src/schema/network/read.js';
import { updateDefinition } from '../../src/schema/update/update-network.js';
import { defineDivergence } from '../schema/divergence.js';
import { libvirtData } from '../support/corpus.js';
import { rulesOf } from '../support/libvirt-rules.js';
import { needs } from '../support/needs.js';
import { askLibvirt, networks } from '../support/oracle.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { parentIndex, type UpdateCase, updateCasesOf } from '../support/update-cases.js';

needs('daemon 12.9', 'libvirt data 11.3');

const libvirt = '12.9.0';
const FOLDERS = ['networkxml2xmlin', 'networkxml2confdata', 'networkxml2firewalldata'];

/** libvirt makes up a MAC address where there is none, a daemon the name of a bridge too. */
const withoutMadeUp = (xml: string): string =>
  xml.replace(/\n {2}<mac [^>]*>/, '').replace(/\n {2}<bridge name='virbr\d+'/, '\n  <bridge');

describe("libvirt's own documents of 11.3 on a daemon of 12.9", () => {
  const data = libvirtData('11.3');
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = startSandbox('12.9');
  });
  afterAll(() => sandbox.stop());

  const virsh = (...args: string[]) =>
    spawnSync(sandbox.virsh, ['-q', '-c', sandbox.uri, ...args], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });

  it('are refused and printed as we say', () => {
    const documents = FOLDERS.flatMap((folder) =>
      data
        .list('tests', folder)
        .filter((name) => name.endsWith('.xml'))
        .map((name) => data.read('tests', folder, name)),
    );
    const verdicts = askLibvirt(documents, networks, sandbox);
    const wrong = documents.flatMap((xml, i) => defineDivergence(xml, verdicts[i] ?? {}, libvirt) ?? []);
    console.log(`${documents.length} documents on libvirt 12.9, mismatches ${wrong.length}`);
    expect(documents.length).toBeGreaterThan(100);
    expect(wrong.join('\n\n')).toBe('');
  });

  /** Documents of other names share uuids and bridges. */
  beforeEach(() => {
    for (const name of sandbox.ask('net-list', '--all', '--name').split('\n'))
      if (name.trim() !== '') virsh('net-undefine', `--network=${name.trim()}`);
  });

  /** What the daemon makes of a case: the definition, or what it says. */
  function updated({ network, update, section, command }: UpdateCase): { xml?: string; error?: string } {
    virsh('net-define', data.path('tests/networkxml2xmlin', `${network}.xml`));
    const { document } = readNetwork(data.read('tests/networkxml2xmlin', `${network}.xml`), { libvirt });
    const file = data.path('tests/networkxml2xmlupdatein', `${update}.xml`);
    const index = ['--parent-index', String(parentIndex)];
    try {
      const { stderr } = virsh('net-update', document.name, command, section, file, ...index, '--config');
      if (stderr !== '') return { error: stderr.replace(/^error: Failed to update.*\n(?:error: )?/, '').trim() };
      return { xml: virsh('net-dumpxml', document.name, '--inactive').stdout };
    } finally {
      virsh('net-undefine', document.name);
    }
  }

  it.each(updateCasesOf(data).map((one, i) => [`${i + 1}. ${one.name}`, one] as const))('%s', (_, one) => {
    const theirs = updated(one);
    const { document } = readNetwork(data.read('tests/networkxml2xmlin', `${one.network}.xml`), { libvirt });
    const xml = data.read('tests/networkxml2xmlupdatein', `${one.update}.xml`);
    const ours = updateDefinition(document, { ...one, xml, parentIndex }, libvirt);
    if ('refusal' in ours) {
      expect(theirs.error, ours.refusal.id).toBeDefined();
      const rules = rulesOf(theirs.error ?? '');
      if (rules.length > 0) expect(rules).toContain(ours.refusal.id);
      else expect(theirs.error).toContain(ours.refusal.message);
    } else if (/line break/.test(theirs.error ?? '')) expect(one.name).toContain('newline');
    else expect(withoutMadeUp(`${theirs.xml?.trimEnd()}\n`)).toBe(withoutMadeUp(writeNetwork(ours.document, libvirt)));
  });
});
