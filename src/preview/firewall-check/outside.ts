import type { HostRoute } from '../../host-facts/routes.js';
import { DOCUMENTATION } from '../flow/network-model.js';
import type { OutsideSegment } from '../flow/topology.js';
import type { PreviewNetwork } from '../network.js';
import type { CheckOptions } from './options.js';

/**
 * The LANs of a host: those that are given, or the one that its default routes lead to, or one that is made up.
 *
 * @param network - whose device and addresses beyond the host the one that is made up has
 */
export function outsideOf({ outside, kernel }: CheckOptions, network: PreviewNetwork): readonly OutsideSegment[] {
  if (outside !== undefined) return outside;
  const routes = kernel?.routes ?? [];
  const uplinks = routes.filter(({ to, device, table = 'main' }) => to === 'default' && device && table === 'main');
  const [first] = uplinks;
  if (first?.device === undefined) return madeUpFor(network);
  const { device } = first;
  const own = routes.filter((route) => route.device === device && isConnected(route));
  return [
    {
      device,
      host: own.map(({ source, to }) => `${source}/${prefixOf(to)}`),
      outside: uplinks.flatMap((route) => gatewayOf(route, own)),
    },
  ];
}

function madeUpFor({ device, document }: PreviewNetwork): readonly OutsideSegment[] {
  const address = document.forward?.nat?.address?.start;
  const own = address === undefined ? [] : [`${address}/32`];
  return DOCUMENTATION.map((one) => ({ ...one, device: device ?? one.device, host: [...(one.host ?? []), ...own] }));
}

/** A route to a subnet that the host has an address in. */
const isConnected = ({ source, to, table = 'main', gateway }: HostRoute): boolean =>
  source !== undefined && gateway === undefined && table === 'main' && to.includes('/');

const prefixOf = (to: string): string => to.slice(to.indexOf('/') + 1);

/** The router, which stands for the machines beyond it. */
function gatewayOf({ gateway, family }: HostRoute, own: readonly HostRoute[]): string[] {
  const subnet = own.find((one) => one.family === family);
  return gateway === undefined || subnet === undefined ? [] : [`${gateway}/${prefixOf(subnet.to)}`];
}
