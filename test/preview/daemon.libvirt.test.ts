import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BaseNetwork } from 'libvirt-network';
import {
  checkFirewall,
  dnsmasqConfig,
  effectiveChains,
  type FirewallOptions,
  firewallBase,
  firewallRules,
  type HostFirewall,
  readHostFirewall,
} from 'libvirt-network/preview';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, runs } from '../support/random.js';
import { randomVirtualNetwork } from './generate.js';
import { hostRules, previewRules } from './rule-keys.js';

needs('daemon of every release');

const AT_ONCE = 5;

for (const release of RELEASES) {
  describe(`what libvirt ${release} does on its host`, () => {
    let daemon: Daemon;
    const options: FirewallOptions = { libvirt: release, backend: release === '9.0' ? 'iptables' : 'nftables' };
    beforeAll(() => {
      daemon = startDaemon(release);
    });
    afterAll(() => daemon.stop());

    /** Runs virsh commands on several networks in one process. */
    const each = (networks: readonly BaseNetwork[], ...verbs: string[]): string =>
      daemon.ask(networks.flatMap(({ name }) => verbs.map((verb) => `${verb} ${name}`)).join('; '));

    const dumped = (): HostFirewall =>
      readHostFirewall({
        nft: daemon.inside('nft -j list ruleset'),
        iptablesSave: daemon.inside('iptables-save'),
        ip6tablesSave: daemon.inside('ip6tables-save'),
      });

    it('rules and dnsmasq files are those of the preview, in effective order', () => {
      const count = runs(60);
      const random = announce(`networks on libvirt ${release} (${options.backend})`, count);
      for (let from = 0; from < count; from += AT_ONCE) {
        const networks = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) =>
          randomVirtualNetwork(random, from + i),
        );
        for (const network of networks) {
          const file = join(daemon.dir, `${network.name}.xml`);
          writeFileSync(file, network.toXml({ libvirt: release }));
          daemon.ask('net-define', file);
        }
        each(networks, 'net-start');
        try {
          const host = dumped();
          const steps = [...firewallBase(options), ...networks.flatMap((network) => firewallRules(network, options))];
          expect(hostRules(host.chains)).toEqual(previewRules(effectiveChains(steps)));
          for (const network of networks) {
            const { rules, needs } = checkFirewall(network, host, options);
            expect(rules.filter(({ state }) => state !== 'present')).toEqual([]);
            expect(needs.filter(({ state }) => state !== 'met')).toEqual([]);
            compareFiles(network);
          }
        } finally {
          each(networks, 'net-destroy', 'net-undefine');
        }
      }
    });

    const compareFiles = (network: BaseNetwork): void => {
      const read = (suffix: string): string => {
        try {
          return readFileSync(join(daemon.dir, 'lib/dnsmasq', `${network.name}.${suffix}`), 'utf8');
        } catch {
          return ''; // libvirt starts no dnsmasq for it
        }
      };
      const files = dnsmasqConfig(network, { libvirt: release, pidFile: `/run/libvirt/network/${network.name}.pid` });
      expect(read('conf')).toBe(files?.conf ?? '');
      expect(read('hostsfile')).toBe(files?.hostsfile ?? '');
      expect(read('addnhosts')).toBe(files?.addnhosts ?? '');
    };
  });
}
