import { CALL_OPTIONS, type CallOptions } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { isList } from '../../options/kind-of-value.js';
import { type OptionNames, optionsOf, readable } from '../../options/options.js';
import { shown } from '../../options/shown.js';
import { checkSignal } from '../../options/values.js';
import { isOvnName } from '../../ovn-model/ovn-name.js';
import { type Family, parseAddress } from '../../schema/address.js';
import { isRecord } from '../../schema/values.js';
import { checkEndpoints } from '../check-options.js';
import { endpointsOf } from '../wire/endpoints.js';
import { INTEGRATION_BRIDGE } from './facts.js';

/** Options of {@link chassis}: what the host should be. */
export interface ChassisOptions extends CallOptions {
  /** Where the servers of the southbound database listen, such as `ssl:10.0.0.1:6642`; several as an array, or with commas between them. */
  readonly southbound: string | readonly string[];
  /** Address of the host in the underlay, the network that carries the tunnels. */
  readonly ip: string;
  /** How packets travel between hosts. Default: `geneve`. */
  readonly encapsulation?: 'geneve' | 'vxlan' | undefined;
  /** Name of the chassis, which no other host has. Default: the one that it has, else the host's name. */
  readonly name?: string | undefined;
  /** Bridges of Open vSwitch that lead to physical networks, by the names that `outside.physicalNetwork` has for these. Default: none. */
  readonly bridges?: Readonly<Record<string, string>> | undefined;
  /** MTU of the guests, which must fit into the underlay together with the tunnel's headers. Default: what fits into 1500 bytes. */
  readonly mtu?: number | undefined;
}

const OPTIONS: OptionNames<ChassisOptions> = {
  ...CALL_OPTIONS,
  southbound: true,
  ip: true,
  encapsulation: true,
  name: true,
  bridges: true,
  mtu: true,
};

/** What a host should be, checked. */
export interface WantedChassis extends CallOptions {
  readonly southbound: readonly string[];
  readonly ip: string;
  readonly family: Family;
  readonly encapsulation: 'geneve' | 'vxlan';
  readonly name?: string | undefined;
  readonly bridges: ReadonlyMap<string, string>;
  /** Bytes that a tunnel adds to a guest's packet. */
  readonly overhead: number;
  readonly mtu: number;
}

/** Bytes of the headers of a tunnel over IPv4: IP, UDP, Geneve with OVN's option or VXLAN, and Ethernet. */
const OVERHEAD = { geneve: 58, vxlan: 50 } as const;
const MORE_OF_IPV6 = 20;
const USUAL_UNDERLAY = 1500;

/** Loopback, unspecified, multicast, broadcast and link-local addresses. */
const OF_NO_HOST = /^(?:127\.|0\.|22[4-9]\.|2[34]\d\.|25[0-5]\.|169\.254\.|::1?$|ff|fe[89ab])/i;

/**
 * Reads what a host should be.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function wantedChassis(given: ChassisOptions): WantedChassis {
  const {
    southbound,
    ip,
    encapsulation = 'geneve',
    name,
    bridges = {},
    mtu,
    ...call
  } = optionsOf(given, OPTIONS, 'chassis');
  checkSignal(call.signal);
  checkEndpoints('southbound', southbound);
  const endpoints = endpointsOf(southbound);
  for (const { label } of endpoints)
    if (/[$`(){};|&<>!*?#~]/.test(label))
      throw invalid('southbound', label, 'endpoints with the name or the address of a host');
  const address = typeof ip === 'string' ? parseAddress(ip) : undefined;
  if (address === undefined || OF_NO_HOST.test(address.text))
    throw invalid('ip', ip, 'the address of the host in the underlay, as other hosts reach it');
  if (typeof encapsulation !== 'string' || !Object.hasOwn(OVERHEAD, encapsulation))
    throw invalid('encapsulation', encapsulation, 'geneve or vxlan');
  const overhead = OVERHEAD[encapsulation] + (address.family === 'ipv6' ? MORE_OF_IPV6 : 0);
  return {
    ...call,
    southbound: endpoints.map(({ label }) => label),
    ip: address.text,
    family: address.family,
    encapsulation,
    name: name === undefined ? undefined : nameOf('name', name),
    bridges: bridgesOf(bridges),
    overhead,
    mtu: mtuOf(mtu ?? USUAL_UNDERLAY - overhead, overhead),
  };
}

function bridgesOf(given: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  if (!isRecord(given) || isList(given) || Object.getPrototypeOf(given) !== Object.prototype)
    throw invalid('bridges', given, "bridges by names, such as { lan: 'br-ex' }");
  const entries = readable('chassis', () => Object.entries(given));
  return new Map(entries.map(([network, bridge]) => [nameOf('bridges', network), bridgeOf(bridge)]));
}

/** A bridge of Open vSwitch is a device of the host; the one for guests leads to none of its networks. */
function bridgeOf(name: unknown): string {
  if (isOvnName(name) && /^[^-/][^/]{0,14}$/.test(name) && name !== INTEGRATION_BRIDGE) return name;
  throw invalid('bridges', name, `names of bridges other than ${INTEGRATION_BRIDGE}, with at most 15 characters`);
}

function mtuOf(mtu: number, overhead: number): number {
  const most = 65_535 - overhead;
  if (Number.isInteger(mtu) && mtu >= 68 && mtu <= most) return mtu;
  throw invalid('mtu', mtu, `a whole number from 68 to ${most}`);
}

function nameOf(what: string, name: unknown): string {
  if (isOvnName(name)) return name;
  throw invalid(what, name, 'a name without spaces, commas, colons, quotes and backslashes');
}

const invalid = (what: string, value: unknown, wanted: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${what} of chassis must be ${wanted}, not '${shown(value)}'`, {
    hint: "as in chassis(host, { southbound: 'tcp:10.0.0.1:6642', ip: '10.0.0.2' })",
  });
