import { createHash } from 'node:crypto';
import { CALL_OPTIONS } from '../../async/deadline.js';
import type { CallOptions } from '../../client/index.js';
import { readAcceptRa } from '../../host-facts/accept-ra.js';
import type { HostDevice } from '../../host-facts/devices.js';
import { textAt } from '../../host-facts/json-fields.js';
import { readDevices, readIpJson, readRoutes } from '../../host-facts/read-ip-json.js';
import type { HostRoute } from '../../host-facts/routes.js';
import { optionsOf } from '../../options/options.js';
import { compact } from '../../schema/values.js';
import type { Runner } from '../runner/runner.js';
import { ALL_PROBES, type Answers, probe } from './probes.js';
import { linesOf, readTraces, type SystemTraces } from './systems.js';

/** State of a host: plain data that was read in one go. */
export interface Observation {
  /** Names the host. */
  readonly label: string;
  readonly devices: readonly HostDevice[];
  readonly routes: readonly HostRoute[];
  /** The kernel's `accept_ra` for all devices. Default: not known. */
  readonly acceptRa?: number;
  /** Programs of those that matter here that the host has. */
  readonly tools: readonly string[];
  /** True if systemd is the first process. */
  readonly systemd: boolean;
  /** Traces of each network system. */
  readonly systems: SystemTraces;
  /** Names of Open vSwitch bridges. */
  readonly openvswitch: readonly string[];
  /** Device that leads to whoever is connected by ssh; absent when nobody is. */
  readonly peerDevice?: string;
  /** By what DHCP servers know devices of systemd-networkd, in hexadecimal digits. Default: not known. */
  readonly clientIds?: Readonly<Record<string, string>>;
  /** True if frames that cross a bridge go through iptables, where a docker drops them. */
  readonly bridgeNetfilter: boolean;
}

/**
 * Looks at a host without changing anything. One run of a script.
 *
 * @param runner - the way to the host
 * @param options - what ends it early
 * @throws `TransportError` codes `TOOL_MISSING` where `ip` is missing, `TIMEOUT`, `SSH_FAILED`, `CONNECTION_FAILED`
 */
export async function observe(runner: Runner, options: CallOptions = {}): Promise<Observation> {
  const limits = optionsOf(options, CALL_OPTIONS, 'observe');
  return observationOf(await probe(runner, ALL_PROBES, limits), runner.label);
}

/** Builds the observation from the answers of a host. */
export function observationOf(answers: Answers, label: string): Observation {
  return compact({
    label,
    ...readFacts(answers, label),
    tools: linesOf(answers.tools),
    systemd: answers.systemd !== undefined,
    systems: readTraces(answers),
    openvswitch: linesOf(answers.openvswitch),
    clientIds: answers.clientIds === undefined ? undefined : idsIn(answers.clientIds),
    bridgeNetfilter: answers.netfilter?.trim() === '1',
    peerDevice: readIpJson(answers.peer ?? '', label).flatMap((route) => textAt(route, 'dev') ?? [])[0],
  });
}

/** Lines with a device and its id. */
const idsIn = (lines: string): Record<string, string> =>
  Object.fromEntries(linesOf(lines).map((line) => [line.replace(/ .*/, ''), line.replace(/^.* /, '')]));

/** The probes that {@link readFacts} reads. */
export const FACT_PROBES = ['links', 'addresses', 'routes4', 'routes6', 'wireless', 'acceptRa', 'ipv6Routes'] as const;

/** Reads devices and routes from the answers of a host. */
export function readFacts(answers: Answers, host: string): Pick<Observation, 'devices' | 'routes' | 'acceptRa'> {
  const { links = '', addresses = '', routes4 = '', routes6 = '', ipv6Routes } = answers;
  const acceptRa = readAcceptRa(answers.acceptRa ?? '');
  const outputs = { host, links, addresses, wireless: linesOf(answers.wireless), acceptRa, ipv6Routes };
  return {
    ...compact({ acceptRa: acceptRa.get('all') }),
    devices: readDevices(outputs),
    routes: [...readRoutes('ipv4', routes4, host), ...readRoutes('ipv6', routes6, host)],
  };
}

/** The device of a name. */
export const findDevice = ({ devices }: Observation, name: string): HostDevice | undefined =>
  devices.find((device) => device.name === name);

/** The devices that are ports of a bridge. */
export const portsOfBridge = ({ devices }: Observation, bridge: string): readonly HostDevice[] =>
  devices.filter(({ master }) => master === bridge);

/** A short text that is another one when addresses, routes or links are others; times that run are left out. */
export function fingerprintOf({ devices, routes }: Observation): string {
  const still = devices.map(({ addresses, carrier: _, ...device }) => ({
    ...device,
    addresses: addresses.map(({ validS: __, preferredS: ___, ...address }) => address),
  }));
  return createHash('sha256')
    .update(JSON.stringify([still, routes]))
    .digest('hex');
}
