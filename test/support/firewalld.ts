import type { Daemon } from '../lab/index.js';
import { mountPrograms, unpacked } from './unpacked.js';

const PACKAGES = ['firewalld', 'python3-firewall', 'python3-nftables', 'python3-dbus', 'python3-gi'];
const LIBRARIES = ['gir1.2-glib-2.0', 'libgirepository-1.0-1'];

/** Starts firewalld on a daemon's host, with a bus that nobody else sees, and libvirt again, which then finds both. */
export function startFirewalld(daemon: Daemon, backend: 'nftables' | 'iptables'): void {
  const root = unpacked('firewalld', [...PACKAGES, ...LIBRARIES]);
  daemon.inside(`set -e
    cd ${root}/usr/share/polkit-1/actions
    # As the package's script does it.
    ln -sf org.fedoraproject.FirewallD1.server.policy.choice org.fedoraproject.FirewallD1.policy
    cd /
    ${mountPrograms(root)}
    mkdir -p /etc/firewalld /run/dbus /run/firewalld
    cp -a ${root}/etc/firewalld/. /etc/firewalld
    sed -i 's/^FirewallBackend=.*/FirewallBackend=${backend}/' /etc/firewalld/firewalld.conf
    dbus-daemon --system --fork --nopidfile >/dev/null 2>&1
    (firewalld --nofork --nopid >/run/firewalld.log 2>&1 &) >/dev/null 2>&1
    end=$(($(date +%s) + 50))
    until firewall-cmd --state >/dev/null 2>&1; do [ $(date +%s) -lt $end ] || { cat /run/firewalld.log >&2; exit 1; }; done`);
  daemon.restartLibvirt();
}
