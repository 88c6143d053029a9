import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFirewalld } from '../support/firewalld.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { startUfw } from '../support/ufw.js';
import { differencesOn, lacksOn } from './firewalls/compare.js';
import { FirewallHost } from './firewalls/host.js';
import { questionsOf } from './firewalls/probes.js';

needs('daemon 9.0', 'daemon 12.9', 'other firewalls');

/** A firewall that a host runs, what is asked of it, and what guests of the network `nat` lack then. */
interface Case {
  readonly name: string;
  readonly program: 'ufw' | 'firewalld with nftables' | 'firewalld with iptables';
  readonly commands: readonly string[];
  readonly lacks: Readonly<Record<'9.0' | '12.9', readonly string[]>>;
}

const both = (...lacks: readonly string[]) => ({ '9.0': lacks, '12.9': lacks });

/** The openings that a network with NAT, a port forward and a routed network need. */
const UFW_OPENINGS = [
  ...['67 proto udp', '53', '547 proto udp', '69 proto udp'].map(
    (port) => `ufw allow in on virbr0 to any port ${port}`,
  ),
  'ufw route allow in on virbr0',
  'ufw route allow out on virbr1',
  'ufw route allow in on ext0 out on virbr0 to 192.168.122.11 port 7777 proto tcp',
];

/** 12.9, started again beside firewalld, leaves the bridges of networks that run in the default zone. */
const PUBLIC = ['dhcp', 'dns', 'names outside', 'tftp', 'out'];

const firewalld = (backend: 'nftables' | 'iptables'): Case[] => {
  const program = `firewalld with ${backend}` as const;
  // In one table with firewalld's, the rules of 9.0 come first, and what they accept no zone drops.
  const of = (...lacks: readonly string[]) => ({ '9.0': backend === 'iptables' ? [] : lacks, '12.9': PUBLIC });
  return [
    { name: 'its zones', program, commands: [], lacks: of() },
    {
      name: 'a zone without DHCP',
      program,
      commands: ['firewall-cmd --zone=libvirt --remove-service=dhcp'],
      lacks: of('dhcp'),
    },
    {
      name: 'a bridge in the zone of the public',
      program,
      commands: ['firewall-cmd --zone=public --change-interface=virbr0'],
      lacks: of(...PUBLIC),
    },
  ];
};

const CASES: readonly Case[] = [
  {
    name: 'its defaults',
    program: 'ufw',
    commands: [],
    lacks: { '9.0': [], '12.9': ['dhcp', 'dns', 'names outside', 'tftp', 'out', 'port forward'] },
  },
  { name: 'what libvirt needs is open', program: 'ufw', commands: UFW_OPENINGS, lacks: both() },
  ...firewalld('nftables'),
  ...firewalld('iptables'),
];

const HOSTS = CASES.flatMap((one) => (['9.0', '12.9'] as const).map((release) => ({ ...one, release })));

/** A normal run starts one host: each takes its time. */
describe.each(thinned('firewalls that write their own rules', HOSTS, HOSTS.length))(
  '$program beside libvirt $release, $name',
  ({ release, name, program, commands, lacks }) => {
    let host: FirewallHost;
    beforeAll(() => {
      host = new FirewallHost(release);
    });
    afterAll(() => host.stop());

    it('packets take the way that is explained', async () => {
      if (program === 'ufw') startUfw(host.daemon);
      else startFirewalld(host.daemon, program.endsWith('nftables') ? 'nftables' : 'iptables');
      host.makeForwards();
      for (const command of commands) host.daemon.inside(command);
      host.forgetNeighbours();
      expect(await differencesOn(host, questionsOf(1))).toEqual([]);
      const lacking = lacksOn(host);
      expect([...new Set(lacking.map(({ need }) => need))]).toEqual(lacks[release]);
      expect(
        lacking.filter(({ rule }) => rule === undefined),
        name,
      ).toEqual([]);
    });
  },
);
