import { connect, type Host } from 'libvirt-network';
import { guests } from 'libvirt-network/guests';
import { socket } from 'libvirt-network/socket';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Daemon, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { TARGET_CASES } from './live-targets.js';

needs('daemon 11.3', 'daemon 12.9', 'virtual machines');

// The tests of guests have 9.0.
describe.each(thinned('releases with guests', ['11.3', '12.9'] as const, 2))('guests of libvirt %s', (release) => {
  let daemon: Daemon;
  let host: Host;
  const ask = (line: string) => daemon.inside(`virsh -q -c qemu:///system ${line}`);
  const file = (xml: string) => {
    daemon.inside(`cat > /run/guest.xml <<'END'\n${xml}\nEND`);
    return '/run/guest.xml';
  };
  beforeAll(() => {
    daemon = startDaemon(release);
    host = connect(socket({ uri: daemon.uriOf('qemu') }));
  });
  afterAll(async () => {
    await host.close();
    daemon.stop();
  });

  it.each(Object.entries(TARGET_CASES))('%s', (_, run) => run({ all: guests(host), ask, file }));
});
