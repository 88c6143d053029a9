import { LibvirtError, ValidationError } from '../../errors/index.js';
import type { NatNetwork } from '../../model/kinds/virtual-kinds.js';
import type { Family } from '../../schema/address.js';
import { guestPortsOf, hostPortsOf, type PortForward, type PortRange, sourcesOf } from '../../schema/port-forward.js';
import type { ReleaseOption } from '../../schema/release.js';
import { plainAddress, previewOf } from '../network.js';
import { ruleId } from './identity.js';

/** A port forward with everything that rules need. */
export interface PlannedForward {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp';
  /** The address of the host that it holds for; none for all. */
  readonly hostAddress: string | undefined;
  readonly hostPorts: PortRange;
  /** The sources that it holds for, in CIDR form; none for all. */
  readonly from: readonly string[];
  readonly guest: string;
  readonly guestPorts: PortRange;
  /** The subnet of the guest, whose other guests need their source changed to get an answer. */
  readonly subnet: string;
}

/** The port forwards of a network, checked. */
export interface ForwardPlan {
  readonly network: string;
  readonly bridge: string;
  /** Letters and digits that tell the network's rules from those of others. */
  readonly id: string;
  readonly forwards: readonly PlannedForward[];
  /** As the network has them. */
  readonly given: readonly PortForward[];
}

/**
 * Everything that rules for port forwards need.
 *
 * @throws ValidationError for forwards that cannot work, and for a network that libvirt would not define
 */
export function planForwards(network: NatNetwork, options: ReleaseOption = {}): ForwardPlan {
  const preview = previewOf(network, options);
  const broken = network
    .validate({ libvirt: options.libvirt })
    .filter(({ code, severity }) => /^PORT_FORWARD/.test(code) && severity === 'error');
  if (broken.length > 0) throw new ValidationError(`the port forwards of network "${network.name}"`, broken);
  const bridge = preview?.bridge ?? '';
  if (!/^[\w.:-]+$/.test(bridge)) throw unspeakable(network.name, bridge);
  const given = network.portForwards;
  const planned = given.flatMap((forward): PlannedForward[] => {
    const subnet = preview?.subnets.find((one) => one.subnet.contains(forward.to.ip))?.subnet;
    return subnet === undefined ? [] : [{ ...forwardAddresses(forward), subnet: subnet.cidr, family: subnet.family }];
  });
  return { network: network.name, bridge, id: ruleId(network.name), forwards: planned, given };
}

const forwardAddresses = (forward: PortForward): Omit<PlannedForward, 'subnet' | 'family'> => ({
  protocol: forward.protocol,
  hostAddress: forward.hostAddress === undefined ? undefined : plainAddress(forward.hostAddress),
  hostPorts: hostPortsOf(forward),
  from: sourcesOf(forward),
  guest: plainAddress(forward.to.ip),
  guestPorts: guestPortsOf(forward),
});

const unspeakable = (network: string, bridge: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `the bridge name '${bridge}' of network "${network}" cannot stand in a script`, {
    network,
    hint: 'name the bridge with letters, digits, dots, dashes and underscores',
  });

/** A port, or a range with the separator of the tool. */
export const portText = ({ start, end }: PortRange, separator: string): string =>
  start === end ? String(start) : `${start}${separator}${end}`;
