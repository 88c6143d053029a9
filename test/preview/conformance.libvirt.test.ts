import {
  dnsmasqConfig,
  type FirewallOptions,
  firewallBase,
  firewallRules,
  Network,
  renderCommands,
} from 'libvirt-network';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../support/c-cases.js';
import { DATA_RELEASES, libvirtData } from '../support/corpus.js';
import { needs } from '../support/needs.js';

needs('libvirt data of every release');

const FIREWALL = 'tests/networkxml2firewalldata';
const CONF = 'tests/networkxml2confdata';

const BACKENDS = [
  { release: '11.3', backend: 'iptables', suffix: '-linux.iptables', base: 'base.iptables' },
  { release: '11.3', backend: 'nftables', suffix: '-linux.nftables', base: 'base.nftables' },
  { release: '9.0', backend: 'iptables', suffix: '-linux.args', base: 'base.args' },
] as const;

/** The names of a C program's cases; some are there twice. */
const namesIn = (source: string): Set<string> => new Set(casesOf(source).map(({ args }) => args[0] ?? ''));

describe("libvirt's expected firewall rules", () => {
  for (const { release, backend, suffix, base } of BACKENDS) {
    const { libvirt, read } = libvirtData(release);
    const options: FirewallOptions = { libvirt, backend };
    for (const name of namesIn(read('tests/networkxml2firewalltest.c'))) {
      it(`${backend} rules of ${libvirt} for ${name}`, () => {
        const network = Network.parse(read(FIREWALL, `${name}.xml`), { libvirt });
        expect(renderCommands(firewallRules(network, options))).toBe(read(FIREWALL, `${name}${suffix}`));
      });
    }
    it(`the ${backend} base of ${libvirt}`, () => {
      expect(renderCommands(firewallBase(options))).toBe(read(FIREWALL, base));
    });
  }
});

/**
 * Neither DNS nor DHCP: networkStartDhcpDaemon starts no dnsmasq for this network, although the function below it, which
 * is what libvirt's program calls, would write files.
 */
const NO_DNSMASQ = 'routed-network-no-dns';

describe("libvirt's expected files of dnsmasq", () => {
  for (const release of DATA_RELEASES) {
    const { libvirt, has, read } = libvirtData(release);
    for (const name of namesIn(read('tests/networkxml2conftest.c'))) {
      it(`${libvirt} for ${name}`, () => {
        const files = dnsmasqConfig(Network.parse(read(CONF, `${name}.xml`), { libvirt }), { libvirt });
        if (name === NO_DNSMASQ) return expect(files).toBeUndefined();
        expect(files?.conf).toBe(read(CONF, `${name}.conf`));
        const expected = has(CONF, `${name}.hostsfile`) ? read(CONF, `${name}.hostsfile`) : undefined;
        expect(files?.hostsfile).toBe(expected);
      });
    }
  }
});
