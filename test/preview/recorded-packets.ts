import type { FlowPacket, Topology } from '../../src/preview/index.js';
import type { Probe } from '../lab/index.js';
import { subnetsOf } from './recorded-hosts.js';

/** The address that one side reaches another by, without its prefix; undefined where it has none of the family. */
export function addressOf(topology: Topology, { from, to, family = 'ipv4' }: FlowPacket): string | undefined {
  const sender = topology.guests?.find(({ name }) => name === from);
  const network = topology.networks.find(({ name }) => name === sender?.network);
  const lan = topology.outside?.[network?.kind === 'bridge' ? 1 : 0];
  const host = network === undefined ? lan?.host : subnetsOf(network);
  const guest = topology.guests?.find(({ name }) => name === to)?.addresses;
  const addresses = guest ?? (to === 'host' ? host : lan?.outside) ?? [];
  return addresses.find((text) => text.includes(':') === (family === 'ipv6'))?.replace(/\/.*/, '');
}

/** The packets that are recorded, sorted by their senders' networks. */
export function packetsOf(topology: Topology): FlowPacket[] {
  const names = topology.networks.map(({ name }) => name);
  const packets = names.flatMap((name) => [...packetsAround(name), ...packetsAcross(name, names)]);
  return packets.filter((packet) => {
    const own = topology.guests?.find(({ name }) => name === packet.from);
    const canSend =
      own === undefined || addressOf(topology, { ...packet, from: 'outside', to: packet.from }) !== undefined;
    return canSend && addressOf(topology, packet) !== undefined;
  });
}

type Question = Pick<FlowPacket, 'from' | 'to' | 'protocol' | 'name'>;

const inBothFamilies = (questions: readonly Question[]): FlowPacket[] =>
  (['ipv4', 'ipv6'] as const).flatMap((family) => questions.map((question) => ({ ...question, family })));

/** From and to a guest: the host, the other guest and the outside. */
function packetsAround(network: string): FlowPacket[] {
  const [from, other] = [`${network}-a`, `${network}-b`];
  const domain = network === 'nat' ? '.nat.test' : '';
  return [
    ...inBothFamilies([
      ...(['icmp', 'tcp'] as const).flatMap((protocol) => [
        { from, to: 'host', protocol },
        { from, to: other, protocol },
        { from, to: 'outside', protocol },
        { from: 'outside', to: from, protocol },
      ]),
      { from, to: 'outside', protocol: 'udp' },
      { from: 'host', to: from, protocol: 'tcp' },
    ]),
    { from, to: 'host', protocol: 'dns', family: 'ipv4', name: `${other}${domain}` },
    { from, to: 'host', protocol: 'dns', family: 'ipv4', name: 'www.outside.test' },
  ];
}

/** From a guest of one network to those of all others. */
function packetsAcross(network: string, names: readonly string[]): FlowPacket[] {
  const from = network === 'isolated' ? 'isolated-c' : `${network}-a`;
  const others = names.filter((other) => other !== network);
  return inBothFamilies(others.map((other) => ({ from, to: `${other}-a`, protocol: 'tcp' })));
}

/** What is asked: `nat-a > outside tcp ipv4`. */
export const questionOf = ({ from, to, protocol, family, name }: FlowPacket): string =>
  [from, '>', to, protocol, family, ...(name === undefined ? [] : [name])].join(' ');

/** A packet and what became of it, as a line of a recording: `nat-a > outside tcp ipv4: ok, seen as 198.51.100.1`. */
export function recordLine(packet: FlowPacket, { ok, peer, rcode, error }: Probe): string {
  const outcome = ok ? 'ok' : (rcode ?? error);
  return `${questionOf(packet)}: ${outcome}${peer === undefined ? '' : `, seen as ${peer}`}`;
}

/** Reads the lines of a recording: what became of each packet, by what was asked. */
export function readRecord(text: string): Map<string, Probe> {
  return new Map(text.trimEnd().split('\n').map(probeOf));
}

function probeOf(line: string): [question: string, probe: Probe] {
  const [, question = '', word = '', peer] = /^(.*?): ([^,]*)(?:, seen as (.*))?$/.exec(line) ?? [];
  if (word !== 'ok') return [question, { ok: false, error: word, rcode: word }];
  return [question, { ok: true, ...(peer === undefined ? {} : { peer }) }];
}
