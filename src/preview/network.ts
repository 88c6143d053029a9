import { LibvirtError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import { Subnet } from '../model/subnet.js';
import { type Family, readAddress } from '../schema/address.js';
import { forwardModeOf, isLayer3 } from '../schema/network/canonical.js';
import type { Ip } from '../schema/network/ip.js';
import type { NetworkDocument } from '../schema/network/network.js';
import type { ReleaseOption } from '../schema/release.js';
import { expectNetwork } from './expect-network.js';

/** A subnet that libvirt gives the bridge an address of. */
export interface PreviewSubnet {
  readonly subnet: Subnet;
  readonly ip: Ip;
}

/** Facts that previews need about a network whose bridge libvirt creates. */
export interface PreviewNetwork {
  readonly name: string;
  readonly mode: 'nat' | 'route' | 'open' | 'none';
  readonly bridge: string;
  /** The device that traffic is limited to. */
  readonly device: string | undefined;
  readonly subnets: readonly PreviewSubnet[];
  readonly document: NetworkDocument;
}

/**
 * Reads what previews need. Nothing for networks that are only a pointer to devices of the host: libvirt does
 * nothing on the host for them.
 *
 * @throws ValidationError for a network that libvirt would not define
 * @throws LibvirtError code `INVALID_ARGUMENT` when the bridge has no name yet
 */
export function previewOf(network: BaseNetwork, options: ReleaseOption = {}): PreviewNetwork | undefined {
  expectNetwork(network, 'a preview');
  network.assertDefinable({ libvirt: options.libvirt });
  const { document } = network;
  if (!isLayer3(document)) return undefined;
  const bridge = document.bridge?.name;
  if (bridge === undefined || bridge.includes('%')) throw noBridge(network.name);
  const { forward } = document;
  return {
    name: document.name,
    mode: forwardModeOf(document) as PreviewNetwork['mode'], // isLayer3 has seen it
    bridge,
    device: forward?.interfaces?.[0]?.dev ?? forward?.dev,
    subnets: subnetsIn(document),
    document,
  };
}

/** The subnets that libvirt gives the bridge of a network an address of. */
export const subnetsIn = ({ ips = [] }: NetworkDocument): PreviewSubnet[] => ips.flatMap(subnetOf);

function subnetOf(ip: Ip): PreviewSubnet[] {
  const subnet = Subnet.of(ip);
  return subnet === undefined ? [] : [{ subnet, ip }];
}

const noBridge = (network: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `network "${network}" has no bridge name yet, so what uses it cannot be shown`, {
    network,
    hint: 'name the bridge with .bridge(), or read the network back from the host after define',
  });

/** The subnets of one family. */
export const subnetsOf = (network: PreviewNetwork, family: Family): readonly PreviewSubnet[] =>
  network.subnets.filter(({ subnet }) => subnet.family === family);

/** Tells whether dnsmasq gives addresses of the subnet. */
export const servesDhcp = ({ ip }: PreviewSubnet): boolean =>
  (ip.dhcp?.ranges?.length ?? 0) > 0 || (ip.dhcp?.hosts?.length ?? 0) > 0;

/** An address as libvirt prints it, whatever its spelling in the document. */
export const plainAddress = (text: string): string => readAddress(text)?.text ?? text;
