import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ovn as Cloud, ovn, ovsdb } from '../../src/ovn/index.js';
import { explainFlow, renderFlow } from '../../src/preview/index.js';
import { lab, type Ovn } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, type Random, runs } from '../support/random.js';
import { LAN } from './across-hosts.js';
import { type RandomTopology, randomTopology } from './random-topology.js';
import { type Facts, judgeAll, macOutside, publicsOf, type Question, TraceJudge } from './trace-judge.js';

needs('Open vSwitch and OVN');

const TOPOLOGIES = runs(30, 3);
const QUESTIONS = runs(300, 60);

describe('what explainFlow says of networks on OVN', () => {
  let hosts: Ovn;
  let cloud: Cloud;
  beforeAll(() => {
    hosts = lab.ovn({ hosts: 3 });
    cloud = ovn({ northbound: hosts.northbound });
  }, 60_000);
  afterAll(async () => {
    await cloud.close();
    hosts.stop();
  });

  it('is what ovn-trace says', async () => {
    const random = announce('topologies of OVN that ovn-trace judges', TOPOLOGIES);
    const differences: string[] = [];
    for (let i = 0; i < TOPOLOGIES; i++) {
      const topology = randomTopology(random);
      const facts = await made(topology);
      differences.push(...differencesIn(topology, facts, questionsOf(topology, random)));
      for (const { network } of topology.networks) await cloud.networks.ensureAbsent(network.name, { inUse: true });
    }
    expect(differences.join('\n')).toBe('');
  }, 1_800_000);

  function differencesIn(topology: RandomTopology, facts: Facts, questions: readonly Question[]): readonly string[] {
    const judge = new TraceJudge(topology, facts);
    const followings = questions.map((question) => judge.follow(question));
    const judged = judgeAll(hosts, followings);
    const printed = printedRules(topology);
    return questions.flatMap((question, i) => {
      const flow = explainFlow(topology, question);
      const rules = flow.steps.flatMap(({ what, text }) =>
        what === 'firewall' || what === 'translate' ? (/: (.*)$/.exec(text)?.[1] ?? []) : [],
      );
      const unknown = rules.filter((rule) => !printed.includes(rule));
      if (unknown.length > 0) return [`${renderFlow(flow)}but ovn-nbctl does not print ${unknown.join(' and ')}\n`];
      const [said, traced] = [words(flow.verdict, flow.sourceSeen), words(judged[i]?.verdict, judged[i]?.source)];
      return said === traced ? [] : [`${renderFlow(flow)}but ovn-trace: ${traced}, not ${said}\n`];
    });
  }

  /** The rules of all networks as OVN's own tool prints them, with single blanks. */
  function printedRules({ networks }: RandomTopology): string {
    const lists = networks.flatMap(({ network: { name }, outside }) => [
      ['acl-list', `lvn_${name.replaceAll('-', '_2d_')}`],
      ...(outside === undefined
        ? []
        : [
            ['acl-list', `lvn-${name}-outside`],
            ['lr-lb-list', `lvn-${name}-router`],
          ]),
    ]);
    // The list of translations cuts long addresses.
    const translations = ['--bare', '--columns=type,external_ip,external_port_range,logical_ip', 'list', 'NAT'];
    return [...lists, translations].map((words) => hosts.nbctl(...words).replaceAll(/\s+/g, ' ')).join(' ');
  }

  /** Makes the networks with their guests' ports, and has the routers know the machines of the LAN. */
  async function made(topology: RandomTopology): Promise<Facts> {
    const { networks, guests } = topology;
    for (const { network, outside } of networks)
      await cloud.networks.ensure(network, outside === undefined ? {} : { outside });
    const ports = new Map<string, string>();
    for (const { name, network, mac, addresses } of guests)
      ports.set(name, (await cloud.networks.port(network, { mac, ip: addresses })).id);
    hosts.nbctl('--wait=sb', 'sync');
    const rows = await cloud.northbound.select('Logical_Router_Port', { columns: ['name', 'mac'] });
    const macs = new Map(rows.map(({ name, mac }) => [String(name), String(mac)]));
    await acquaint(topology, macs);
    return { ports, macs };
  }

  async function acquaint({ networks, outside }: RandomTopology, macs: Facts['macs']): Promise<void> {
    await using southbound = ovsdb({ endpoints: hosts.southbound, database: 'OVN_Southbound' });
    const machines = outside.flatMap(({ addresses }, i) =>
      addresses.map((cidr) => ({ ip: cidr.replace(/\/.*/, ''), mac: macOutside(i) })),
    );
    const routers = networks.flatMap((net) =>
      publicsOf(net).map((ip) => ({ ip, mac: macs.get(`lvn-${net.network.name}-outside`) ?? '' })),
    );
    for (const { network, outside: way } of networks) {
      if (way === undefined) continue;
      const logical_port = `lvn-${network.name}-outside`;
      const [binding] = await southbound.select('Port_Binding', {
        where: [['logical_port', '==', logical_port]],
        columns: ['datapath'],
      });
      const datapath = String(binding?.['datapath']);
      await southbound.transact(
        [...machines, ...routers].map(({ ip, mac }) => ({
          op: 'insert',
          table: 'MAC_Binding',
          row: { logical_port, ip, mac, datapath },
        })),
      );
    }
  }
});

const words = (verdict: string | undefined, source: string | undefined): string =>
  `${verdict} from ${source ?? 'nobody'}`;

/** Everybody to everybody, of every kind; a share of that. */
function questionsOf(topology: RandomTopology, random: Random): readonly Question[] {
  const senders = [...topology.guests.map(({ name }) => name), LAN.ipv4, LAN.ipv6, LAN.far4, LAN.far6];
  const publics = topology.networks.flatMap(publicsOf);
  const gateways = topology.networks.flatMap(({ network }) =>
    (network.document.ips ?? []).flatMap(({ address }) => address ?? []),
  );
  const receivers = [
    ...topology.guests.flatMap(({ addresses }) => addresses),
    ...publics,
    ...gateways,
    LAN.ipv4,
    LAN.ipv6,
    LAN.far4,
    LAN.far6,
    '172.30.1.99',
    '198.51.100.99',
    '9.9.9.9',
    '10.77.0.1',
  ];
  const all = senders.flatMap((from) =>
    receivers.flatMap((to) =>
      KINDS.map((kind): Question => ({ from, to, family: to.includes(':') ? 'ipv6' : 'ipv4', ...kind })),
    ),
  );
  const isOwn = ({ from, to }: Question) =>
    topology.guests.some((guest) => guest.name === from && guest.addresses.includes(to));
  const isOfFamily = ({ from, family }: Question) =>
    topology.guests.some(({ name }) => name === from) || from.includes(':') === (family === 'ipv6');
  const possible = all.filter(
    (one) => one.from !== one.to && isOfFamily(one) && !isOwn(one) && !mayReachItself(topology, one),
  );
  return possible.length <= QUESTIONS ? possible : random.list(QUESTIONS, QUESTIONS, () => random.pick(possible));
}

/** `ovn-trace` does not know what the load balancer of a switch does for a guest that reaches itself; packets.libvirt.test.ts sees it. */
const mayReachItself = ({ guests, networks }: RandomTopology, { from, to, protocol }: Question): boolean =>
  protocol !== 'icmp' &&
  networks.some(
    (net) =>
      Array.isArray(net.outside?.chassis) &&
      publicsOf(net).includes(to) &&
      guests.some(({ name, network }) => name === from && network === net.network.name),
  );

const KINDS = [
  { protocol: 'icmp', port: 0 },
  ...[80, 81, 82, 7000].map((port) => ({ protocol: 'tcp', port }) as const),
  ...[80, 81].map((port) => ({ protocol: 'udp', port }) as const),
] as const;
