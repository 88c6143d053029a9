import { existsSync } from 'node:fs';
import {
  dnsmasqConfig,
  type FirewallOptions,
  firewallBase,
  firewallRules,
  Network,
  renderCommands,
} from 'libvirt-network';
import { describe, expect, it } from 'vitest';
import { corpus, hasCorpus, listCorpus, readCorpus } from '../support/corpus.js';

const RELEASES = [
  { libvirt: '11.3.0', backend: 'iptables', suffix: '-linux.iptables', base: 'base.iptables' },
  { libvirt: '11.3.0', backend: 'nftables', suffix: '-linux.nftables', base: 'base.nftables' },
  { libvirt: '9.0.0', backend: 'iptables', suffix: '-linux.args', base: 'base.args' },
] as const;

const documentsIn = (folder: string, kind: string): string[] =>
  listCorpus(folder, kind).flatMap((file) => (file.endsWith('.xml') ? file.slice(0, -'.xml'.length) : []));

describe.runIf(hasCorpus())("libvirt's golden files", () => {
  for (const { libvirt, backend, suffix, base } of RELEASES) {
    const [folder, kind] = [`libvirt-${libvirt}`, 'networkxml2firewalldata'];
    const options: FirewallOptions = { libvirt, backend };
    for (const name of documentsIn(folder, kind)) {
      it(`${backend} rules of ${libvirt} for ${name}`, () => {
        const network = Network.parse(readCorpus(folder, kind, `${name}.xml`), { libvirt });
        expect(renderCommands(firewallRules(network, options))).toBe(readCorpus(folder, kind, `${name}${suffix}`));
      });
    }
    it(`the ${backend} base of ${libvirt}`, () => {
      expect(renderCommands(firewallBase(options))).toBe(readCorpus(folder, kind, base));
    });
  }

  for (const libvirt of ['11.3.0', '9.0.0']) {
    const [folder, kind] = [`libvirt-${libvirt}`, 'networkxml2confdata'];
    for (const name of documentsIn(folder, kind)) {
      it(`dnsmasq's files of ${libvirt} for ${name}`, () => {
        const files = dnsmasqConfig(Network.parse(readCorpus(folder, kind, `${name}.xml`), { libvirt }), { libvirt });
        expect(files?.conf).toBe(readCorpus(folder, kind, `${name}.conf`));
        const hostsfile = existsSync(corpus(folder, kind, `${name}.hostsfile`));
        expect(files?.hostsfile).toBe(hostsfile ? readCorpus(folder, kind, `${name}.hostsfile`) : undefined);
      });
    }
  }
});
