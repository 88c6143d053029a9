import { type CallOptions, deadline, type RemainingTime } from '../../async/deadline.js';
import { inParallel } from '../../async/parallel.js';
import type { AttachedNic } from '../../client/guests/attached-nic.js';
import { listGuests } from '../../client/guests/list-guests.js';
import { type Host, transportOf } from '../../client/host.js';
import { readPorts } from '../../client/state/ports.js';
import { LibvirtError } from '../../errors/index.js';
import type { NetworkPort } from '../../schema/networkport.js';
import { compact } from '../../schema/values.js';
import type { NetworkState, Transport } from '../../transport/operations.js';
import type { HostEvidence, LeaseEvidence, NetworkEvidence, NicEvidence, NotSeen } from '../evidence.js';

/** What libvirt itself says. */
export type Told = Omit<HostEvidence, 'looks' | 'host'>;

/** Requests to libvirt at a time. */
const AT_A_TIME = 4;

/** Asks libvirt about all its networks and the NICs of running guests. */
export async function askLibvirt(host: Host, options: CallOptions): Promise<Told> {
  const transport = transportOf(host);
  const remaining = deadline(options);
  const notSeen: NotSeen[] = [];
  const seen = <T>(what: string, how: string, fallback: T, asked: Promise<T>): Promise<T> =>
    asked.catch((error: unknown) => {
      options.signal?.throwIfAborted();
      if (!isAboutHost(error)) throw error;
      notSeen.push({ what, why: error.message, how });
      return fallback;
    });
  const versions = await seen(
    'the release of libvirt',
    ASK_AGAIN,
    { missing: [] },
    transport.call('host.capabilities', {}, remaining()),
  );
  const listed = await listNetworks(transport, remaining());
  if ('unreachable' in listed) return { ...listed, networks: [], nics: [], notSeen };
  const { states } = listed;
  const networks = await inParallel(states, AT_A_TIME, (state) =>
    seen(
      `leases of network "${state.name}"`,
      ASK_AGAIN,
      evidenceOf(state, []),
      readNetwork(transport, state, remaining),
    ),
  );
  const domains = await seen('guests', GUESTS, [], guestNics(transport, remaining));
  const ports = await inParallel(
    states.filter(({ active }) => active),
    AT_A_TIME,
    (state) =>
      seen(
        `ports of network "${state.name}"`,
        'libvirt 5.5 or later reports them',
        [],
        portNics(transport, state, remaining),
      ),
  );
  return compact({
    libvirt: versions.daemon ?? versions.client,
    networks,
    nics: withPorts(domains, ports.flat()),
    notSeen,
  });
}

type Listed = { readonly states: readonly NetworkState[] } | Required<Pick<HostEvidence, 'unreachable'>>;

/** A libvirt that does not answer is a finding of its own. */
async function listNetworks(transport: Transport, options: CallOptions): Promise<Listed> {
  try {
    return { states: await transport.call('network.list', { xml: true }, options) };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isAboutHost(error)) throw error;
    const { code, message, hint } = error;
    return { unreachable: compact({ code, message, hint }) };
  }
}

/** A connection that the program itself has closed tells nothing about the host, nor does an argument that it has got wrong. */
const isAboutHost = (error: unknown): error is LibvirtError =>
  LibvirtError.is(error) && error.code !== 'CLOSED' && error.code !== 'INVALID_ARGUMENT';

const ASK_AGAIN = 'ask libvirt again, as a user that it lets read its networks';
const GUESTS = 'connect to the driver of virtual machines, qemu:///system';

async function readNetwork(
  transport: Transport,
  state: NetworkState,
  remaining: RemainingTime,
): Promise<NetworkEvidence> {
  if (!state.active) return evidenceOf(state, []);
  const leases = await transport.call('network.leases', { network: state.uuid, name: state.name }, remaining());
  return evidenceOf(
    state,
    leases.map(({ mac, address, hostname }) => compact({ mac, address, hostname })),
  );
}

const evidenceOf = (state: NetworkState, leases: readonly LeaseEvidence[]): NetworkEvidence => {
  const { name, uuid, active, persistent, autostart, xml = '' } = state;
  return { name, uuid, active, persistent, autostart, xml, leases };
};

async function guestNics(transport: Transport, remaining: RemainingTime): Promise<NicEvidence[]> {
  const guests = await listGuests(transport, { active: true }, remaining());
  return guests.flatMap(({ state, live = [] }) => live.map((nic) => nicOf(state.name, nic)));
}

const nicOf = (guest: string, { mac, network, bridge, device, link, xml }: AttachedNic): NicEvidence =>
  compact({
    guest,
    mac,
    network,
    bridge,
    tap: device,
    link,
    isolated: /<port isolated='yes'/.test(xml) || undefined,
    filter: /<filterref filter='([^']*)'/.exec(xml)?.[1],
  });

async function portNics(
  transport: Transport,
  { name, uuid }: NetworkState,
  remaining: RemainingTime,
): Promise<NicEvidence[]> {
  const ports = await readPorts(transport, { network: uuid, name }, remaining);
  return ports.map((port) => nicOfPort(name, port));
}

const nicOfPort = (network: string, { owner, mac, plug, port }: NetworkPort): NicEvidence =>
  compact({
    guest: owner.name,
    mac: mac.address,
    network,
    bridge: plug !== undefined && 'bridge' in plug ? plug.bridge : undefined,
    link: 'up' as const,
    isolated: port?.isolated,
  });

/** A guest's own definition says more than the network's port for it. */
function withPorts(domains: readonly NicEvidence[], ports: readonly NicEvidence[]): readonly NicEvidence[] {
  const known = new Set(domains.map(({ mac }) => mac));
  return [...domains, ...ports.filter(({ mac }) => !known.has(mac))];
}
