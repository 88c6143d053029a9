import type { BaseNetwork } from 'libvirt-network';
import {
  installedOpenings,
  installOpenings,
  localRunner,
  type OpeningOptions,
  removeOpenings,
} from 'libvirt-network/host';
import { type OpeningFirewall, openingsFor } from 'libvirt-network/preview';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differencesOn, lacksOn } from '../preview/firewalls/compare.js';
import { FirewallHost } from '../preview/firewalls/host.js';
import { NAT, NETWORKS } from '../preview/firewalls/networks.js';
import { questionsOf } from '../preview/firewalls/probes.js';
import { startFirewalld } from '../support/firewalld.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { startUfw } from '../support/ufw.js';
import { HOST_STATE, sorted } from './host-state.js';

needs('daemon 9.0', 'daemon 12.9', 'other firewalls');

/** A firewall that cuts guests off, the openings that restore them, and what makes it load its rules again. */
interface Case {
  readonly name: string;
  readonly release: '9.0' | '12.9';
  readonly start: (host: FirewallHost) => void;
  readonly firewalls: readonly OpeningFirewall[];
  readonly reload?: string;
  /** What ends it and starts it again, where that is more than to load its rules. */
  readonly restart?: string;
  /** The network whose guests are cut off; `nat` without it. */
  readonly network?: BaseNetwork;
  /** True where the firewall removes the empty chains of a zone without bridges with its next reload alone. */
  readonly cleansOnReload?: true;
}

const shell =
  (...commands: readonly string[]) =>
  (host: FirewallHost): void =>
    void host.daemon.inside(['set -e', ...commands].join('\n'));

/** A table of chains, as an administrator loads it. */
const table = (...chains: readonly string[]): string =>
  `nft -f - <<'RULES'\ntable inet filter {\n${chains.join('\n')}\n}\nRULES`;

const ARCH = table(
  'chain input { type filter hook input priority filter; policy drop; ct state established,related accept; iif lo accept; meta l4proto { icmp, ipv6-icmp } accept; }',
  'chain forward { type filter hook forward priority filter; policy drop; }',
);

const OUTPUT = table(
  'chain output { type filter hook output priority filter; policy drop; ct state established,related accept; oif lo accept; oifname { ext0, virbr1, virbr2 } accept; }',
);

const ROUTE = NETWORKS.find(({ name }) => name === 'route') ?? NAT;

const DOCKER = ['iptables', 'ip6tables'].flatMap((tool) => [
  `${tool} -N DOCKER-USER`,
  `${tool} -I FORWARD -j DOCKER-USER`,
  `${tool} -P FORWARD DROP`,
]);

const REJECTS = [
  'iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
  'iptables -A INPUT -i lo -j ACCEPT',
  'iptables -A INPUT -p icmp -j ACCEPT',
  'iptables -A INPUT -j REJECT --reject-with icmp-host-prohibited',
  'iptables -A FORWARD -j REJECT --reject-with icmp-host-prohibited',
];

const CASES: readonly Case[] = [
  { name: 'a table of nftables', release: '12.9', start: shell(ARCH), firewalls: ['nftables'] },
  { name: "Docker's policy", release: '12.9', start: shell(...DOCKER), firewalls: ['docker'] },
  { name: 'rejects of iptables', release: '12.9', start: shell(...REJECTS), firewalls: ['iptables'] },
  {
    name: 'ufw',
    release: '12.9',
    start: ({ daemon }) => startUfw(daemon),
    firewalls: ['ufw'],
    reload: 'ufw reload',
    restart: 'ufw disable; ufw --force enable',
  },
  {
    name: 'firewalld',
    release: '12.9',
    start: ({ daemon }) => startFirewalld(daemon, 'nftables'),
    firewalls: ['firewalld'],
    reload: 'firewall-cmd --reload',
    restart: 'firewall-cmd --complete-reload',
    cleansOnReload: true,
  },
  {
    name: "firewalld's zone without a service",
    release: '12.9',
    start: ({ daemon }) => {
      startFirewalld(daemon, 'nftables');
      for (const scope of ['', '--permanent'])
        for (const change of ['--change-interface=virbr0', '--remove-service=dhcp'])
          daemon.inside(`firewall-cmd ${scope} --zone=libvirt ${change}`);
    },
    firewalls: ['firewalld'],
    reload: 'firewall-cmd --reload',
    restart: 'firewall-cmd --complete-reload',
    cleansOnReload: true,
  },
  { name: 'a table of nftables', release: '9.0', start: shell(ARCH), firewalls: ['nftables'] },
  {
    name: 'a policy of old iptables',
    release: '9.0',
    start: shell('iptables-legacy -P FORWARD DROP'),
    firewalls: ['iptables-legacy'],
  },
  {
    name: 'a reject before libvirt in its own chain',
    release: '9.0',
    start: shell('iptables -I FORWARD -j REJECT'),
    firewalls: ['iptables'],
  },
  {
    name: 'a policy of old iptables',
    release: '12.9',
    start: shell('iptables-legacy -P FORWARD DROP'),
    firewalls: ['iptables-legacy'],
  },
  {
    name: 'a table of nftables that drops what the host sends',
    release: '12.9',
    start: shell(OUTPUT),
    firewalls: ['nftables'],
  },
  {
    name: 'a table of nftables, for routed guests',
    release: '12.9',
    start: shell(ARCH),
    firewalls: ['nftables'],
    network: ROUTE,
  },
  {
    name: 'ufw, for routed guests',
    release: '12.9',
    start: ({ daemon }) => startUfw(daemon),
    firewalls: ['ufw'],
    reload: 'ufw reload',
    restart: 'ufw disable; ufw --force enable',
    network: ROUTE,
  },
  {
    name: 'a policy of ip6tables alone',
    release: '12.9',
    start: shell('ip6tables -P FORWARD DROP'),
    firewalls: ['iptables'],
  },
  {
    name: 'firewalld with the bridge in the zone of the public',
    release: '9.0',
    start: ({ daemon }) => {
      startFirewalld(daemon, 'nftables');
      daemon.inside('firewall-cmd --zone=public --change-interface=virbr0');
    },
    firewalls: ['firewalld'],
    cleansOnReload: true,
  },
  {
    name: 'firewalld with the bridge in the zone of the public for good',
    release: '12.9',
    start: ({ daemon }) => {
      startFirewalld(daemon, 'nftables');
      for (const scope of ['', '--permanent'])
        daemon.inside(`firewall-cmd ${scope} --zone=public --change-interface=virbr0`);
    },
    firewalls: ['firewalld'],
    reload: 'firewall-cmd --reload',
    restart: 'firewall-cmd --complete-reload',
    cleansOnReload: true,
  },
];

const only = process.env['OPENING'];
const chosen =
  only === undefined
    ? thinned('openings', CASES, CASES.length)
    : CASES.filter(({ name }) => new RegExp(only).test(name));

describe.each(chosen)('openings in $name beside libvirt $release', (one) => {
  const { name, release, start, firewalls, reload = 'true', restart = reload, network = NAT } = one;
  let host: FirewallHost;
  let before = '';
  let options: OpeningOptions;
  const state = (): string => host.daemon.inside(HOST_STATE);
  const needed = () => {
    const { firewall, kernel } = host.topology('text');
    return openingsFor(network, firewall, { ...host.options, kernel });
  };

  beforeAll(() => {
    host = new FirewallHost(release);
    options = { runner: localRunner({ prefix: host.daemon.enter }) };
    start(host);
    host.makeForwards();
    // A first reload loads chains that a start has not.
    host.daemon.inside(`${reload}; ${restart}`);
    before = state();
  });
  afterAll(() => host.stop());

  it('restore what guests need, once, over reloads, and leave no trace', async () => {
    const { openings, closed } = needed();
    expect(closed).toEqual([]);
    expect(openings.map(({ firewall }) => firewall)).toEqual(firewalls);

    const planned = await installOpenings(openings, { ...options, dryRun: true });
    expect(state(), name).toBe(before);
    const installed = await installOpenings(openings, options);
    expect(installed.map(({ command }) => command)).toEqual(planned.map(({ command }) => command));
    expect(lacksOn(host, network)).toEqual([]);
    expect(needed()).toEqual({ openings: [], closed: [] });
    host.forgetNeighbours();
    expect(await differencesOn(host, questionsOf(1))).toEqual([]);

    const once = state();
    expect((await installOpenings(openings, options)).map(({ changed }) => changed)).not.toContain(true);
    expect(state()).toBe(once);
    expect(await installedOpenings(options)).toEqual(openings);

    for (const again of [reload, restart]) {
      host.daemon.inside(again);
      expect(lacksOn(host, network), again).toEqual([]);
    }
    host.forgetNeighbours();
    expect(await differencesOn(host, questionsOf(2)), 'after its restart').toEqual([]);
    expect((await removeOpenings(openings, options)).map(({ changed }) => changed)).not.toContain(false);
    if (one.cleansOnReload) host.daemon.inside(reload);
    expect(state()).toBe(before);
    expect((await removeOpenings(openings, options)).map(({ changed }) => changed)).not.toContain(true);
  });

  it('stay over a restart of libvirt, which makes its rules again', async () => {
    const { openings } = needed();
    await installOpenings(openings, options);
    host.daemon.restartLibvirt();
    expect(lacksOn(host, network)).toEqual([]);
    await removeOpenings(openings, options);
    if (one.cleansOnReload) host.daemon.inside(reload);
    // libvirt makes the rules of its networks in another order than before.
    expect(sorted(state())).toEqual(sorted(before));
  });
});
