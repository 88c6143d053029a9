import { CALL_OPTIONS, type CallOptions, deadline } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { groupedBy } from '../../lists/group.js';
import type { BaseNetwork } from '../../model/base.js';
import { kindOfValue } from '../../options/kind-of-value.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { GUEST_KEYS } from '../../ovn-model/port-rows.js';
import type {
  OvnTopology,
  OvnTopologyChassis,
  OvnTopologyGuest,
  OvnTopologyNetwork,
  OvnTopologyOutside,
} from '../../ovn-model/topology.js';
import type { OvsdbRow } from '../../ovn-model/values.js';
import { Ovn } from '../ovn.js';
import type { Ovsdb } from '../ovsdb.js';
import { itemsOf } from './compare.js';
import { FORMAT, MARKS, markOf } from './own-rows.js';
import { type OvnSeenPort, seenPort } from './ports.js';
import { networkOf, outsideIn } from './stored.js';

/** Options of {@link readOvnTopology}. */
export interface OvnTopologyOptions extends CallOptions {
  /** The machines outside, of which OVN knows nothing. Default: the next hops that the networks name. */
  readonly outside?: readonly OvnTopologyOutside[] | undefined;
}

const OPTIONS: OptionNames<OvnTopologyOptions> = { ...CALL_OPTIONS, outside: true };

/**
 * Reads the networks of an OVN, the ports of their guests and the chassis, for `explainFlow` and `renderTopology`. A guest goes by the
 * name that its network reserves for it, where no other guest has that, else by its network and MAC address: `lab 52:54:00:00:00:01`.
 * Networks whose text in the database cannot be read are left out with their guests. Without `southbound` the chassis are those that
 * the networks name, and those of the guests are not known.
 *
 * @param cloud - what `ovn` returned
 * @param options - the machines outside
 * @throws `LibvirtError` code `INVALID_ARGUMENT`; and as {@link Ovsdb.transact}
 *
 * @example
 * ```ts
 * const topology = await readOvnTopology(cloud);
 * console.log(explainFlow(topology, { from: 'db', to: 'outside' }).reason);
 * ```
 */
export async function readOvnTopology(cloud: Ovn, options: OvnTopologyOptions = {}): Promise<OvnTopology> {
  if (!(cloud instanceof Ovn))
    throw new LibvirtError('INVALID_ARGUMENT', `readOvnTopology needs OVN, not ${kindOfValue(cloud)}`, {
      hint: 'pass what ovn() returned',
    });
  const { outside, ...call } = optionsOf(options, OPTIONS, 'readOvnTopology');
  const remaining = deadline(call);
  const { networks, ports } = await northboundOf(cloud.northbound, remaining());
  const known = cloud.southbound === undefined ? undefined : await southboundOf(cloud.southbound, remaining());
  return {
    chassis: known?.chassis ?? namedIn(networks),
    networks,
    guests: guestsOf(networks, ports, known?.hosts),
    ...(outside === undefined ? {} : { outside }),
  };
}

/** A guest's port with the name of its network. */
interface NetworkPort extends OvnSeenPort {
  readonly network: string;
}

interface Northbound {
  readonly networks: readonly OvnTopologyNetwork[];
  readonly ports: readonly NetworkPort[];
}

async function northboundOf(database: Ovsdb, options: CallOptions): Promise<Northbound> {
  const own = { [MARKS.format]: FORMAT };
  const [switches, ports] = await database.transact(
    [
      {
        op: 'select',
        table: 'Logical_Switch',
        where: [['external_ids', 'includes', { ...own, [MARKS.row]: 'switch' }]],
      },
      { op: 'select', table: 'Logical_Switch_Port', where: [['external_ids', 'includes', own]] },
    ],
    options,
  );
  const networks = (switches?.rows ?? []).flatMap((row) => {
    const network = networkOf(row);
    return network === undefined ? [] : [networkIn(row, network)];
  });
  const names = new Set(networks.map(({ network }) => network.name));
  return {
    networks: networks.sort(byName),
    ports: (ports?.rows ?? []).flatMap((row) => portIn(row, names)).sort(byMac),
  };
}

const networkIn = (row: OvsdbRow, network: BaseNetwork): OvnTopologyNetwork => {
  const outside = outsideIn(row);
  return outside === undefined ? { network } : { network, outside };
};

const byName = (a: OvnTopologyNetwork, b: OvnTopologyNetwork): number => (a.network.name < b.network.name ? -1 : 1);

const byMac = (a: NetworkPort, b: NetworkPort): number => (`${a.network} ${a.mac}` < `${b.network} ${b.mac}` ? -1 : 1);

function portIn(row: OvsdbRow, names: ReadonlySet<string>): readonly NetworkPort[] {
  const network = markOf(row, 'network');
  const isGuest = markOf(row, 'row')?.startsWith(GUEST_KEYS) === true;
  return isGuest && network !== undefined && names.has(network) ? [{ ...seenPort(row), network }] : [];
}

interface Southbound {
  readonly chassis: readonly OvnTopologyChassis[];
  /** Names of the chassis that ports are bound to, by the names of the ports. */
  readonly hosts: ReadonlyMap<string, string>;
}

async function southboundOf(database: Ovsdb, options: CallOptions): Promise<Southbound> {
  const [chassis, encaps, bindings] = await database.transact(
    [
      { op: 'select', table: 'Chassis', where: 'all', columns: ['_uuid', 'name', 'encaps'] },
      { op: 'select', table: 'Encap', where: 'all', columns: ['_uuid', 'type', 'ip'] },
      { op: 'select', table: 'Port_Binding', where: [['type', '==', '']], columns: ['logical_port', 'chassis'] },
    ],
    options,
  );
  const names = new Map((chassis?.rows ?? []).map((row) => [String(row['_uuid']), String(row['name'])]));
  const hosts = (bindings?.rows ?? []).flatMap((row) => {
    const name = names.get(String(itemsOf(row['chassis'])[0]));
    return name === undefined ? [] : [[String(row['logical_port']), name] as const];
  });
  const all = (chassis?.rows ?? []).map((row) => chassisIn(row, encaps?.rows ?? []));
  return { chassis: all.sort((a, b) => (a.name < b.name ? -1 : 1)), hosts: new Map(hosts) };
}

/** A chassis with its end of tunnels: Geneve, where it has both kinds. */
function chassisIn(row: OvsdbRow, encaps: readonly OvsdbRow[]): OvnTopologyChassis {
  const own = new Set(itemsOf(row['encaps']));
  const ends = encaps.filter((one) => own.has(one['_uuid']));
  const end = ends.find(({ type }) => type === 'geneve') ?? ends.find(({ type }) => type === 'vxlan');
  const name = String(row['name']);
  if (end === undefined) return { name };
  return { name, address: String(end['ip']), encapsulation: end['type'] === 'vxlan' ? 'vxlan' : 'geneve' };
}

/** The chassis that networks lead outside by. */
const namedIn = (networks: readonly OvnTopologyNetwork[]): readonly OvnTopologyChassis[] => {
  const names = networks.flatMap(({ outside }) => outside?.chassis ?? []);
  return [...new Set(names)].sort().map((name) => ({ name }));
};

function guestsOf(
  networks: readonly OvnTopologyNetwork[],
  ports: readonly NetworkPort[],
  hosts: Southbound['hosts'] | undefined,
): readonly OvnTopologyGuest[] {
  const byHostname = groupedBy(ports, ({ hostname }) => hostname ?? '');
  const taken = new Set(['', 'outside', 'router', ...networks.map(({ network }) => network.name)]);
  const isFree = (name: string): boolean => byHostname.get(name)?.length === 1 && !taken.has(name);
  return ports.map(({ id, network, mac, addresses, hostname, up }) => {
    const chassis = hosts?.get(id);
    return {
      name: hostname !== undefined && isFree(hostname) ? hostname : `${network} ${mac}`,
      network,
      mac,
      ...(addresses.length === 0 ? {} : { addresses }),
      ...(chassis === undefined ? { up: hosts === undefined && up } : { chassis }),
    };
  });
}
