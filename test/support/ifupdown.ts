import { mkdirSync } from 'node:fs';
import { inCache } from '../lab/cache.js';
import type { LabHost } from '../lab/index.js';
import { runOrThrow } from './run.js';

const folder = inCache('programs', 'ifupdown');

/** Fetches ifupdown, the bridge hooks and dhclient once, and unpacks them without installing anything. */
const UNPACK = `
set -e
[ ! -e "$1/complete-with-dhclient" ] || exit 0
cd "$1"
apt-get download ifupdown bridge-utils isc-dhcp-client
for package in *.deb; do dpkg -x "$package" root; done
touch complete-with-dhclient
`;

function unpack(): void {
  mkdirSync(folder, { recursive: true });
  runOrThrow('flock', [`${folder}/lock`, 'sh', '-c', UNPACK, '-', folder], { seconds: 300 });
}

/** Gives a host the real ifupdown, with the files of a usual Debian. */
export function installIfupdown(lab: LabHost): void {
  unpack();
  const root = `${folder}/root`;
  lab.sh(`
    for part in lib sbin; do mount -t overlay -o lowerdir=${root}/$part:/usr/$part $part /usr/$part; done
    cp -r ${root}/etc/network /etc/ && cp ${root}/etc/default/* /etc/default/
    rm -f /etc/network/if-*.d/resolved
    mkdir -p /run/network
    printf 'source /etc/network/interfaces.d/*\\n\\nauto lo\\niface lo inet loopback\\n' >/etc/network/interfaces
    cat >/etc/network/interfaces.d/eno1 <<'END'
# the NIC, as somebody has set it
auto eno1
iface eno1 inet static
    address 10.77.0.10/24
    gateway 10.77.0.1
iface eno1 inet6 static
    address 2001:db8:77::10/64
    gateway 2001:db8:77::1
END
  `);
}
