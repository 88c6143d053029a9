import type { Backend } from '../backend.js';
import type { BridgeRoute } from '../document.js';
import type { Section } from '../text/sections.js';
import { activations } from './networkmanager.js';
import { type IpProfile, managerLacks, type Profile, profilesOf } from './nm-profiles.js';
import type { Command } from './rendering.js';

/** The commands that make the same profiles in memory; they are gone after a restart until they are saved. */
export const nmcli: Backend<'nmcli'> = {
  name: 'nmcli',
  title: 'nmcli',
  isPersistent: false,
  trial: 'direct',
  tool: 'nmcli',
  ownedBy: ['networkmanager'],
  lacks: managerLacks,
  render(bridge) {
    const profiles = profilesOf(bridge);
    return {
      apply: [...profiles.map(addCommand), ...activations(profiles)],
      revert: [['nmcli', 'connection', 'delete', ...profiles.map(({ id }) => id)]],
      warnings: [
        ['HB_PROFILE_OF_PORT', 'ports'],
        ['HB_NMCLI_VOLATILE', ''],
      ],
    };
  },
};

function addCommand(profile: Profile): Command {
  const { id, type, device, master } = profile;
  return [
    ...['nmcli', 'connection', 'add', 'save', 'no'],
    ...['type', type, 'con-name', id, 'ifname', device],
    ...(profile.autoconnect ? [] : ['connection.autoconnect', 'no']),
    ...(master === undefined ? [] : ['connection.master', master.name, 'connection.slave-type', master.type]),
    ...(type === 'bridge' ? ['connection.autoconnect-slaves', '1'] : []),
    ...profile.settings.flatMap(properties),
    ...(profile.ip ?? []).flatMap(ipProperties),
  ];
}

function properties({ name, settings }: Section): readonly string[] {
  const given = settings.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const]));
  if (name !== 'bond') return given.flatMap(([key, value]) => [`${name}.${key}`, value]);
  return ['bond.options', given.map(([key, value]) => `${key}=${value}`).join(',')];
}

function ipProperties(ip: IpProfile): readonly string[] {
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['method', ip.method],
    ['dhcp-client-id', ip.clientId],
    ['route-metric', ip.routeMetric === undefined ? undefined : String(ip.routeMetric)],
    ['ignore-auto-dns', ip.ignoresDns && 'yes'],
    ['addresses', ip.addresses.join(',')],
    ['gateway', ip.gateway],
    ['dns', ip.servers.join(',')],
    ['dns-search', ip.search.join(',')],
    ['routes', ip.routes.map(routeText).join(',')],
  ];
  return pairs.flatMap(([key, value]) => (value ? [`${ip.family}.${key}`, value] : []));
}

const routeText = ({ to, via, metric, table, onLink }: BridgeRoute): string =>
  [to, via, metric, onLink ? 'onlink=true' : undefined, table === undefined ? undefined : `table=${table}`]
    .filter((part) => part !== undefined)
    .join(' ');
