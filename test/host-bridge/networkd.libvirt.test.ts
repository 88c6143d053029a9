import { describe, expect, it } from 'vitest';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import type { RenderedFile } from '../../src/host-bridge/render/rendering.js';
import { CARDS, expressible, fixedBridge, randomBridge } from '../support/bridges.js';
import { cards, kernelFacts, REPORT, wantedFacts } from '../support/kernel.js';
import { needs } from '../support/needs.js';
import { onHosts } from '../support/parsers.js';
import { announce, runs } from '../support/random.js';

needs('host network programs');

const DAEMON = '/lib/systemd/systemd-networkd';

/** The daemon's own folder, empty on every host. */
const PREPARE =
  'mount --bind files/etc/systemd/network /etc/systemd/network\nexport SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_COLOR=0';

/** What the daemon complains about: each complaint names a file and a line. */
const complaints = (printed: string): readonly string[] =>
  printed
    .split('\n')
    .filter((line) => /\/etc\/systemd\/network\/[^ ]*(:\d+)?: /.test(line))
    // With DHCP alone no subnet is known beforehand, and the daemon says what it does about that.
    .filter((line) => !line.endsWith('Gateway= without static address configured. Enabling GatewayOnLink= option.'));

const readOnly = (files: readonly RenderedFile[]) => ({
  files,
  script: `${PREPARE}\ntimeout 1 ${DAEMON} || true`,
});

describe('systemd-networkd itself understands what is written for it', () => {
  it('without a complaint about any line', () => {
    const count = runs(300);
    const random = announce('networkd files', count);
    const bridges = Array.from({ length: count }, () => expressible(randomBridge(random), 'networkd'));
    const printed = onHosts(bridges.map((bridge) => readOnly(bridge.render('networkd').files)));
    bridges.forEach((_, i) => {
      // The daemon has said something, or it did not run at all.
      expect(printed[i]).not.toBe('');
      expect(complaints(printed[i] ?? ''), printed[i]).toEqual([]);
    });
  });

  it('and complains about a broken variant', () => {
    const bridge = HostBridge.create('br0')
      .port('eno1', { priority: 20 })
      .mac('52:54:00:01:02:03')
      .stp({ helloTime: 2 });
    const { files } = bridge.render('networkd');
    const changed = (from: string, to: string) =>
      readOnly(files.map((file) => ({ ...file, content: file.content.replace(from, to) })));
    const printed = onHosts([
      readOnly(files),
      changed('HelloTimeSec', 'HeloTimeSec'),
      changed('Priority=20', 'Priority=200'),
      changed('01:02:03', '01:02:zz'),
    ]);
    expect(printed.map((text) => complaints(text).length > 0)).toEqual([false, true, true, true]);
  });

  it('and the kernel then has the same bridge', () => {
    const count = runs(300);
    const random = announce('bridges by networkd', count);
    const bridges = Array.from({ length: count }, () => expressible(fixedBridge(random), 'networkd'));
    const printed = onHosts(bridges.map(live));
    bridges.forEach((bridge, i) => {
      const shown = bridge
        .render('networkd')
        .files.map(({ content }) => content)
        .join('\n');
      expect(printed[i], shown).not.toContain('NEVER CONFIGURED');
      expect(kernelFacts(printed[i] ?? '', bridge), shown).toEqual(wantedFacts(bridge));
    });
  });
});

/** Ends when the daemon says that the bridge and its ports are as they should be. */
const live = (bridge: HostBridge) => {
  const { files } = bridge.render('networkd');
  const count = 1 + (bridge.document.ports?.length ?? 0);
  return {
    files,
    script: `${PREPARE}
${cards(CARDS)}
${DAEMON} >daemon.log 2>&1 &
daemon=$!
for try in $(seq 200); do
  [ "$(grep -l ADMIN_STATE=configured /run/systemd/netif/links/* 2>/dev/null | wc -l)" -ge ${count} ] && break
  sleep 0.1
done
[ "$try" = 200 ] && { echo NEVER CONFIGURED; cat daemon.log; grep . /run/systemd/netif/links/*; }
${REPORT}
kill $daemon`,
  };
};
