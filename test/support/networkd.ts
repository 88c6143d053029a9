import type { Rendering } from '../../src/host-bridge/render/rendering.js';
import type { LabHost } from '../lab/index.js';

const DAEMON = '/lib/systemd/systemd-networkd';

/** Starts the daemon on a host, with a file for its NIC. The NIC has what that file says. */
export function startNetworkd(lab: LabHost): void {
  lab.sh(`
    ip addr flush dev eno1 scope global; ip -6 route flush dev eno1 proto static
    mkdir -p /run/dbus /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp /etc/systemd/network
    chown -R systemd-network /run/systemd/netif
    printf '[Match]\\nName=eno1\\n[Network]\\nAddress=10.77.0.10/24\\nAddress=10.77.0.11/24\\nGateway=10.77.0.1\\nIPv6AcceptRA=no\\n' \
      >/etc/systemd/network/20-eno1.network
    dbus-daemon --system --fork --nopidfile >/dev/null 2>&1
  `);
  runNetworkd(lab);
}

/** Starts the daemon again, and waits until it answers. */
export function runNetworkd(lab: LabHost): void {
  lab.sh(`(SYSTEMD_LOG_TARGET=console ${DAEMON} >/run/networkd.log 2>&1 &) >/dev/null 2>&1`);
  lab.sh("timeout 20 sh -c 'until networkctl reload >/dev/null 2>&1; do sleep 0.05; done'");
}

const file = (name: string, lines: readonly string[]) => ({
  path: `/etc/systemd/network/${name}`,
  mode: 0o644,
  owner: 'root:root',
  content: `${lines.join('\n')}\n`,
});

/** A bridge written by hand for systemd-networkd. */
export const networkdBridge = (network: readonly string[]): Rendering => ({
  backend: 'networkd',
  files: [
    file('05-br0.netdev', [
      '[NetDev]',
      'Name=br0',
      'Kind=bridge',
      'MACAddress=52:54:00:77:00:01',
      '[Bridge]',
      'STP=no',
      'ForwardDelaySec=0',
    ]),
    file('05-br0-port-eno1.network', ['[Match]', 'Name=eno1', '[Network]', 'Bridge=br0', 'LinkLocalAddressing=no']),
    file('05-br0.network', ['[Match]', 'Name=br0', '[Network]', 'IPv6AcceptRA=no', ...network]),
  ],
  apply: [['networkctl', 'reload']],
  revert: [
    ['networkctl', 'reload'],
    ['ip', 'link', 'del', 'dev', 'br0'],
  ],
  warnings: [],
});
