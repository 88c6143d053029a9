import { ENCAPSULATIONS } from '../../ovn-model/check-topology.js';
import type { Words } from '../words.js';
import type { GroupScene } from './groups.js';
import type {
  Encapsulation,
  HostScene,
  MachineScene,
  OvnNetworkScene,
  PhysicalScene,
  RouterScene,
  WayScene,
} from './scene.js';

/** The name of a way to wrap packets. */
export const encapsulationLabel = (encapsulation: Encapsulation): string => ENCAPSULATIONS[encapsulation];

/** The tunnels of one kind: `tunnels (Geneve)`. */
export const tunnelsLabel = (encapsulation: Encapsulation, { ovn }: Words): string =>
  `${ovn.tunnels} (${encapsulationLabel(encapsulation)})`;

/** The end of a host's tunnels: `Geneve 10.0.0.1`. */
export const tunnelEnd = ({ encapsulation, address }: HostScene): string =>
  [encapsulationLabel(encapsulation), ...(address === undefined ? [] : [address])].join(' ');

export const physicalLabel = ({ name }: Pick<PhysicalScene, 'name'>, words: Words): string =>
  `${words.ovn.physicalNetwork} ${name}`;

/** Lines about a network below its name: subnets, ranges of DHCP. */
export const subnetLines = ({ subnets }: OvnNetworkScene, words: Words): string[] =>
  subnets.flatMap(({ cidr, ranges }) => [cidr, ...ranges.map((range) => `${words.dhcp} ${range}`)]);

export const routerLabel = ({ inside }: RouterScene, words: Words): string => [words.ovn.router, ...inside].join(' ');

/** Where a router has its addresses outside: `lan, VLAN 20`. */
export const placeOutside = ({ physicalNetwork, vlan }: WayScene): string => inVlan(physicalNetwork, vlan);

/** The hosts that connect a router, in the order in which they take over: `by kvm1, then kvm2`. */
export function gatewaysLabel({ chassis }: WayScene, { ovn }: Words): string {
  const [first = '', ...others] = chassis.map(({ name, isThere }) => (isThere ? name : ovn.absent(name)));
  return ovn.through(first, others);
}

/** Where a group of guests is. */
export const groupLabel = ({ host, isPlugged }: GroupScene, { ovn }: Words): string =>
  isPlugged ? (host ?? ovn.unknownHost) : ovn.notPluggedIn;

/** The machine outside: `outside, VLAN 20`. */
export const machineLabel = ({ vlan }: MachineScene, words: Words): string => inVlan(words.outside, vlan);

const inVlan = (text: string, vlan: number | undefined): string =>
  vlan === undefined ? text : `${text}, VLAN ${vlan}`;
