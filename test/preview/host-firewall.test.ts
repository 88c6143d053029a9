import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkFirewall,
  effectiveChains,
  type FirewallStep,
  firewallBase,
  firewallRules,
  readHostFirewall,
  renderIptablesSave,
} from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { folderOf, RECORDINGS, type Recording, topologyOf } from './recorded-hosts.js';
import { hostRules, previewRules } from './rule-keys.js';

const read = (recording: Recording, file: string): string => readFileSync(join(folderOf(recording), file), 'utf8');
const recordingsOf = (backend: Recording['backend']) => RECORDINGS.filter((one) => one.backend === backend);

/** The networks of a recorded host whose rules libvirt makes. */
const virtualNetworks = (recording: Recording) =>
  topologyOf(recording).networks.filter(({ kind }) => kind !== 'bridge');

const stepsOf = (recording: Recording): FirewallStep[] => [
  ...firewallBase(recording),
  ...virtualNetworks(recording).flatMap((network) => firewallRules(network, recording)),
];

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

const DUMPS = [
  { family: 'ipv4', file: 'iptables-save.txt' },
  { family: 'ipv6', file: 'ip6tables-save.txt' },
] as const;

describe('rules of nine networks on a recorded host', () => {
  describe.each(recordingsOf('iptables'))('libvirt $libvirt, iptables', (recording) => {
    it.each(DUMPS)('are printed as iptables-save shows them, $family', ({ family, file }) => {
      const rules = rulesOf(renderIptablesSave(stepsOf(recording), { family }));
      expect(rules).toEqual(rulesOf(read(recording, file)));
      expect(Object.values(rules).flat().length).toBeGreaterThan(20);
    });
  });

  describe.each(recordingsOf('nftables'))('libvirt $libvirt, nftables', (recording) => {
    const host = readHostFirewall({ nft: read(recording, 'nft-ruleset.json') });

    it('are those of the preview, in effective order', () => {
      expect(hostRules(host.chains)).toEqual(previewRules(effectiveChains(stepsOf(recording))));
    });

    it.each(virtualNetworks(recording))('of $name are all found on the host', (network) => {
      const { rules, needs } = checkFirewall(network, host, recording);
      expect(rules.filter(({ state }) => state !== 'present')).toEqual([]);
      expect(needs.filter(({ state }) => state !== 'met')).toEqual([]);
    });
  });
});
