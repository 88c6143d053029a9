import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { traceFlow } from '../../src/preview/flow/explain.js';
import { networkModelOf } from '../../src/preview/flow/network-model.js';
import type { FlowPacket } from '../../src/preview/index.js';
import type { Vm } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { FirewallHost } from './firewalls/host.js';
import { RECIPES } from './firewalls/recipes.js';

needs('daemon 9.0', 'daemon 12.9', 'virtual machines');

/** Hosts on which a network namespace might not tell the truth of a virtual machine: its client, its offloads, its kernel. */
const CHOSEN =
  /^(nothing|an input policy of iptables|a drop of (DHCP|offers|names|questions outside)|a forward drop of nftables|a prerouting drop|ufw's chains and policies|firewalld's zones|Docker's chains and policy|a drop of frames between guests|filtered bridges|no tracking|no forwarding)$/;

/** What a virtual machine, or somebody else, does to find out about a packet: a script that succeeds when it arrives. */
interface Attempt {
  readonly packet: FlowPacket;
  readonly by: 'vm' | 'outside' | 'host';
  readonly script: string;
}

const attempts = (round: number): readonly Attempt[] => [
  {
    packet: { from: 'g1', to: 'host', protocol: 'dhcp' },
    by: 'vm',
    script: 'udhcpc -i eth0 -n -q -t 2 -T 2 -s /bin/true',
  },
  {
    packet: { from: 'g1', to: 'host', protocol: 'dns', name: 'files' },
    by: 'vm',
    // Without a type it asks for an IPv6 address too, which dnsmasq does not have and asks for outside.
    script: 'timeout 4 nslookup -type=a files 192.168.122.1',
  },
  {
    packet: { from: 'g1', to: 'host', protocol: 'dns', name: `${round}.outside.test` },
    by: 'vm',
    script: `timeout 4 nslookup -type=a ${round}.outside.test 192.168.122.1`,
  },
  { packet: { from: 'g1', to: 'host' }, by: 'vm', script: 'ping -c 1 -W 4 192.168.122.1' },
  {
    packet: { from: 'g1', to: 'outside', protocol: 'tcp', port: 7777 },
    by: 'vm',
    script: 'nc -w 4 198.51.100.2 7777 </dev/null | grep -q peer',
  },
  {
    packet: { from: 'g1', to: 'g1b', protocol: 'tcp', port: 7777 },
    by: 'vm',
    script: 'nc -w 4 192.168.122.12 7777 </dev/null | grep -q peer',
  },
  {
    packet: { from: 'outside', to: '198.51.100.1', protocol: 'tcp', port: 8080 },
    by: 'outside',
    script: 'busybox nc -w 4 198.51.100.1 8080 </dev/null | grep -q g1',
  },
  {
    packet: { from: 'host', to: 'g1' },
    by: 'host',
    script: 'busybox ping -c 1 -W 4 192.168.122.11',
  },
];

/** A normal run starts one virtual machine. */
describe.each(thinned('hosts with a virtual machine', ['9.0', '12.9'] as const, 2))(
  'a virtual machine beside other firewalls, on libvirt %s',
  (release) => {
    const backend = release === '9.0' ? 'iptables' : 'nftables';
    const own = RECIPES.filter((one) => CHOSEN.test(one.name) && (one.backend ?? backend) === backend);
    let host: FirewallHost;
    let vm: Vm;
    let round = 0;
    beforeAll(async () => {
      host = new FirewallHost(release, 'g1');
      vm = await host.startVm('g1');
    }, 240_000);
    afterAll(() => host.stop());

    const arrives = async ({ by, script }: Attempt): Promise<boolean> => {
      const answering = `if ${script} >/dev/null 2>&1; then echo yes; else echo no; fi`;
      const said =
        by === 'vm'
          ? await vm.exec(answering)
          : by === 'outside'
            ? host.daemon.onOutside(answering)
            : host.daemon.inside(answering);
      return said === 'yes';
    };

    it.each(thinned(`recipes with a virtual machine on ${release}`, own, 8))(
      'its packets take the way that is explained: $name',
      async (recipe) => {
        host.apply(recipe);
        onTestFinished(() => host.restore(recipe));
        const model = networkModelOf(host.topology('text'));
        const asked = attempts(++round);
        const told = asked.map(({ packet }) => [packet, traceFlow(model, packet).verdict === 'delivered']);
        const measured: unknown[] = [];
        for (const attempt of asked) measured.push([attempt.packet, await arrives(attempt)]);
        expect(measured).toEqual(told);
      },
      240_000,
    );
  },
);
