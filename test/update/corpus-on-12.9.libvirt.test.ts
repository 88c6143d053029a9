import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNetwork } from '../../src/schema/network/codec.js';
import { readNetwork } from '../../src/schema/network/read.js';
import { updateDefinition } from '../../src/schema/update/update-network.js';
import { libvirtData } from '../support/corpus.js';
import { rulesOf } from '../support/libvirt-rules.js';
import { needs } from '../support/needs.js';
import { run } from '../support/run.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { parentIndex, type UpdateCase, updateCasesOf } from '../support/update-cases.js';

needs('daemon 12.9', 'libvirt data 11.3');

const libvirt = '12.9.0';

/** libvirt makes up a MAC address where there is none, a daemon the name of a bridge too. */
const withoutMadeUp = (xml: string): string =>
  xml.replace(/\n {2}<mac [^>]*>/, '').replace(/\n {2}<bridge name='virbr\d+'/, '\n  <bridge');

describe("libvirt's own update cases of 11.3 on libvirt 12.9", () => {
  const data = libvirtData('11.3');
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = startSandbox('12.9');
  });
  afterAll(() => sandbox.stop());

  /** What libvirt's test driver makes of a case, which takes networks that this host cannot have: a definition or a refusal. */
  function updated({ network, update, section, command }: UpdateCase): { xml: string; error: string } {
    const { document } = readNetwork(data.read('tests/networkxml2xmlin', `${network}.xml`), { libvirt });
    const commands = [
      'net-destroy default',
      'net-undefine default',
      `net-define ${data.path('tests/networkxml2xmlin', `${network}.xml`)}`,
      `net-update ${document.name} ${command} ${section} ${data.path('tests/networkxml2xmlupdatein', `${update}.xml`)} --parent-index ${parentIndex} --config`,
      'echo @@',
      `net-dumpxml ${document.name}`,
    ];
    const { stdout, stderr } = run(sandbox.virsh, ['-q', '-c', 'test:///default', commands.join('; ')], {
      env: { ...process.env, LC_ALL: 'C' },
    });
    return {
      xml: `${stdout.slice(stdout.indexOf('@@\n') + 3).trimEnd()}\n`,
      error: stderr.replace(/^error: Failed to update.*\n(?:error: )?/, '').trim(),
    };
  }

  it.each(updateCasesOf(data).map((one, i) => [`${i + 1}. ${one.name}`, one] as const))('%s', (_, one) => {
    const theirs = updated(one);
    const { document } = readNetwork(data.read('tests/networkxml2xmlin', `${one.network}.xml`), { libvirt });
    const xml = data.read('tests/networkxml2xmlupdatein', `${one.update}.xml`);
    const ours = updateDefinition(document, { ...one, xml, parentIndex }, libvirt);
    // libvirt's parser refuses these before it looks for the entry; our rules find them, but do not break off for them.
    if (theirs.error.includes('invalid line break')) return expect(one.name).toContain('newline');
    if ('document' in ours) {
      expect(theirs.error).toBe('');
      return expect(withoutMadeUp(theirs.xml)).toBe(withoutMadeUp(writeNetwork(ours.document, libvirt)));
    }
    const rules = rulesOf(theirs.error);
    return rules.length > 0
      ? expect(rules).toContain(ours.refusal.id)
      : expect(theirs.error).toContain(ours.refusal.message);
  });
});
