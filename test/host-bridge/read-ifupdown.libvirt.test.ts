import { describe, expect, it } from 'vitest';
import { setBy } from '../support/ifup-words.js';
import { INTERFACES_CASES } from '../support/interfaces-files.js';
import { needs } from '../support/needs.js';
import { ifupCommands, onHosts } from '../support/parsers.js';

needs('host network programs');

describe('ifupdown itself agrees with what is expected of the reader', () => {
  for (const { name, content, wanted, asked = ['br0'] } of INTERFACES_CASES) {
    it(name, () => {
      const { status, said } = ifupCommands(content, asked);
      if ('refusedAt' in wanted) {
        expect(said).toContain(`interfaces:${wanted.refusedAt}: `);
        return;
      }
      expect(status, said).toBe(0);
      const { addresses, gateways } = setBy(said, 'br0');
      const fixed = [...(wanted.ipv4?.addresses ?? []), ...(wanted.ipv6?.addresses ?? [])];
      expect(addresses.filter((text) => text !== '2001:db8::2/64')).toEqual(fixed);
      expect(gateways).toEqual(
        (wanted.routes ?? []).map(({ via, metric }) => (metric === undefined ? via : `${via} ${metric}`)),
      );
    });
  }

  it('and bridge-utils about the ports that patterns stand for', () => {
    const words = ['eth0 regex en.* noregex eth7', 'all', 'regex e(m|th)[0-9]+'];
    const printed = onHosts([
      {
        files: [{ path: '/cards', content: '', mode: 0o644, owner: 'root' }],
        script: `for n in eno1 enp3s0 eth0 eth10 em1 wlan0; do ip link add $n type veth peer name v$n; done
. /usr/lib/bridge-utils/bridge-utils.sh
${words.map((text) => `set -f; echo $(bridge_parse_ports ${text.replace(/[()|]/g, '\\$&')} | tr ' ' '\\n' | sort)`).join('\n')}`,
      },
    ]);
    expect(printed[0]?.trim().split('\n')).toEqual([
      'eno1 enp3s0 eth0 eth7',
      'em1 eno1 enp3s0 eth0 eth10',
      'em1 eth0 eth10',
    ]);
  });
});
