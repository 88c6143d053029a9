import { runsDnsmasq } from '../../preview/dnsmasq/index.js';
import { command } from '../../shell/quote.js';
import type { HostEvidence } from '../evidence.js';
import type { Finding } from '../findings.js';
import type { Facts, NetworkFacts } from './facts.js';
import { EVERYTHING, finding, proof, servicesOf, virsh } from './finding.js';

/**
 * A network that does not run has no bridge, and its guests have nothing.
 *
 * @param isMissed - false for one that may be switched off on purpose
 */
export function inactive({ state: { name, active } }: NetworkFacts, isMissed: boolean): Finding[] {
  if (active) return [];
  return [
    finding('network-inactive', {
      severity: isMissed ? 'error' : 'warning',
      what: `network ${name} does not run`,
      network: name,
      loses: EVERYTHING,
      evidence: [proof('virsh net-list --all', `${name} inactive`)],
      owner: 'libvirt',
      remedy: {
        commands: [virsh('net-start', name), virsh('net-autostart', name)],
        note: 'Guests that ran before are no longer connected to the bridge: shut them down and start them, or put each tap back with ip link set TAP master BRIDGE.',
      },
    }),
  ];
}

/** libvirt starts a dnsmasq that is missing when its daemon starts, and not before. */
export function service({ dnsmasq }: Facts, { state: { name }, preview }: NetworkFacts): Finding[] {
  if (dnsmasq === undefined || preview === undefined || !runsDnsmasq(preview)) return [];
  const own = dnsmasq.find(({ network }) => network === name);
  const common = { network: name, loses: servicesOf(preview), owner: 'libvirt' } as const;
  if (own === undefined || own.state === 'gone')
    return [
      finding('dnsmasq-dead', {
        ...common,
        what: `the dnsmasq of network ${name} has ended: guests get no address and no names`,
        evidence: [
          own === undefined
            ? proof(`/run/libvirt/network/${name}.pid`, 'does not exist')
            : proof(`/proc/${own.pid}`, `no dnsmasq has the number ${own.pid} of /run/libvirt/network/${name}.pid`),
        ],
        remedy: {
          commands: [RESTART],
          note: 'The daemon starts each dnsmasq that is missing; networks and guests go on meanwhile.',
        },
      }),
    ];
  if (!/^[TtDZX]/.test(own.state)) return [];
  return [
    finding('dnsmasq-stopped', {
      ...common,
      what: `the dnsmasq of network ${name} is stopped: it gets questions and does not answer`,
      evidence: [proof(`/proc/${own.pid}/status`, `State: ${own.state}`)],
      owner: 'host',
      remedy: {
        commands: [
          own.state.startsWith('T') ? command`kill -CONT ${own.pid}` : command`kill -KILL ${own.pid}`,
          ...(own.state.startsWith('T') ? [] : [RESTART]),
        ],
      },
    }),
  ];
}

/** Makes libvirt start what is missing: each dnsmasq, and its rules. */
export const RESTART = 'systemctl try-restart virtnetworkd.service libvirtd.service';

/** A daemon that does not answer: its networks may go on, but nobody can say so. */
export function unreachable({ unreachable: why, host, looks }: HostEvidence): Finding[] {
  if (why === undefined) return [];
  const sockets = (looks.sockets ?? '').split('\n').filter((line) => line !== '');
  return [
    finding('libvirt-unreachable', {
      what: `libvirt does not answer at ${host}: ${why.message}`,
      loses: [{ need: 'start' }],
      evidence: [proof(why.code, why.message), ...sockets.map((line) => proof('ls -l /run/libvirt', line))],
      owner: 'libvirt',
      remedy: {
        commands: ['systemctl start virtnetworkd.socket virtqemud.socket || systemctl start libvirtd.socket'],
        ...(why.hint === undefined ? {} : { note: why.hint }),
      },
    }),
  ];
}
