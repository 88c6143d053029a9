import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FirewallOptions,
  type HostFirewall,
  type HostKernel,
  portForwardHook,
  readHostFirewall,
  readHostKernel,
  type Topology,
} from 'libvirt-network/preview';
import { type Daemon, type Probe, startDaemon, type Vm } from '../../lab/index.js';
import { NETPROBE } from '../../lab/tools.js';
import { BEYOND, GUESTS, type LabGuest, NAT, NETWORKS } from './networks.js';
import type { Question } from './probes.js';
import type { Recipe } from './recipes.js';

/** A host with libvirt, three networks, four guests, a port forward and a LAN, on which others filter packets too. */
export class FirewallHost {
  readonly daemon: Daemon;
  readonly options: FirewallOptions;
  #taps: ReadonlyMap<string, string>;
  #healthy: string;
  /** The guests that are network namespaces. */
  readonly #plugged: readonly LabGuest[];

  readonly #ports: boolean;

  /**
   * @param virtual - the name of a guest that is started as a virtual machine
   * @param ports - whether libvirt knows the guests, by ports of their networks
   */
  constructor(release: '9.0' | '12.9', virtual?: string, ports = false) {
    this.#ports = ports;
    this.options = { libvirt: release, backend: release === '9.0' ? 'iptables' : 'nftables' };
    this.daemon = startDaemon(release);
    this.#prepare();
    for (const network of NETWORKS) this.#define(network.name, network.toXml({ libvirt: release }));
    this.#plugged = GUESTS.filter(({ name }) => name !== virtual);
    for (const guest of this.#plugged) this.#plug(guest);
    this.daemon.awaitAddresses();
    this.#taps = this.#findTaps();
    this.#healthy = this.#listed();
  }

  /** Starts a guest as a virtual machine, which takes its lease by itself. */
  async startVm(name: string): Promise<Vm> {
    const { network, mac } = GUESTS.find((guest) => guest.name === name) ?? {};
    if (network === undefined || mac === undefined) throw new Error(`${name} is not a guest`);
    const vm = await this.daemon.vm(name, { network, mac });
    await vm.lease();
    this.#taps = this.#findTaps();
    this.#healthy = this.#listed();
    return vm;
  }

  /** Makes the rules of the port forward again, which other firewalls take away when they start. */
  makeForwards(): void {
    this.daemon.inside(`${portForwardHook(NAT, this.options).apply.join(' ')} </dev/null`);
  }

  stop(): void {
    this.daemon.stop();
  }

  /** The device of the host that a guest is plugged in by. */
  tapOf(guest: string): string {
    return this.#taps.get(guest) ?? '';
  }

  apply({ apply }: Recipe): void {
    this.daemon.inside(`set -e; TAP=${this.#taps.get('g1')}; ${apply || 'true'}`);
    this.forgetNeighbours();
  }

  /** Takes a recipe back, and makes sure that nothing of it is left. */
  restore({ name, restore, remake }: Recipe): void {
    this.daemon.inside(`set -e; ${restore || 'true'}`);
    if (remake) this.remake();
    const listed = this.#listed();
    if (listed === this.#healthy) return;
    const [before, after] = [this.#healthy, listed].map((text) => text.split('\n'));
    const lines = [
      ...(before ?? []).filter((line) => !after?.includes(line)).map((line) => `- ${line}`),
      ...(after ?? []).filter((line) => !before?.includes(line)).map((line) => `+ ${line}`),
    ];
    throw new Error(`${name} is not taken back: ${lines.join('\n')}`);
  }

  /** The host as the library sees it, from what its programs print. */
  topology(form: 'json' | 'text'): Topology & { readonly firewall: HostFirewall; readonly kernel: HostKernel } {
    return {
      ...this.options,
      networks: NETWORKS,
      guests: GUESTS.map(({ name, network, addresses }) => ({
        name,
        network,
        addresses,
        tap: this.#taps.get(name) ?? '',
      })),
      outside: BEYOND,
      firewall: this.#firewall(form),
      kernel: this.#kernel(),
    };
  }

  /** Sends all packets at once and returns what came of each. */
  async probe(questions: readonly Question[]): Promise<readonly [Question, Probe][]> {
    const senders = [...new Set(questions.map(({ packet }) => packet.from))];
    const outcomes = await Promise.all(
      senders.map(async (from) => {
        const own = questions.filter(({ packet }) => packet.from === from);
        const probes = await this.daemon.probes(
          from,
          own.map(({ words }) => words),
        );
        return own.flatMap((question, i): [Question, Probe][] => {
          const probe = probes[i];
          return probe === undefined ? [] : [[question, probe]];
        });
      }),
    );
    return outcomes.flat();
  }

  #prepare(): void {
    const { daemon } = this;
    daemon.outside();
    daemon.listen();
    // What a port forward leads away from answers itself where the forward is gone.
    daemon.inside(`${NETPROBE} serve --port 8080 >/dev/null 2>&1 </dev/null &`);
    daemon.onOutside('ip addr add 203.0.113.5/32 dev lo; sysctl -qw net.ipv6.conf.eth0.accept_ra=0');
    daemon.inside(
      'ip route replace default via 198.51.100.2 dev ext0; ip -6 route replace default via 2001:db8:ffff::2 dev ext0',
    );
    daemon.inside('printf "nameserver 198.51.100.2\\n" > /etc/resolv.conf');
    mkdirSync(join(daemon.dir, 'lib/tftp'), { recursive: true });
    writeFileSync(join(daemon.dir, 'lib/tftp/file'), 'x'.repeat(1000), { mode: 0o644 });
    daemon.installHook(portForwardHook(NAT, this.options).file);
  }

  #define(name: string, xml: string): void {
    const file = join(this.daemon.dir, `${name}.xml`);
    writeFileSync(file, xml);
    this.daemon.ask(`net-define ${file}; net-start ${name}`);
  }

  #plug({ name, network, mac, addresses: [ipv4 = '', ipv6], gateways: [router = '', router6 = ''] }: LabGuest): void {
    const guest = this.daemon.guest(name, {
      network,
      mac,
      addresses: [`${ipv4}/24`],
      gateway: router,
      port: this.#ports,
    });
    if (ipv6 === undefined) return;
    guest.sh(
      `sysctl -qw net.ipv6.conf.eth0.accept_ra=0; ip -6 route flush proto ra; ip -6 addr add ${ipv6}/64 dev eth0 nodad; ip -6 route replace default via ${router6}`,
    );
  }

  #findTaps(): Map<string, string> {
    const links = this.daemon.inside('ip -o link');
    return new Map(
      GUESTS.map(({ name, mac }) => {
        const line = links.split('\n').find((one) => one.includes(`fe${mac.slice(2)}`)) ?? '';
        return [name, /^\d+: ([^@:]+)/.exec(line)?.[1] ?? ''];
      }),
    );
  }

  #firewall(form: 'json' | 'text'): HostFirewall {
    const { daemon } = this;
    return readHostFirewall({
      nft: daemon.inside(form === 'json' ? 'nft -j list ruleset' : 'nft -s list ruleset'),
      iptablesSave: daemon.inside('iptables-save'),
      ip6tablesSave: daemon.inside('ip6tables-save'),
      iptablesLegacySave: daemon.inside('iptables-legacy-save'),
      ip6tablesLegacySave: daemon.inside('ip6tables-legacy-save'),
    });
  }

  #kernel(): HostKernel {
    const ask = (script: string): string => this.daemon.inside(script);
    const bridges =
      'for b in virbr0 virbr1 virbr2; do echo "bridge.$b.nf_call_iptables = $(cat /sys/class/net/$b/bridge/nf_call_iptables)"; done';
    return readHostKernel({
      sysctl: ask(`sysctl -a 2>/dev/null | grep -E "forward|rp_filter|valid_mark|echo_ignore|bridge-nf"; ${bridges}`),
      routes: ask('ip -j -4 route show table all'),
      routes6: ask('ip -j -6 route show table all'),
      rules: ask('ip -j -4 rule show'),
      rules6: ask('ip -j -6 rule show'),
    });
  }

  /** Everything that recipes change, in an order that does not depend on that of the networks' start. */
  #listed(): string {
    const script =
      'nft -s list ruleset; iptables-legacy-save; ip route show table all; ip -6 route; ip rule; sysctl -a 2>/dev/null | grep -E "ipv4.*(forwarding|rp_filter|ignore_all)"';
    const lines = this.daemon.inside(script).split('\n');
    return (
      lines
        .filter(
          (line) =>
            !/^(#|COMMIT|\*|:)|^table|^\s*chain|^\s*}|^$|type (filter|nat|route) hook.*policy accept/.test(line),
        )
        // nft 1.0 prints the actions of iptables now for one family, now for the other.
        .map((line) => line.replace(/counter (masquerade|dnat|redirect)\b.*$/, 'counter '))
        .sort()
        .join('\n')
    );
  }

  /** Lets libvirt make its rules again, and the port forward. One start of 12.9 does not always make those of all networks. */
  remake(): void {
    const end = Date.now() + 60_000;
    do {
      this.daemon.restartLibvirt();
      this.makeForwards();
    } while (this.#listed() !== this.#healthy && Date.now() < end);
  }

  /** Lets everybody look for everybody's hardware address again. */
  forgetNeighbours(): void {
    const flush = 'ip neigh flush all; ip -6 neigh flush all';
    this.daemon.inside(flush);
    this.daemon.onOutside(flush);
    for (const { name } of this.#plugged) this.daemon.guestShell(name, flush);
  }
}
