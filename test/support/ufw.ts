import type { Daemon } from '../lab/index.js';
import { mountPrograms, unpacked } from './unpacked.js';

/** Installs ufw on a daemon's host as its package does, and enables it. */
export function startUfw(daemon: Daemon): void {
  const root = unpacked('ufw', ['ufw']);
  daemon.inside(`set -e
    ${mountPrograms(root)}
    mkdir -p /etc/default /etc/ufw
    cp -a ${root}/etc/ufw/. /etc/ufw; cp ${root}/etc/default/ufw /etc/default/ufw
    cp /usr/share/ufw/ufw.conf /usr/share/ufw/*.rules /usr/share/ufw/*.init /etc/ufw
    cp /usr/share/ufw/iptables/*.rules /etc/ufw
    ufw --force enable`);
}
