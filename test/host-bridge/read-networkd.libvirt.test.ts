import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { NETWORKD_CARDS, NETWORKD_CASES, networkdPath } from '../support/networkd-files.js';
import { onHosts } from '../support/parsers.js';

needs('host network programs', 'systemd-networkd');

const DAEMON = '/lib/systemd/systemd-networkd';

/** Waits until the daemon has nothing more to do, and prints the ports and the addresses of br0. */
const SCRIPT = `
mount --bind files/etc/systemd/network /etc/systemd/network
[ -d files/run ] && cp -r files/run/systemd/network /run/systemd/
for card in ${NETWORKD_CARDS.join(' ')}; do ip link add $card type veth peer name p$card; ip link set $card up; ip link set p$card up; done
SYSTEMD_LOG_TARGET=console ${DAEMON} >log 2>&1 &
daemon=$!
for try in $(seq 100); do
  grep -q ADMIN_STATE /run/systemd/netif/links/* 2>/dev/null &&
    ! grep -lE 'ADMIN_STATE=(pending|initialized|configuring)' /run/systemd/netif/links/* >/dev/null && break
  sleep 0.1
done
kill $daemon
ip -br link show master br0 | sed 's/[@ ].*//' | sort | xargs echo ports
ip -4 -br addr show dev br0 | sed 's/^br0 *[A-Z]* *//' | xargs -n1 | sort | xargs echo addresses
ip -4 route show dev br0 proto static | cut -d' ' -f1 | sort | xargs echo routes
`;

describe('systemd-networkd itself agrees with what is expected of the reader', () => {
  it('about the ports and the addresses of each case', () => {
    const printed = onHosts(
      NETWORKD_CASES.map(({ files }) => ({
        script: SCRIPT,
        files: Object.entries(files).map(([name, content]) => ({
          path: networkdPath(name),
          content,
          mode: 0o644,
          owner: 'root',
        })),
      })),
    );
    NETWORKD_CASES.forEach(({ name, ports, addresses = [], routes = [] }, i) => {
      const wanted = Object.entries({ ports, addresses, routes })
        .map(([what, items]) => [what, ...[...items].sort()].join(' '))
        .join('\n');
      expect(printed[i]?.trim(), name).toBe(wanted);
    });
  });
});
