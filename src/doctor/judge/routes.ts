import type { HostDevice } from '../../host-facts/devices.js';
import type { HostRoute } from '../../host-facts/routes.js';
import type { Subnet } from '../../model/subnet.js';
import { numberOf, within } from '../../preview/flow/addresses.js';
import { command, shellWord } from '../../shell/quote.js';
import type { Finding } from '../findings.js';
import type { Facts, Neighbour, NetworkFacts } from './facts.js';
import { finding, proof } from './finding.js';

/** A NIC that is switched off or unplugged, or a host without a default route: guests get no further than the host. */
export function uplink({ devices, kernel, neighbours }: Facts, { preview, state: { name } }: NetworkFacts): Finding[] {
  if (preview === undefined || preview.mode === 'none' || kernel?.routes === undefined || devices === undefined)
    return [];
  const main = kernel.routes.filter(({ family, table = 'main' }) => family === 'ipv4' && table === 'main');
  const home = main.find(({ to, type }) => to === 'default' && type === 'unicast');
  const dead = devices.find((one) =>
    home === undefined ? isDownLan(one) : one.name === home.device && !(one.up && one.carrier),
  );
  if (dead !== undefined) return [uplinkDown(dead, name)];
  if (home === undefined) return [noDefaultRoute(main, name)];
  const router = neighbours.find(({ address, device }) => address === home.gateway && device === home.device);
  // A router that is there answers at once, and so nobody sees a question of which the answer is awaited.
  return router?.states.some((state) => /^(?:FAILED|INCOMPLETE)$/.test(state))
    ? [routerSilent(home, router, name)]
    : [];
}

/** Nobody has answered when the host looked for its router: it is off, or the address is wrong. */
const routerSilent = (home: HostRoute, { address, device, states }: Neighbour, network: string): Finding =>
  finding('router-silent', {
    what: `nobody answers for ${address}, the router that the default route of the host leads to`,
    network,
    loses: [{ need: 'far' }, { need: 'host out' }],
    evidence: [
      proof('ip route show default', textOf(home)),
      proof(command`ip neigh show dev ${device}`, `${address} ${states.join(' ')}`),
    ],
    owner: 'LAN',
    remedy: {
      commands: [],
      note: "Look at the router, and whether its address is right: it is set in the host's network system.",
    },
  });

/** Switched off, although it has an address of a LAN: its routes are gone, so it may have been the way out. */
const isDownLan = ({ up, addresses }: HostDevice): boolean =>
  !up && addresses.some(({ family, scope }) => family === 'ipv4' && scope === 'global');

const uplinkDown = ({ name: device, up }: HostDevice, network: string): Finding =>
  finding('uplink-down', {
    what: `the device ${device}, which leads beyond the host, ${up ? 'has no carrier' : 'is switched off'}`,
    network,
    loses: [{ need: 'out' }],
    evidence: [proof(`ip link show ${device}`, up ? 'NO-CARRIER' : 'flag UP is missing')],
    owner: 'host',
    remedy: up
      ? { commands: [], note: `Look at the cable of ${device}, and at the switch.` }
      : {
          commands: [command`ip link set dev ${device} up`],
          note: 'Its routes and IPv6 addresses are gone too: let the network system of the host set it up again.',
        },
  });

const noDefaultRoute = (routes: readonly HostRoute[], network: string): Finding =>
  finding('no-default-route', {
    what: 'the host has no default route: guests reach no machine beyond the LANs that the host is on',
    network,
    loses: [
      { need: 'far', family: 'ipv4' },
      { need: 'host out', family: 'ipv4' },
    ],
    evidence: [proof('ip -4 route show', routes.map(textOf).join('; ') || 'nothing')],
    owner: 'host',
    remedy: {
      commands: ['ip route add default via ROUTER dev DEVICE'],
      note: "Better: set the router in the host's network system.",
    },
  });

/** A route as `ip` prints it. */
export const textOf = ({ to, type, gateway, device }: HostRoute): string =>
  [
    type === 'unicast' ? '' : shellWord(type),
    shellWord(to),
    gateway === undefined ? '' : command`via ${gateway}`,
    device === undefined ? '' : command`dev ${device}`,
  ]
    .filter((word) => word !== '')
    .join(' ');

/** Routes to others than the guests of a network that lead into its bridge, without a router there. */
export function othersIntoBridge({ kernel, networks }: Facts): Finding[] {
  return networks.flatMap(({ preview, state: { name } }) => {
    const strays = (kernel?.routes ?? []).filter(
      (route) =>
        preview !== undefined &&
        route.device === preview.bridge &&
        route.type === 'unicast' &&
        route.gateway === undefined &&
        route.protocol !== 'kernel' &&
        !/^(?:fe80|ff)/.test(route.to) &&
        !preview.subnets.some(({ subnet }) => covers(subnet, route)),
    );
    return strays.map((stray) =>
      finding('target-routed-elsewhere', {
        what: `the host sends packets for ${stray.to} into ${preview?.bridge}, the bridge of network ${name}, which has no such subnet`,
        network: name,
        loses: [
          { need: 'far', family: stray.family },
          { need: 'host out', family: stray.family },
        ],
        evidence: [proof(`ip route show table ${stray.table ?? 'main'}`, textOf(stray))],
        owner: stray.to === 'default' ? 'VPN' : 'host',
        severity: stray.to === 'default' ? 'error' : 'warning',
        remedy: {
          commands: [`ip route del ${textOf(stray)}${stray.table === undefined ? '' : command` table ${stray.table}`}`],
        },
      }),
    );
  });
}

const covers = (subnet: Subnet, { to, family }: HostRoute): boolean =>
  family === subnet.family && to !== 'default' && within(subnet.cidr)(numberOf(to.replace(/\/.*/, '')));
