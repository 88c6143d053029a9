import type { BackendOptions } from '../backend.js';
import type { WholeBridge } from '../canonical.js';
import type { Report } from '../check/context.js';
import type { Ipv4Setup } from '../document.js';
import { findHostDevice, type HostNetworkReading } from '../network/host-network.js';
import type { BackendName } from './rendering.js';

/** By what a DHCP server knows a device: its MAC address; an id made of its name; or an id in a file that we carry over. */
type Identity = 'mac' | 'name' | 'carried';

/** How a system names a device to DHCP servers. */
interface Client {
  /** Where nothing else is set. */
  readonly identity: Identity;
  /** The setting by which the card and the bridge are one client to a server of IPv4. */
  readonly keeps4: string;
  /** The same for IPv6. */
  readonly keeps6: string;
}

const NETWORKD: Client = {
  identity: 'name',
  keeps4: 'ClientIdentifier=mac in [DHCPv4] of the card before, and of the bridge; or the IAID of the card as IAID=',
  keeps6: 'the IAID of the card as IAID= in [DHCPv6] of the bridge',
};
const MANAGER: Client = {
  identity: 'mac',
  keeps4:
    'ipv4.dhcp-client-id=mac in the profile of the card before, and of the bridge, and the MAC address of the card',
  keeps6: 'ipv6.dhcp-iaid=mac in both profiles',
};
const DHCLIENT: Client = {
  identity: 'mac',
  keeps4: "'send dhcp-client-identifier = hardware;' in dhclient.conf, and the MAC address of the card",
  keeps6: 'the default-duid of the lease file of the card in that of the bridge',
};

const CLIENTS: { readonly [B in BackendName]: (options: BackendOptions) => Client } = {
  networkd: () => NETWORKD,
  netplan: ({ renderer }) =>
    renderer === 'NetworkManager'
      ? MANAGER
      : { ...NETWORKD, keeps4: "'dhcp-identifier: mac' at the card before, and at the bridge" },
  networkmanager: () => MANAGER,
  nmcli: () => MANAGER,
  nmstate: () => ({
    ...MANAGER,
    keeps4: "'dhcp-client-id: ll' at the card before, and at the bridge, and its MAC address",
  }),
  ifcfg: ({ consumer }) => (consumer === 'NetworkManager' ? MANAGER : DHCLIENT),
  libvirt: () => DHCLIENT,
  ifupdown: () => ({
    ...DHCLIENT,
    identity: 'carried',
    keeps4: "the MAC address of the card, and the 'client' option of its stanza in that of the bridge",
  }),
  wicked: () => ({
    identity: 'name',
    keeps4: 'DHCLIENT_CLIENT_ID in /etc/sysconfig/network/dhcp, with the id that the card has',
    keeps6: 'DHCLIENT6_CLIENT_ID in /etc/sysconfig/network/dhcp',
  }),
  iproute2: () => DHCLIENT,
};

const WORDS: Readonly<Record<Identity, string>> = {
  mac: 'its MAC address',
  name: 'an id that the name of the device is part of',
  carried: 'an id that its DHCP client keeps in a file',
};

/** A bridge in place of a card that has its address from a server. */
export interface TakenLease extends BackendOptions {
  readonly bridge: Pick<WholeBridge, 'name' | 'ports' | 'ipv4' | 'ipv6'>;
  readonly backend: BackendName;
  /** By what the card is set to be known; `other` for settings that the model does not have. */
  readonly before: Ipv4Setup['clientId'] | 'other';
  /** False where the bridge gets another MAC address than the card has. */
  readonly keepsMac: boolean;
}

/** Warns where a DHCP server takes the bridge for another client than the card, and names the setting that prevents it. */
export function reportLease(lease: TakenLease, report: Report): void {
  const { bridge, backend, before, keepsMac } = lease;
  const { identity, keeps4, keeps6 } = CLIENTS[backend](lease);
  const [card] = bridge.ports;
  if (card === undefined) return;
  const about = { card: card.name, bridge: bridge.name };
  const [old, now] = [before, bridge.ipv4.clientId].map((id) => identityOf(id, identity));
  const isSame = keepsMac && old === now && old !== 'name' && old !== undefined;
  if (bridge.ipv4.auto === 'dhcp' && !isSame)
    report('HOST_LEASE', 'ipv4.clientId', { ...about, old: wordsFor(old), now: wordsFor(now), keeps: keeps4 });
  if (bridge.ipv6.auto === 'dhcp' && (identity !== 'carried' || !keepsMac))
    report('HOST_LEASE', 'ipv6.auto', { ...about, old: WORDS.name, now: WORDS.name, keeps: keeps6 });
}

const identityOf = (id: TakenLease['before'], usual: Identity): Identity | undefined =>
  id === undefined ? usual : { mac: 'mac' as const, duid: 'name' as const, other: undefined }[id];

const wordsFor = (identity: Identity | undefined): string =>
  identity === undefined ? 'an id of its own' : WORDS[identity];

/** Settings of the DHCP identity that the model does not have, as the warnings of a reading name them. */
const OTHER_IDS = /\bclient\b|client-?id|identifier|\biaid\b|\bduid/i;

/** The same for a bridge that takes over a device of a host whose files are known. */
export function reportTakenLease(host: HostNetworkReading, lease: Omit<TakenLease, 'before'>, report: Report): void {
  const { name, ports } = lease.bridge;
  const card = ports[0] === undefined ? undefined : findHostDevice(host, ports[0].name);
  if (card === undefined || card.master === name) return;
  if (card.ipv4?.auto !== 'dhcp' && card.ipv6?.auto !== 'dhcp') return;
  const isOther = host.warnings.some(({ message }) => OTHER_IDS.test(message));
  reportLease({ ...lease, before: isOther ? 'other' : card.ipv4?.clientId }, report);
}
