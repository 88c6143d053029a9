import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NatNetwork } from 'libvirt-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webServer } from '../../docs/examples/filter-recipe.js';
import { type Daemon, type Guest, startDaemon } from '../lab/index.js';
import { NETPROBE } from '../lab/tools.js';
import { needs } from '../support/needs.js';
import { runOrThrow } from '../support/run.js';

needs('daemon 9.0', 'daemon 11.3', 'virsh');

const MAC = '52:54:00:bb:00:01';
const lab = NatNetwork.create('lab')
  .bridge('virbr-lab', { stp: false })
  .subnet('10.60.0.1/24', (ip) => ip.dhcp('10.60.0.100', '10.60.0.200'))
  .dnsHost({ ip: '10.60.0.1', hostnames: ['gate'] });

describe.each(['9.0', '11.3'] as const)("the guide's filter of a web server, libvirt %s", (release) => {
  let daemon: Daemon;
  let guest: Guest;
  beforeAll(() => {
    daemon = startDaemon(release);
    daemon.inside('sysctl -qw net.bridge.bridge-nf-call-iptables=1');
    daemon.ask(`net-define ${write('lab', lab.toXml())}; net-start lab`);
    ask('nwfilter-define', write('filter', webServer.toXml()));
    daemon.guest('other', { network: 'lab', addresses: ['10.60.0.12/24'], gateway: '10.60.0.1' });
    const before = ports();
    guest = daemon.guest('web', { network: 'lab', mac: MAC, addresses: ['10.60.0.11/24'], gateway: '10.60.0.1' });
    const [tap = ''] = ports().filter((one) => !before.includes(one));
    for (const port of [22, 80]) guest.sh(`${NETPROBE} serve --port ${port} >/dev/null 2>&1 </dev/null &`);
    ask('nwfilter-binding-create', write('binding', bindingOf(tap)));
    daemon.listen();
  });
  afterAll(() => daemon.stop());

  const write = (name: string, text: string): string => {
    const file = join(daemon.dir, `${name}.xml`);
    writeFileSync(file, text);
    return file;
  };
  const ask = (...words: string[]): string => runOrThrow(daemon.virsh, ['-q', '-c', daemon.uriOf('qemu'), ...words]);
  const ports = (): string[] => daemon.inside('ls /sys/class/net/virbr-lab/brif').split(/\s+/);
  const answersOf = async (from: string, ...packets: string[]): Promise<boolean[]> =>
    (await daemon.probes(from, packets)).map(({ ok }) => ok);

  it('lets the guest get an address and ask for names, and begin nothing else', async () => {
    const services = ['dhcp eth0', 'dns 10.60.0.1 gate', 'dnstcp 10.60.0.1 gate'];
    const others = ['tcp 10.60.0.1', 'tcp 10.60.0.12', 'ping 10.60.0.12'];
    expect(await answersOf('web', ...services, ...others)).toEqual([true, true, true, false, false, false]);
    expect(await answersOf('other', ...others)).toEqual([true, true, true]);
  });

  it('lets hosts and guests in by ssh and http alone', async () => {
    const packets = ['22', '80', '7777'].map((port) => `tcp 10.60.0.11 ${port}`);
    const reached = await Promise.all(['host', 'other'].map((from) => answersOf(from, ...packets)));
    expect(reached).toEqual([
      [true, true, false],
      [true, true, false],
    ]);
  });
});

const bindingOf = (tap: string): string =>
  `<filterbinding><owner><name>web</name><uuid>00000000-0000-4000-8000-000000000001</uuid></owner><portdev name='${tap}'/>
<mac address='${MAC}'/><filterref filter='web-server'><parameter name='IP' value='10.60.0.11'/></filterref></filterbinding>`;
