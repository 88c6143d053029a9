import { releaseNumber } from '../schema/release.js';
import { MIN_RELEASES } from '../transport/min-releases.js';
import type { Capabilities, InterfaceState, LeaseRecord, Operation } from '../transport/operations.js';
import type { Asking } from './asking.js';
import type { Handler, Handlers } from './handler.js';
import { LAZY_HANDLERS } from './lazy-handlers.js';
import { listNetworks, lookUpNetwork } from './list.js';
import { copiesOf, familyOf } from './numbers.js';
import { Refusal } from './wire/errors.js';
import { CALLS, type RemoteLease } from './wire/procedures.js';

/** Numbers of libvirt's API: `virNetworkUpdateCommand`, `virNetworkUpdateSection`, `virNetworkMetadataType`. */
const COMMANDS = { modify: 1, delete: 2, 'add-last': 3, 'add-first': 4 } as const;
const SECTIONS = {
  // libvirt refuses some by name.
  bridge: 1,
  domain: 2,
  ip: 3,
  'ip-dhcp-host': 4,
  'ip-dhcp-range': 5,
  forward: 6,
  'forward-interface': 7,
  'forward-pf': 8,
  portgroup: 9,
  'dns-host': 10,
  'dns-txt': 11,
  'dns-srv': 12,
} as const;
const METADATA = { description: 0, title: 1, element: 2 } as const;
const NO_METADATA = 111;
/** Checks a document against libvirt's schema. */
const VALIDATE = 1;

const storedIf = (inactive: boolean | undefined): number => (inactive === true ? 1 : 0);
const nothing = (): undefined => undefined;

/**
 * How a socket carries out each operation.
 *
 * @param updatesInOrder - tells whether the daemon reads the numbers of an update in their order
 */
export const handlersFor = (updatesInOrder: (asking: Asking) => Promise<boolean>): Handlers<Operation> => ({
  'host.capabilities': (_, asking) => capabilitiesOf(asking),
  'host.interfaces': (_, asking) => listInterfaces(asking),
  'interface.dump': async ({ name }, asking) => {
    const { iface } = await asking.read(CALLS.INTERFACE_LOOKUP_BY_NAME, { name });
    return (await asking.read(CALLS.INTERFACE_GET_XML_DESC, { iface, flags: 0 })).xml;
  },
  'network.list': listNetworks,
  'network.lookup': lookUpNetwork,
  'network.dump': async ({ inactive, ...named }, asking) => {
    const net = await asking.network(named);
    return (await asking.read(CALLS.NETWORK_GET_XML_DESC, { net, flags: storedIf(inactive) })).xml;
  },
  'network.define': ({ xml, validate }, asking) =>
    (validate === true
      ? asking.change(CALLS.NETWORK_DEFINE_XML_FLAGS, { xml, flags: VALIDATE })
      : asking.change(CALLS.NETWORK_DEFINE_XML, { xml })
    ).then(nothing),
  'network.create': ({ xml, validate }, asking) =>
    (validate === true
      ? asking.change(CALLS.NETWORK_CREATE_XML_FLAGS, { xml, flags: VALIDATE })
      : asking.change(CALLS.NETWORK_CREATE_XML, { xml })
    ).then(nothing),
  'network.start': async (named, asking) => asking.change(CALLS.NETWORK_CREATE, { net: await asking.network(named) }),
  'network.destroy': async (named, asking) =>
    asking.change(CALLS.NETWORK_DESTROY, { net: await asking.network(named) }),
  'network.undefine': async (named, asking) =>
    asking.change(CALLS.NETWORK_UNDEFINE, { net: await asking.network(named) }),
  'network.autostart': async ({ enabled, ...named }, asking) =>
    asking.change(CALLS.NETWORK_SET_AUTOSTART, { net: await asking.network(named), autostart: enabled ? 1 : 0 }),
  'network.update': async (input, asking) => {
    const numbers = [COMMANDS[input.command], SECTIONS[input.section]] as const;
    const [command, section] = (await updatesInOrder(asking)) ? numbers : [numbers[1], numbers[0]];
    const { xml, parentIndex = -1 } = input;
    const net = await asking.network(input);
    return asking.change(CALLS.NETWORK_UPDATE, { net, command, section, parentIndex, xml, flags: copiesOf(input) });
  },
  'network.leases': async ({ mac, ...named }, asking) => {
    const args = { net: await asking.network(named), mac, need_results: 1, flags: 0 };
    return (await asking.read(CALLS.NETWORK_GET_DHCP_LEASES, args)).leases.map(leaseOf);
  },
  'network.ports': async (named, asking) => {
    const args = { network: await asking.network(named), need_results: 1, flags: 0 };
    return (await asking.read(CALLS.NETWORK_LIST_ALL_PORTS, args)).ports.map(({ uuid }) => uuid);
  },
  'port.dump': async ({ port, ...named }, asking) => {
    const args = { port: { net: await asking.network(named), uuid: port }, flags: 0 };
    return (await asking.read(CALLS.NETWORK_PORT_GET_XML_DESC, args)).xml;
  },
  'port.create': async ({ xml, ...named }, asking) => {
    await asking.change(CALLS.NETWORK_PORT_CREATE_XML, { network: await asking.network(named), xml, flags: 0 });
    return undefined;
  },
  'port.delete': async ({ port, ...named }, asking) =>
    asking.change(CALLS.NETWORK_PORT_DELETE, { port: { net: await asking.network(named), uuid: port }, flags: 0 }),
  'metadata.get': readMetadata,
  'metadata.set': async (input, asking) => {
    const { uri, xml } = input;
    const key = xml === undefined ? undefined : input.key;
    const network = await asking.network(input);
    const args = { network, type: METADATA.element, metadata: xml, key, uri, flags: copiesOf(input) };
    return asking.change(CALLS.NETWORK_SET_METADATA, args);
  },
  'text.set': async (input, asking) => {
    const metadata = input.text === '' ? undefined : input.text;
    const network = await asking.network(input);
    const args = {
      network,
      type: METADATA[input.kind],
      metadata,
      key: undefined,
      uri: undefined,
      flags: copiesOf(input),
    };
    return asking.change(CALLS.NETWORK_SET_METADATA, args);
  },
  ...LAZY_HANDLERS,
});

/** Asks for the release of the daemon, and finds what it lacks. */
export async function capabilitiesOf(asking: Asking): Promise<Capabilities> {
  const version = Number((await asking.read(CALLS.CONNECT_GET_LIB_VERSION, undefined)).lib_ver);
  const operations = Object.keys(MIN_RELEASES) as Operation[]; // the keys are those of the table
  return {
    daemon: [Math.floor(version / 1e6), Math.floor(version / 1000) % 1000, version % 1000].join('.'),
    missing: operations.filter((operation) => version < (releaseNumber(MIN_RELEASES[operation] ?? '') ?? 0)),
  };
}

/** `virConnectListAllInterfacesFlags` of libvirt. */
const INTERFACES = { inactive: 1, active: 2 } as const;

async function listInterfaces(asking: Asking): Promise<readonly InterfaceState[]> {
  const lists = await Promise.all(
    [true, false].map(async (active) => {
      const flags = active ? INTERFACES.active : INTERFACES.inactive;
      const { ifaces } = await asking.read(CALLS.CONNECT_LIST_ALL_INTERFACES, { need_results: 1, flags });
      return ifaces.map(({ name, mac }) => ({ name, mac, active }));
    }),
  );
  return lists.flat();
}

function leaseOf({ expirytime, mac, type, ipaddr, prefix, hostname, clientid }: RemoteLease): LeaseRecord {
  return {
    ...(expirytime > 0n ? { expiry: new Date(Number(expirytime) * 1000) } : {}),
    mac: mac ?? '',
    family: familyOf(type),
    address: ipaddr,
    prefix,
    ...(hostname === undefined || hostname === '' ? {} : { hostname }),
    ...(clientid === undefined || clientid === '' ? {} : { clientId: clientid }),
  };
}

const readMetadata: Handler<'metadata.get'> = async ({ uri, inactive, ...named }, asking) => {
  const network = await asking.network(named);
  const args = {
    network,
    type: METADATA.element,
    uri,
    flags: inactive === true ? copiesOf({ live: false, config: true }) : 0,
  };
  try {
    const text = (await asking.read(CALLS.NETWORK_GET_METADATA, args)).metadata.trim();
    return text === '' ? undefined : text;
  } catch (error) {
    if (error instanceof Refusal && error.number === NO_METADATA) return undefined;
    throw error;
  }
};
