import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Network } from 'libvirt-network';
import { firewallBase, firewallRules, renderIptablesSave } from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { available } from '../support/corpus.js';

const observed = process.env['LIBVIRT_OBSERVED'] ?? join(import.meta.dirname, '../../../shared/observed');
const backend = 'iptables';

const HOSTS = [
  { folder: 'libvirt-9.0-iptables', libvirt: '9.0.0' },
  { folder: 'libvirt-11.3-iptables', libvirt: '11.3.0' },
] as const;

const networksOf = (folder: string): string[] =>
  readdirSync(join(observed, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && !['all-running', 'hostbridge'].includes(entry.name) ? entry.name : [],
  );

/** The rules of a dump by table and chain, in order. */
function rulesOf(dump: string): Record<string, string[]> {
  const chains: Record<string, string[]> = {};
  let table = '';
  for (const line of dump.split('\n')) {
    if (line.startsWith('*')) table = line;
    const [, chain] = /^-A (\S+)/.exec(line) ?? [];
    if (chain !== undefined) chains[`${table} ${chain}`] = [...(chains[`${table} ${chain}`] ?? []), line];
  }
  return chains;
}

describe.runIf(available(`recorded hosts (${observed}; set LIBVIRT_OBSERVED)`, existsSync(observed)))(
  'rules of recorded hosts',
  () => {
    for (const { folder, libvirt } of HOSTS) {
      it.each(networksOf(folder))(`%s of ${folder} are printed as iptables-save shows them`, (name) => {
        const read = (file: string): string => readFileSync(join(observed, folder, name, file), 'utf8');
        const network = Network.parse(read('network-live.xml'), { libvirt });
        const steps = [...firewallBase({ backend, libvirt }), ...firewallRules(network, { backend, libvirt })];
        for (const [family, file] of [
          ['ipv4', 'iptables-save.txt'],
          ['ipv6', 'ip6tables-save.txt'],
        ] as const) {
          expect(rulesOf(renderIptablesSave(steps, { family }))).toEqual(rulesOf(read(file)));
        }
      });
    }
  },
);
