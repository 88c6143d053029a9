import type { SettingTracker } from './setting-tracker.js';
import type { Tree } from './tree.js';
import { truth } from './values.js';

/** Settings with the values that their system takes without them: written down they say nothing. */
type Usual = Readonly<Record<string, string | boolean>>;

const always = (value: string | boolean, ...keys: readonly string[]): Usual =>
  Object.fromEntries(keys.map((key) => [key, value]));

const isUsual = (text: string, usual: string | boolean | undefined): true | undefined =>
  (typeof usual === 'boolean' ? truth(text) : text) === usual ? true : undefined;

/** Takes out what says nothing. */
export function skipUsual(settings: SettingTracker | Tree, usual: Usual): void {
  for (const key of Object.keys(usual)) settings.one((text) => isUsual(text, usual[key]), key);
}

/** By section; what DHCP gives is taken but for a few things. */
export const NETWORKD_USUAL: Readonly<Record<string, Usual>> = {
  Network: {
    ...always(false, 'EmitLLDP', 'IPForward', 'DefaultRouteOnDevice', 'DHCPServer', 'KeepConfiguration'),
    LLMNR: true,
    LLDP: 'routers-only',
  },
  Link: always(true, 'RequiredForOnline'),
  ...Object.fromEntries(
    ['DHCP', 'DHCPv4', 'DHCPv6', 'IPv6AcceptRA'].map((name) => [
      name,
      {
        ...always(true, 'UseDNS', 'UseNTP', 'UseHostname', 'UseRoutes', 'UseGateway', 'SendHostname'),
        ...always(false, 'UseMTU', 'UseDomains', 'UseTimezone', 'Anonymize'),
      },
    ]),
  ),
};

const MANAGER_IP: Usual = {
  ...always('true', 'may-fail', 'dhcp-send-hostname'),
  ...always('false', 'never-default', 'ignore-auto-dns', 'ignore-auto-routes'),
  ...always('-1', 'route-metric', 'dad-timeout', 'ip6-privacy'),
  'dns-priority': '0',
};

/** By section. */
export const MANAGER_USUAL: Readonly<Record<string, Usual>> = {
  connection: { 'autoconnect-priority': '0', lldp: '-1', mdns: '-1', autoconnect: 'true' },
  ipv4: MANAGER_IP,
  ipv6: MANAGER_IP,
  bridge: always('0', 'group-forward-mask'),
};

const NETPLAN_OVERRIDES = always(true, 'use-dns', 'use-ntp', 'use-hostname', 'use-mtu', 'use-routes', 'send-hostname');

/** Takes out what says nothing for a device of netplan. */
export function skipUsualOfNetplan(device: Tree): void {
  skipUsual(device, always(false, 'critical', 'ignore-carrier', 'ipv6-privacy', 'wakeonlan', 'emit-lldp'));
  for (const key of ['dhcp4-overrides', 'dhcp6-overrides']) skipUsual(device.at(key), NETPLAN_OVERRIDES);
}
