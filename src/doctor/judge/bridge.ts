import type { HostDevice } from '../../host-facts/devices.js';
import type { PreviewNetwork } from '../../preview/network.js';
import { parseAddress } from '../../schema/address.js';
import { command } from '../../shell/quote.js';
import type { Finding, Loss } from '../findings.js';
import { deviceNamed, type Facts, type NetworkFacts, settingOf } from './facts.js';
import { EVERYTHING, finding, proof, servicesOf, virsh } from './finding.js';

/** A bridge that does not exist, or is switched off: nothing else matters then. */
export function bridge(facts: Facts, { state: { name }, preview }: NetworkFacts): Finding[] {
  if (preview === undefined || facts.devices === undefined) return [];
  const device = deviceNamed(facts, preview.bridge);
  const about = { network: name, loses: EVERYTHING, owner: 'host' } as const;
  if (device === undefined)
    return [
      finding('bridge-missing', {
        ...about,
        what: `network ${name} runs, but its bridge ${preview.bridge} does not exist`,
        evidence: [proof('ip link show', `Device "${preview.bridge}" does not exist.`)],
        remedy: { commands: [virsh('net-destroy', name), virsh('net-start', name)], note: PLUG },
      }),
    ];
  if (device.up) return [];
  return [
    finding('bridge-down', {
      ...about,
      what: `bridge ${preview.bridge} of network ${name} is switched off`,
      evidence: [proof(`ip link show ${preview.bridge}`, 'flag UP is missing')],
      remedy: { commands: [command`ip link set dev ${preview.bridge} up`, ...addressesBack(preview, device, 'ipv6')] },
    }),
  ];
}

const PLUG =
  'Running guests are no longer connected to the bridge: put each tap back with ip link set TAP master BRIDGE.';

/** The commands that give a bridge the addresses that it lacks. */
const addressesBack = (preview: PreviewNetwork, device: HostDevice, family: 'ipv4' | 'ipv6'): string[] =>
  lackingOf(preview, device, family).map(
    (cidr) => `ip addr add ${cidr}${family === 'ipv4' ? ' brd +' : ''} ${command`dev ${device.name}`}`,
  );

const lackingOf = ({ subnets }: PreviewNetwork, { addresses }: HostDevice, family: 'ipv4' | 'ipv6'): string[] =>
  subnets
    .filter(({ subnet }) => subnet.family === family)
    .filter(({ subnet }) => !addresses.some(({ address }) => sameAddress(address, subnet.gateway)))
    .map(({ subnet }) => `${subnet.gateway}/${subnet.prefix}`);

const sameAddress = (a: string, b: string): boolean => parseAddress(a)?.text === parseAddress(b)?.text;

/** Addresses of the network that its bridge does not have. */
export function bridgeAddresses(facts: Facts, { state: { name }, preview }: NetworkFacts): Finding[] {
  const device = deviceNamed(facts, preview?.bridge);
  if (preview === undefined || device === undefined || !device.up) return [];
  const why = ipv6Off(facts, device);
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const lacking = lackingOf(preview, device, family);
    if (lacking.length === 0 || (family === 'ipv6' && smallPort(facts, device) !== undefined)) return [];
    return [
      family === 'ipv6' && why !== undefined
        ? withoutIpv6(name, preview, why)
        : lacks({ name, preview, device }, family, lacking),
    ];
  });
}

/** The smallest MTU at which the kernel has IPv6 on a device. */
export const IPV6_MTU = 1280;

/** The setting that keeps IPv6 from a device. */
function ipv6Off(
  facts: Facts,
  { name, mtu }: HostDevice,
): { readonly text: string; readonly undo: string } | undefined {
  const setting = `net.ipv6.conf.${name.replaceAll('.', '/')}.disable_ipv6`;
  if (settingOf(facts, setting) === '1') return { text: `${setting} = 1`, undo: command`sysctl -w ${setting}=0` };
  return mtu < IPV6_MTU
    ? { text: `mtu ${mtu}: IPv6 needs 1280`, undo: command`ip link set dev ${name} mtu 1500` }
    : undefined;
}

/** The port that a bridge has its MTU from, if that is too small for IPv6: it is a finding of its own. */
const smallPort = ({ devices = [], nics }: Facts, { name, mtu }: HostDevice): HostDevice | undefined =>
  mtu >= IPV6_MTU
    ? undefined
    : devices.find((one) => one.master === name && one.mtu === mtu && nics.some(({ tap }) => tap === one.name));

const withoutIpv6 = (
  network: string,
  preview: PreviewNetwork,
  { text, undo }: { readonly text: string; readonly undo: string },
): Finding =>
  finding('ipv6-off', {
    what: `bridge ${preview.bridge} of network ${network} has no IPv6 (${text})`,
    network,
    loses: lossesOf(preview, 'ipv6'),
    evidence: [
      proof(text.startsWith('net.') ? 'sysctl' : `ip link show ${preview.bridge}`, text),
      proof(`ip -6 addr show ${preview.bridge}`, 'nothing'),
    ],
    owner: 'host',
    remedy: {
      commands: [undo, virsh('net-destroy', network), virsh('net-start', network)],
      note: `The address does not come back by itself. ${PLUG}`,
    },
  });

const lacks = (
  { name, preview, device }: { readonly name: string; readonly preview: PreviewNetwork; readonly device: HostDevice },
  family: 'ipv4' | 'ipv6',
  lacking: readonly string[],
): Finding =>
  finding('bridge-address-missing', {
    what: `bridge ${device.name} of network ${name} does not have the address ${lacking.join(', ')}`,
    network: name,
    loses: lossesOf(preview, family),
    evidence: [
      proof(
        `ip addr show ${device.name}`,
        device.addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(', ') || 'nothing',
      ),
    ],
    owner: 'host',
    remedy: { commands: addressesBack(preview, device, family) },
  });

/** What guests lose with the host's address on their bridge. */
const lossesOf = (preview: PreviewNetwork, family: 'ipv4' | 'ipv6'): readonly Loss[] => [
  { need: 'gateway', family },
  ...servicesOf(preview)
    .map(({ need, family: own = family }): Loss => ({ need, family: own }))
    .filter((one) => one.family === family),
  ...(preview.mode === 'none' ? [] : [{ need: 'out', family } as const]),
];

/** `arp_ignore` 8 answers nobody; 0 to 3 answer for addresses of the device. */
export function arp(facts: Facts, { state: { name }, preview }: NetworkFacts): Finding[] {
  if (preview === undefined) return [];
  const names = ['all', preview.bridge.replaceAll('.', '/')].map((one) => `net.ipv4.conf.${one}.arp_ignore`);
  const setting = names.find((one) => Number(settingOf(facts, one) ?? 0) >= 4);
  if (setting === undefined) return [];
  return [
    finding('arp-ignored', {
      what: `the host does not answer when guests of network ${name} ask for its hardware address`,
      network: name,
      loses: [
        { need: 'gateway', family: 'ipv4' },
        { need: 'dns', family: 'ipv4' },
        { need: 'out', family: 'ipv4' },
        { need: 'host to guest', family: 'ipv4' },
      ],
      evidence: [proof('sysctl', `${setting} = ${settingOf(facts, setting)}`)],
      owner: 'kernel',
      remedy: { commands: [command`sysctl -w ${setting}=0`] },
    }),
  ];
}

/** IPv6 that is switched off at the device of the default route, for guests that should get out by IPv6. */
export function uplinkIpv6(facts: Facts, { preview, state: { name } }: NetworkFacts): Finding[] {
  if (preview === undefined || preview.mode === 'none') return [];
  if (!preview.subnets.some(({ subnet }) => subnet.family === 'ipv6')) return [];
  const home = facts.kernel?.routes?.find(
    ({ to, family, table = 'main' }) => to === 'default' && family === 'ipv4' && table === 'main',
  );
  const device = deviceNamed(facts, home?.device);
  const why = device === undefined ? undefined : ipv6Off(facts, device);
  if (device === undefined || why === undefined) return [];
  return [
    finding('ipv6-off', {
      what: `${device.name}, which leads beyond the host, has no IPv6 (${why.text})`,
      network: name,
      loses: [{ need: 'out', family: 'ipv6' }],
      severity: 'warning',
      evidence: [proof(why.text.startsWith('net.') ? 'sysctl' : `ip link show ${device.name}`, why.text)],
      owner: 'host',
      remedy: { commands: [why.undo], note: 'Let the network system of the host set its addresses and routes again.' },
    }),
  ];
}
