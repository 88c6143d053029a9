import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, NatNetwork } from '../../src/index.js';
import { type ExecRequest, localExec, virsh } from '../../src/virsh/index.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';

needs('daemon 11.3', 'daemon 9.0');

describe.each(['9.0', '11.3'] as const)('the processes of an ensure over virsh, on a daemon of %s', (release) => {
  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon(release);
  });
  afterAll(() => daemon.stop());

  const lab = NatNetwork.create('lab').bridge('virbr10').subnet('192.168.150.1/24');

  /** Brings the network to its desired state over a new connection, and returns the command of each process. */
  async function commandsOfEnsure(): Promise<readonly string[]> {
    const commands: string[] = [];
    const exec = (request: ExecRequest) => {
      const before = request.args.findIndex((word) => word.startsWith('--connect='));
      commands.push(/^\S+/.exec(request.args[before + 1] ?? '')?.[0] ?? '');
      return localExec(request);
    };
    const host = connect(virsh({ uri: daemon.uri, path: daemon.virsh, exec }));
    await host.networks.ensure(lab, { running: true });
    await host.close();
    return commands;
  }

  it('are these for a new network that runs, and only those that look for the same network again', async () => {
    expect(await commandsOfEnsure()).toEqual([
      ...['version', 'net-info', 'net-define'],
      // The daemon does not report its release, so the library makes sure that the start deletes no device.
      ...['iface-list', 'net-start'],
      // State and both definitions in one process.
      'net-info',
    ]);
    expect(await commandsOfEnsure()).toEqual(['version', 'net-info', 'net-info']);
  });
});
