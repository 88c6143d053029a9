import type { HostRoute } from '../../host-facts/routes.js';
import type { Family } from '../../schema/address.js';
import { numberOf, within } from '../flow/addresses.js';
import { DOCUMENTATION } from '../flow/network-model.js';
import type { OutsideSegment } from '../flow/topology.js';
import type { PreviewNetwork } from '../network.js';
import type { CheckOptions } from './options.js';

/**
 * The LANs of a host: those that are given, or the one that its default routes lead to, or one that is made up.
 *
 * @param network - whose device and addresses beyond the host the one that is made up has
 */
export function outsideOf(options: CheckOptions, network: PreviewNetwork): readonly OutsideSegment[] {
  const { outside, kernel } = options;
  if (outside !== undefined) return outside;
  const routes = kernel?.routes ?? [];
  const uplinks = uplinksOf(options);
  const [first] = uplinks;
  if (first?.device === undefined) return madeUpFor(network);
  const { device } = first;
  const connected = routes.filter((route) => route.device === device && isConnected(route));
  const own = routes.filter(({ type, device: on, to }) => type === 'local' && on === device && !to.includes('/'));
  return [
    {
      device,
      host: own.flatMap(({ to }) => inSubnet(to, connected)),
      outside: uplinks.flatMap(({ gateway }) => (gateway === undefined ? [] : inSubnet(gateway, connected))),
    },
  ];
}

const uplinksOf = ({ kernel }: CheckOptions): readonly HostRoute[] =>
  (kernel?.routes ?? []).filter(({ to, device, table = 'main' }) => to === 'default' && device && table === 'main');

/** Tells whether the LANs of a host are known, so that their devices are not made up. */
export const knowsOutside = (options: CheckOptions): boolean =>
  options.outside !== undefined || uplinksOf(options).length > 0;

function madeUpFor({ device, document }: PreviewNetwork): readonly OutsideSegment[] {
  const address = document.forward?.nat?.address?.start;
  const own = address === undefined ? [] : [`${address}/32`];
  return DOCUMENTATION.map((one) => ({ ...one, device: device ?? one.device, host: [...(one.host ?? []), ...own] }));
}

/** A route to a subnet that the host is on itself. */
const isConnected = ({ type, to, table = 'main', gateway }: HostRoute): boolean =>
  type === 'unicast' && gateway === undefined && table === 'main' && to.includes('/') && !to.startsWith('fe80:');

/** An address with the prefix of its subnet; nothing for one that is in none. */
function inSubnet(address: string, subnets: readonly HostRoute[]): string[] {
  const value = numberOf(address);
  const subnet = subnets.find(({ to, family }) => family === familyOf(address) && within(to)(value));
  return subnet === undefined ? [] : [`${address}/${subnet.to.slice(subnet.to.indexOf('/') + 1)}`];
}

const familyOf = (address: string): Family => (address.includes(':') ? 'ipv6' : 'ipv4');
