import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Network } from 'libvirt-network';
import { explainFlow, type FlowGuest, type FlowPacket, type Topology } from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { available } from '../support/corpus.js';
import { difference, type Probe, verdictOf } from './matrix.js';

const observed = process.env['LIBVIRT_OBSERVED'] ?? join(import.meta.dirname, '../../../shared/observed');

const HOSTS = [
  { folder: 'libvirt-9.0-iptables', libvirt: '9.0.0', backend: 'iptables' },
  { folder: 'libvirt-11.3-iptables', libvirt: '11.3.0', backend: 'iptables' },
  { folder: 'libvirt-11.3-nftables', libvirt: '11.3.0', backend: 'nftables' },
] as const;

interface Record_ {
  readonly 'guest a': readonly string[];
  readonly 'guest b': readonly string[];
  readonly 'from guest': Readonly<Record<string, Probe>>;
  readonly 'from outside': Readonly<Record<string, Probe>>;
  readonly 'from host': Readonly<Record<string, Probe>>;
}

interface Matrix {
  readonly networks: Readonly<Record<string, Record_>>;
  readonly cross: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const PROTOCOLS: Readonly<Record<string, 'icmp' | 'tcp' | 'udp'>> = { ping: 'icmp', tcp: 'tcp', udp: 'udp' };
const RECEIVERS: Readonly<Record<string, string>> = { gateway: 'host', 'other guest': '-b', outside: 'outside' };

/** The recorded hosts have two LANs: one behind a device of theirs, one behind a bridge without an address. */
const OUTSIDE = [
  {
    device: 'ext0',
    host: ['198.51.100.1/24', '2001:db8:ffff::1/64', '198.51.100.10/32', '198.51.100.11/32'],
    outside: ['198.51.100.2/24', '2001:db8:ffff::2/64'],
  },
  { device: 'br-lan', outside: ['203.0.113.1/24'] },
];

describe.runIf(available(`recorded matrices (${observed}; set LIBVIRT_OBSERVED)`, existsSync(observed)))(
  'the way of packets on recorded hosts',
  () => {
    for (const { folder, libvirt, backend } of HOSTS) {
      const read = (...path: string[]): string => readFileSync(join(observed, folder, ...path), 'utf8');
      const matrix = (): Matrix => JSON.parse(read('matrix.json'));
      const topologyOf = ({ networks }: Matrix, forced: boolean): Topology => ({
        libvirt,
        backend,
        outside: OUTSIDE,
        networks: Object.keys(networks).map((name) => Network.parse(read(name, 'network-live.xml'), { libvirt })),
        guests: Object.entries(networks).flatMap(([network, record]): FlowGuest[] =>
          (['a', 'b'] as const).map((letter) => ({
            name: `${network}-${letter}`,
            network,
            addresses: record[`guest ${letter}`].map((address) =>
              ['noip', 'hostbridge'].includes(network) ? address : address.replace(/\/.*/, ''),
            ),
            ...(network === 'isolated' && forced ? { gateway: true } : {}),
            ...(network === 'noip' ? { gateway: false } : {}),
          })),
        ),
      });

      it(`each network of ${folder}: the host, the peer and the outside`, () => {
        const recorded = matrix();
        const topology = topologyOf(recorded, false);
        const wrong: (string | undefined)[] = [];
        let cells = 0;
        for (const [network, record] of Object.entries(recorded.networks)) {
          const ask = (probes: Readonly<Record<string, Probe>>, packet: (key: string) => FlowPacket | undefined) => {
            for (const [key, probe] of Object.entries(probes)) {
              const asked = packet(key);
              if (asked === undefined) continue;
              cells++;
              wrong.push(difference(topology, asked, probe));
            }
          };
          const guest = `${network}-a`;
          ask(record['from guest'], (key) => packetOf(network, key));
          ask(record['from outside'], (key) => ({ ...familyAndProtocol(key), from: 'outside', to: guest }));
          ask(record['from host'], (key) => ({ ...familyAndProtocol(key), from: 'host', to: guest }));
        }
        expect(wrong.filter((one) => one !== undefined)).toEqual([]);
        expect(cells).toBeGreaterThan(100);
        console.log(`${folder}: ${cells} cells as measured`);
      });

      it(`between the networks of ${folder}`, () => {
        const recorded = matrix();
        const topology = topologyOf(recorded, true);
        const wrong: string[] = [];
        for (const [row, cells] of Object.entries(recorded.cross)) {
          const [from, family] = row.split(' ');
          for (const [to, word] of Object.entries(cells)) {
            const packet: FlowPacket = {
              from: `${from}-a`,
              to: `${to}-a`,
              protocol: 'tcp',
              family: family === '4' ? 'ipv4' : 'ipv6',
            };
            const flow = explainFlow(topology, packet);
            const own = topology.guests?.find(({ name }) => name === packet.from)?.addresses ?? [];
            const translated = !own.some((address) => address.replace(/\/.*/, '') === flow.sourceSeen);
            const told =
              flow.verdict !== 'delivered' ? flow.verdict.replace('-', ' ') : translated ? 'translated' : 'yes';
            const seen = ['NAT', 'snat', 'masq'].includes(word) ? 'translated' : word;
            if (told !== seen) wrong.push(`${row} > ${to}: told ${told} (${flow.reason}), measured ${word}`);
          }
        }
        expect(wrong).toEqual([]);
      });
    }
  },
);

const familyAndProtocol = (key: string) => ({
  protocol: PROTOCOLS[key.split(' ')[0] ?? ''] ?? 'icmp',
  family: key.endsWith('6') ? ('ipv6' as const) : ('ipv4' as const),
});

/** What a recorded probe asked, such as `tcp other guest 6` or `dns outside name`. */
function packetOf(network: string, key: string): FlowPacket | undefined {
  const from = `${network}-a`;
  if (key === 'dns outside name')
    return { from, to: 'host', protocol: 'dns', family: 'ipv4', name: 'www.outside.test' };
  if (key === 'dns other guest')
    return {
      from,
      to: 'host',
      protocol: 'dns',
      family: 'ipv4',
      name: `${network}-b${network === 'nat' ? '.nat.test' : ''}`,
    };
  const receiver = /^\w+ (.+) \d$/.exec(key)?.[1] ?? '';
  // On the bridged LAN the gateway is the machine outside.
  const to = network === 'hostbridge' && receiver === 'gateway' ? 'outside' : RECEIVERS[receiver];
  if (to === undefined) throw new Error(`unknown probe ${key}`);
  return { ...familyAndProtocol(key), from, to: to === '-b' ? `${network}-b` : to };
}

// The words of probes are checked by themselves: a wrong one would hide differences.
it('a failed probe is not taken for a delivered one', () => {
  expect(verdictOf({ ok: false, error: 'ECONNREFUSED' })).toBe('rejected');
  expect(verdictOf({ ok: false, error: 'timeout' })).toBe('timeout');
});
