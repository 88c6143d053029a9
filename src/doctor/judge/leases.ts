import { numberOf } from '../../preview/flow/addresses.js';
import { command } from '../../shell/quote.js';
import type { Finding } from '../findings.js';
import { type Facts, type NetworkFacts, settingOf } from './facts.js';
import { finding, proof, virsh } from './finding.js';

/** A range whose addresses are all lent: dnsmasq answers nobody new. */
export function pool(_: Facts, { network, state: { name, leases } }: NetworkFacts): Finding[] {
  const lent = new Set(leases.map(({ address }) => address));
  return (network.document.ips ?? []).flatMap(({ family, dhcp }) => {
    if (family === 'ipv6') return [];
    const ranges = (dhcp?.ranges ?? []).flatMap(({ start, end }) =>
      start === undefined || end === undefined ? [] : [{ start: numberOf(start), end: numberOf(end) }],
    );
    const size = ranges.reduce((sum, { start, end }) => sum + Number(end - start) + 1, 0);
    const used = [...lent]
      .filter((text) => !text.includes(':'))
      .map(numberOf)
      .filter((value) => ranges.some(({ start, end }) => start <= value && value <= end)).length;
    if (size === 0 || used < size) return [];
    return [
      finding('range-full', {
        what: `all ${size} addresses that network ${name} gives out are leased: a new guest gets none`,
        network: name,
        loses: [{ need: 'dhcp', family: 'ipv4' }],
        evidence: [proof(virsh('net-dhcp-leases', name), `${used} leases for ${size} addresses`)],
        owner: 'libvirt',
        remedy: {
          commands: [virsh('net-edit', name)],
          note: 'Make the range larger, or the leases shorter; the network must be restarted.',
        },
      }),
    ];
  });
}

/** A lease that was given before its reservation was made. */
export function reservations(_: Facts, { network, state: { name, leases } }: NetworkFacts): Finding[] {
  const hosts = (network.document.ips ?? []).flatMap(({ dhcp }) => dhcp?.hosts ?? []);
  return leases.flatMap(({ mac, address }) => {
    const own = hosts.find(
      (host) => host.mac === mac && host.ip !== undefined && host.ip.includes(':') === address.includes(':'),
    );
    if (own?.ip === undefined || own.ip === address) return [];
    return [
      finding('lease-not-reserved', {
        what: `${mac} has ${address}, but network ${name} reserves ${own.ip} for it: it gets that with its next lease`,
        network: name,
        loses: [],
        evidence: [
          proof(virsh('net-dhcp-leases', name), `${mac} ${address}`),
          proof(virsh('net-dumpxml', name), `<host mac='${mac}' ip='${own.ip}'/>`),
        ],
        owner: 'guest',
        remedy: { commands: [], note: 'Let the guest release its lease and ask again, or restart it.' },
      }),
    ];
  });
}

/** A full table of connections: the kernel drops every new one. */
export function connections(facts: Facts, { state: { name } }: NetworkFacts): Finding[] {
  const [count, max] = ['count', 'max'].map((word) => Number(settingOf(facts, `net.netfilter.nf_conntrack_${word}`)));
  if (count === undefined || max === undefined || !(max > 0) || !(count >= max)) return [];
  return [
    finding('connections-full', {
      what: `the table of tracked connections is full (${count} of ${max}): the kernel drops packets of new ones`,
      network: name,
      loses: [{ need: 'out' }, { need: 'dns' }, { need: 'dhcp' }],
      evidence: [
        proof('sysctl', `net.netfilter.nf_conntrack_count = ${count}, net.netfilter.nf_conntrack_max = ${max}`),
      ],
      owner: 'kernel',
      remedy: { commands: [command`sysctl -w net.netfilter.nf_conntrack_max=${2 * max}`] },
    }),
  ];
}
