import { findConflicts } from '../../client/preflight/conflicts.js';
import type { Conflict, Neighbour } from '../../client/preflight/types.js';
import { readAcceptRa } from '../../host-facts/accept-ra.js';
import { runsDnsmasq, servesDns } from '../../preview/dnsmasq/index.js';
import { type PreviewNetwork, servesDhcp } from '../../preview/network.js';
import { command } from '../../shell/quote.js';
import type { Finding, FindingId } from '../findings.js';
import type { Complaint } from '../target.js';
import type { Facts, NetworkFacts } from './facts.js';
import { finding, proof } from './finding.js';
import { type Listener, listenersIn } from './listeners.js';

const START = [{ need: 'start' }] as const;

/** What keeps a network that does not run from starting. */
export function obstacles(facts: Facts, on: NetworkFacts, complaint: Complaint | undefined): readonly Finding[] {
  if (on.state.active) return [];
  return [...conflicts(facts, on), ...portsTaken(facts, on, complaint), ...failedHook(facts, on)];
}

/** Bridges, subnets and routes of others, as far as libvirt itself refuses to start for them. */
function conflicts(
  { devices, kernel, networks, evidence }: Facts,
  { network, state }: NetworkFacts,
): readonly Finding[] {
  if (devices === undefined || kernel?.routes === undefined) return [];
  const around = {
    networks: networks.map(neighbourOf),
    devices,
    routes: kernel.routes,
    acceptRa: readAcceptRa(evidence.looks.acceptRa ?? '').get('all'),
    ...(evidence.libvirt === undefined ? {} : { libvirt: evidence.libvirt }),
  };
  const refused = findConflicts(network, around).filter((one) => one.refused);
  return refused.map((one) =>
    finding(kindOf(one), {
      what: `network ${state.name} cannot start: ${one.message}`,
      network: state.name,
      loses: START,
      evidence: [
        proof(
          one.owner.kind === 'route'
            ? 'ip route show'
            : one.owner.kind === 'device'
              ? `ip addr show ${one.owner.name}`
              : 'virsh net-list',
          one.message,
        ),
      ],
      owner: one.owner.kind === 'network' ? 'libvirt' : 'host',
      remedy: { commands: [], note: one.hint ?? 'Give the network another one, or take it from the other.' },
    }),
  );
}

const neighbourOf = ({
  state: { name, uuid, active, persistent },
  network: { document },
}: NetworkFacts): Neighbour => ({
  name,
  uuid,
  ...(active ? { live: document } : {}),
  ...(persistent ? { stored: document } : {}),
});

const kindOf = ({ code }: Conflict): FindingId =>
  code === 'SUBNET_IN_USE' ? 'subnet-taken' : code === 'ACCEPT_RA' ? 'autoconfigured-routes' : 'bridge-taken';

/** A service that libvirt's dnsmasq needs the port of. */
interface Service {
  readonly port: number;
  readonly name: string;
  readonly wanted: (preview: PreviewNetwork) => boolean;
  readonly id: FindingId;
  readonly note: string;
}

const SERVICES: readonly Service[] = [
  {
    port: 53,
    name: 'DNS',
    id: 'dns-port-taken',
    wanted: servesDns,
    note: 'Let the other server listen on its own addresses alone (listen-on, bind-interfaces), or switch DNS of the network off.',
  },
  {
    port: 67,
    name: 'DHCP',
    id: 'dhcp-port-taken',
    wanted: ({ subnets }) => subnets.some((one) => one.subnet.family === 'ipv4' && servesDhcp(one)),
    note: 'Stop the other server, or bind it to a device of its own.',
  },
];

/** Servers of others that listen on every address. One of UDP may share its port, so that it is the cause only where the start fails. */
function portsTaken(
  { evidence: { looks } }: Facts,
  { preview, state: { name } }: NetworkFacts,
  complaint: Complaint | undefined,
): readonly Finding[] {
  if (preview === undefined || !runsDnsmasq(preview)) return [];
  const udp = complaint === 'does not start' ? listenersIn(looks.udp ?? '') : [];
  const all = [...udp, ...listenersIn(looks.tcp ?? '')];
  return SERVICES.flatMap((service) => {
    const other = service.wanted(preview)
      ? all.find((one) => one.port === service.port && blocks(one, preview))
      : undefined;
    return other === undefined ? [] : [portTaken(name, service, other)];
  });
}

const portTaken = (network: string, { id, port, name, note }: Service, { program, address, line }: Listener): Finding =>
  finding(id, {
    what: `network ${network} cannot start: ${program ?? 'another program'} listens on ${address}:${port}, the port of its ${name} server`,
    network,
    loses: START,
    evidence: [proof(`ss -lnp sport = :${port}`, line)],
    owner: 'host',
    remedy: { commands: [], note },
  });

/** libvirt's own servers are bound to a device or to the address of theirs. */
const blocks = ({ address, device, program }: Listener, { subnets }: PreviewNetwork): boolean =>
  device === undefined &&
  !(program === 'dnsmasq' && address !== '0.0.0.0') &&
  (['0.0.0.0', '*', '[::]'].includes(address) || subnets.some(({ subnet }) => subnet.gateway === address));

/** The last words of libvirt about a hook of the network. */
function failedHook({ evidence: { looks } }: Facts, { state: { name } }: NetworkFacts): readonly Finding[] {
  const lines = (looks.log ?? '').split('\n').filter((line) => line.includes('Hook script execution failed'));
  const line = lines.reverse().find((one) => /hooks\/network(?:\.d\/\S+)? /.test(one) && one.includes(` ${name} `));
  if (line === undefined) return [];
  const path = /(\/\S*hooks\/network\S*)/.exec(line)?.[1] ?? '/etc/libvirt/hooks/network';
  return [
    finding('hook-fails', {
      what: `network ${name} cannot start: the hook ${path} fails`,
      network: name,
      loses: START,
      evidence: [proof("libvirt's log", line.trim())],
      owner: 'host',
      remedy: {
        commands: [],
        note: `Mend the script: it must end with status 0. Try it: ${command`${path} ${name} start begin - </dev/null; echo $?`}`,
      },
    }),
  ];
}

const PERMISSIONS = /^(\d+) (\S+)$/;

/** libvirt passes over hooks that may not be executed, without a word. */
export function skippedHooks({ evidence: { looks } }: Facts): readonly Finding[] {
  const files = (looks.hooks ?? '').split('\n').flatMap((line) => {
    const [, mode = '', path = ''] = PERMISSIONS.exec(line) ?? [];
    return path === '' || (Number.parseInt(mode, 8) & 0o111) !== 0 ? [] : [{ mode, path }];
  });
  return files.map(({ mode, path }) =>
    finding('hook-skipped', {
      what: `libvirt passes over the hook ${path}: nobody may execute it`,
      loses: [],
      evidence: [proof(`stat -c %a ${path}`, mode)],
      owner: 'host',
      remedy: { commands: [command`chmod 755 ${path}`], note: 'It runs with the next start of a network.' },
    }),
  );
}
