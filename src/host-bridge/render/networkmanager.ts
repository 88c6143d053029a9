import type { Backend } from '../backend.js';
import type { BridgeRoute } from '../document.js';
import { printSections, type Section, type Setting, section } from '../text/sections.js';
import { uuidFor } from '../text/uuid.js';
import { type IpProfile, managerLacks, type Profile, profilesOf } from './nm-profiles.js';
import type { RenderedFile } from './rendering.js';

/** NetworkManager's own files, one for each device. */
export const networkmanager: Backend<'networkmanager'> = {
  name: 'networkmanager',
  title: 'NetworkManager keyfile',
  isPersistent: true,
  trial: 'volatile',
  tool: 'nmcli',
  ownedBy: ['networkmanager'],
  lacks: managerLacks,
  render(bridge) {
    const profiles = profilesOf(bridge);
    return {
      files: profiles.map(fileOf),
      apply: [['nmcli', 'connection', 'reload'], ...activations(profiles)],
      revert: [['nmcli', 'connection', 'reload']],
      warnings: [['HB_PROFILE_OF_PORT', 'ports']],
    };
  },
};

/**
 * Bringing up a port brings up the bridge. The other way round the cards would keep their old profiles, and the host
 * the same address twice.
 */
export function activations(profiles: readonly Profile[]): readonly (readonly string[])[] {
  const ports = profiles.filter(({ master }) => master !== undefined);
  const order = ports.length === 0 ? profiles : ports;
  return order.map(({ id }) => ['nmcli', '-w', '20', 'connection', 'up', id]);
}

/** The uuid of a profile; the same at every rendering, so that writing it again changes the profile and adds none. */
export const uuidOf = ({ id }: Profile): string => uuidFor(`libvirt-network host bridge ${id}`);

const fileOf = (profile: Profile): RenderedFile => ({
  path: `/etc/NetworkManager/system-connections/${profile.id}.nmconnection`,
  // Others may not read it, or NetworkManager does not load it.
  mode: 0o600,
  owner: 'root',
  content: printSections([connectionOf(profile), ...profile.settings, ...(profile.ip ?? []).map(ipSection)]),
});

/** The newer names of `master` and `slave-type` are dropped in silence by releases that do not know them. */
const connectionOf = (profile: Profile): Section =>
  section(
    'connection',
    ['id', profile.id],
    ['uuid', uuidOf(profile)],
    ['type', profile.type],
    ['interface-name', profile.device],
    ['autoconnect', profile.autoconnect ? undefined : false],
    ['master', profile.master?.name],
    ['slave-type', profile.master?.type],
    ['autoconnect-slaves', profile.type === 'bridge' ? 1 : undefined],
  );

const ipSection = (ip: IpProfile): Section =>
  section(
    ip.family,
    ['method', ip.method],
    ['dhcp-client-id', ip.clientId],
    ['route-metric', ip.routeMetric],
    ['ignore-auto-dns', ip.ignoresDns],
    ...ip.addresses.map(
      (address, i): Setting => [
        `address${i + 1}`,
        i === 0 && ip.gateway !== undefined ? `${address},${ip.gateway}` : address,
      ],
    ),
    ['dns', ip.servers.length === 0 ? undefined : `${ip.servers.join(';')};`],
    ['dns-search', ip.search.length === 0 ? undefined : `${ip.search.join(';')};`],
    ...ip.routes.flatMap((route, i) => routeSettings(route, `route${i + 1}`)),
  );

function routeSettings({ to, via, metric, table, onLink }: BridgeRoute, key: string): readonly Setting[] {
  const nowhere = to.includes(':') ? '::' : '0.0.0.0';
  const hop = via ?? (metric === undefined ? undefined : nowhere);
  const options = [...(onLink ? ['onlink=true'] : []), ...(table === undefined ? [] : [`table=${table}`])];
  return [
    [key, [to, hop, metric].filter((part) => part !== undefined).join(',')],
    [`${key}_options`, options.length === 0 ? undefined : options.join(',')],
  ];
}
