import { parseDump } from '../../client/state/definition.js';
import { LibvirtError } from '../../errors/index.js';
import { readAcceptRa } from '../../host-facts/accept-ra.js';
import type { HostDevice } from '../../host-facts/devices.js';
import { type Fields, recordsIn, textAt } from '../../host-facts/json-fields.js';
import { readDevices, readIpJson } from '../../host-facts/read-ip-json.js';
import type { AnyNetwork } from '../../model/network.js';
import type { HostFirewall } from '../../preview/firewall-model/model.js';
import { readHostFirewall } from '../../preview/firewall-model/read-host-firewall.js';
import type { HostKernel } from '../../preview/host-kernel/model.js';
import { readHostKernel } from '../../preview/host-kernel/read.js';
import { type PreviewNetwork, previewOf } from '../../preview/network.js';
import type { HostEvidence, NetworkEvidence, NicEvidence, NotSeen } from '../evidence.js';
import { CHECK_OUTPUT, readableEvidence } from './readable.js';

/** A network that can be judged: one whose bridge libvirt makes. */
export interface NetworkFacts {
  readonly state: NetworkEvidence;
  readonly network: AnyNetwork;
  /** Absent for networks that only point at devices of the host. */
  readonly preview: PreviewNetwork | undefined;
}

/** A port of a bridge. */
export interface BridgePort {
  readonly name: string;
  readonly bridge: string;
  /** `forwarding`, or what keeps it from that: `disabled`, `listening`, `learning`, `blocking`. */
  readonly state: string;
  readonly isolated: boolean;
}

/** A hardware address that a bridge knows at a port. */
export interface FdbEntry {
  readonly mac: string;
  readonly port: string;
  readonly bridge: string | undefined;
  /** Made by somebody, not learned: frames go there whatever the guest sends. */
  readonly fixed: boolean;
}

/** A neighbour that the host knows. */
export interface Neighbour {
  readonly address: string;
  readonly device: string;
  readonly mac: string | undefined;
  readonly states: readonly string[];
}

/** A dnsmasq that libvirt has started. */
export interface Dnsmasq {
  readonly network: string;
  readonly pid: string;
  /** The kernel's letter for its state, or `gone`. */
  readonly state: string;
}

/** What was found on a host, taken apart. What was not seen is undefined. */
export interface Facts {
  readonly evidence: HostEvidence;
  readonly networks: readonly NetworkFacts[];
  readonly nics: readonly NicEvidence[];
  readonly devices: readonly HostDevice[] | undefined;
  readonly ports: readonly BridgePort[] | undefined;
  readonly fdb: readonly FdbEntry[];
  readonly neighbours: readonly Neighbour[];
  readonly dnsmasq: readonly Dnsmasq[] | undefined;
  readonly firewall: HostFirewall | undefined;
  readonly kernel: HostKernel | undefined;
  /** What could not be understood. */
  readonly notSeen: readonly NotSeen[];
}

/** Takes what was found on a host apart. */
export function factsOf(given: HostEvidence): Facts {
  const evidence = readableEvidence(given);
  const notSeen: NotSeen[] = [];
  const reading = <T>(what: string, read: () => T | undefined): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!LibvirtError.is(error)) throw error;
      notSeen.push({
        what,
        why: error.message,
        how: CHECK_OUTPUT,
      });
      return undefined;
    }
  };
  const { looks, host } = evidence;
  const objects = (text: string | undefined) => (text === undefined ? undefined : readIpJson(text, host));
  const networks = evidence.networks.flatMap((state) => {
    const network = reading(`network "${state.name}"`, () => parseDump(state.xml));
    if (network === undefined) return [];
    return [{ state, network, preview: reading(`network "${state.name}"`, () => previewOf(network)) }];
  });
  const devices = reading('devices', () => devicesIn(evidence));
  return {
    evidence,
    networks,
    nics: evidence.nics.map((nic) => withTap(nic, devices)),
    devices,
    ports: reading('ports of bridges', () => objects(looks.ports)?.flatMap(portOf)),
    fdb: reading('hardware addresses', () => objects(looks.fdb)?.flatMap(fdbEntryOf)) ?? [],
    neighbours: reading('neighbours', () => objects(looks.neighbours)?.flatMap(neighbourOf)) ?? [],
    dnsmasq: looks.dnsmasq?.split('\n').flatMap(dnsmasqIn),
    firewall: reading('packet filters', () => firewallIn(evidence)),
    kernel: reading('settings and routes', () => kernelIn(evidence)),
    notSeen,
  };
}

function devicesIn({ looks, host }: HostEvidence): readonly HostDevice[] | undefined {
  const { links, addresses, ipv6Routes, acceptRa = '' } = looks;
  if (links === undefined || addresses === undefined) return undefined;
  return readDevices({ host, links, addresses, wireless: [], acceptRa: readAcceptRa(acceptRa), ipv6Routes });
}

/** libvirt gives a tap the hardware address of the guest's NIC with `fe` in front. */
function withTap(nic: NicEvidence, devices: readonly HostDevice[] | undefined): NicEvidence {
  if (nic.tap !== undefined) return nic;
  const tap = devices?.find(({ mac }) => mac === `fe${nic.mac.slice(2)}`)?.name;
  return tap === undefined ? nic : { ...nic, tap };
}

function portOf(fields: Fields): BridgePort[] {
  const [name, bridge, state = 'forwarding'] = ['ifname', 'master', 'state'].map((key) => textAt(fields, key));
  if (name === undefined || bridge === undefined) return [];
  return [{ name, bridge, state, isolated: fields['isolated'] === true }];
}

function fdbEntryOf(fields: Fields): FdbEntry[] {
  const [mac, port, bridge] = ['mac', 'ifname', 'master'].map((key) => textAt(fields, key));
  if (mac === undefined || port === undefined) return [];
  const flags = recordsIn([fields]).flatMap((one) => (Array.isArray(one['flags']) ? one['flags'] : []));
  const state = textAt(fields, 'state');
  return [{ mac, port, bridge, fixed: state === 'static' || flags.includes('sticky') }];
}

function neighbourOf(fields: Fields): Neighbour[] {
  const [address, device, mac] = ['dst', 'dev', 'lladdr'].map((key) => textAt(fields, key));
  if (address === undefined || device === undefined) return [];
  const states = Array.isArray(fields['state']) ? fields['state'].filter((one) => typeof one === 'string') : [];
  return [{ address, device, mac, states }];
}

const dnsmasqIn = (line: string): Dnsmasq[] => {
  const [, network, pid, state] = /^(.+) (\d*) (gone|[A-Za-z]\b.*)$/.exec(line) ?? [];
  return network === undefined || pid === undefined || state === undefined ? [] : [{ network, pid, state }];
};

function firewallIn({ looks }: HostEvidence): HostFirewall | undefined {
  const { nft, iptablesSave, ip6tablesSave, iptablesLegacySave, ip6tablesLegacySave, ebtablesSave } = looks;
  // Without nft's own list, tables that iptables does not know would be taken not to exist.
  if (nft === undefined) return undefined;
  const optional = { iptablesSave, ip6tablesSave, iptablesLegacySave, ip6tablesLegacySave, ebtablesSave };
  const given = Object.entries(optional).filter(([, text]) => text !== undefined && text.trim() !== '');
  return readHostFirewall({ nft, ...Object.fromEntries(given) });
}

function kernelIn({ looks }: HostEvidence): HostKernel | undefined {
  const { sysctl, routes4: routes, routes6, rules4: rules, rules6 } = looks;
  if (sysctl === undefined || routes === undefined) return undefined;
  const optional = { routes6, rules, rules6 };
  const given = Object.entries(optional).filter(([, text]) => text !== undefined);
  return readHostKernel({ sysctl, routes, ...Object.fromEntries(given) });
}

/** The device of a name. */
export const deviceNamed = ({ devices }: Facts, name: string | undefined): HostDevice | undefined =>
  devices?.find((one) => one.name === name);

/** A setting of the kernel, by its name in sysctl. */
export const settingOf = ({ kernel }: Facts, name: string): string | undefined => kernel?.settings.get(name);
