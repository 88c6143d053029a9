import type { Rendering } from '../../src/host-bridge/render/rendering.js';
import type { LabHost } from '../lab/index.js';
import { mountPrograms, unpacked } from './unpacked.js';

const PACKAGES = [
  ...['network-manager', 'libnm0', 'libndp0', 'libteamdctl0', 'libjansson4', 'libmm-glib0', 'libbluetooth3', 'libpsl5'],
  'libcurl3-gnutls',
];

const CONFIGURATION = `[main]
plugins=keyfile
dhcp=internal
dns=none
no-auto-default=*
auth-polkit=false
`;

const NIC = `[connection]
id=eno1
uuid=11111111-1111-4111-8111-111111111111
type=ethernet
interface-name=eno1
[ipv4]
method=manual
address1=10.77.0.10/24,10.77.0.1
[ipv6]
method=disabled
`;

/** Starts NetworkManager on a host, with a profile for its NIC. The NIC has what that profile says. */
export function startNetworkManager(lab: LabHost): void {
  lab.sh(`
    ${mountPrograms(unpacked('network-manager', PACKAGES))}
    ip addr flush dev eno1 scope global; ip -6 route flush dev eno1 proto static; ip route flush table 77
    mkdir -p /run/dbus /etc/NetworkManager/system-connections /var/lib/NetworkManager
    printf %s '${CONFIGURATION}' >/etc/NetworkManager/NetworkManager.conf
    umask 077; printf %s '${NIC}' >/etc/NetworkManager/system-connections/eno1.nmconnection
    dbus-daemon --system --fork --nopidfile >/dev/null 2>&1
  `);
  runNetworkManager(lab);
}

/** Starts the daemon again. */
export function runNetworkManager(lab: LabHost): void {
  lab.sh('(NetworkManager --no-daemon >/run/networkmanager.log 2>&1 &) >/dev/null 2>&1');
}

const ETC = '/etc/NetworkManager/system-connections';
const profile = (name: string, content: string) => ({
  path: `${ETC}/${name}.nmconnection`,
  mode: 0o600,
  owner: 'root:root',
  content,
});

/** A bridge written by hand for NetworkManager. */
export const networkManagerBridge = (ipv4: string): Rendering => {
  const files = [
    profile(
      'br0',
      `[connection]
id=br0
uuid=22222222-2222-4222-8222-222222222222
type=bridge
interface-name=br0
autoconnect-slaves=1
[ethernet]
cloned-mac-address=52:54:00:77:00:01
[bridge]
stp=false
[ipv4]
${ipv4}
[ipv6]
method=disabled
`,
    ),
    profile(
      'br0-port-eno1',
      `[connection]
id=br0-port-eno1
uuid=33333333-3333-4333-8333-333333333333
type=ethernet
interface-name=eno1
autoconnect-priority=10
master=br0
slave-type=bridge
`,
    ),
  ];
  return {
    backend: 'networkmanager',
    files,
    apply: [
      ...files.map(({ path }) => ['nmcli', 'connection', 'load', path]),
      ['nmcli', '-w', '20', 'connection', 'up', 'br0-port-eno1'],
    ],
    revert: [
      ['nmcli', 'connection', 'reload'],
      ['ip', 'link', 'del', 'dev', 'br0'],
    ],
    warnings: [],
  };
};
