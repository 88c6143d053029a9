import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, IsolatedNetwork } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { inTheMiddle, nothingLeft, type Operation, signalGroup } from '../support/in-the-middle.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';

needs('daemon 11.3', 'virsh');

/** The real virsh, which waits once, at the first start of a network. */
const slowVirsh = (path: string, when: 'before' | 'after'): string => `#!/bin/sh
folder=\${0%/*}
wait_for_it() { : >"$folder/running"; while [ ! -e "$folder/go" ]; do sleep 0.05; done; }
case " $* " in *' net-start '*) [ -e "$folder/running" ] || ${when === 'before' ? 'wait_for_it' : `{ ${path} "$@"; rc=$?; wait_for_it; exit $rc; }`} ;; esac
exec ${path} "$@"
`;

interface Case extends Pick<Operation, 'handler' | 'decision'> {
  readonly signal: 'SIGTERM' | 'SIGINT';
  readonly when: 'before' | 'after';
  /** Whether the network runs before, with another definition. */
  readonly isThere: boolean;
}

const CASES: readonly Case[] = (['before', 'after'] as const).flatMap((when) =>
  [true, false].flatMap((isThere) =>
    (['SIGTERM', 'SIGINT'] as const).flatMap((signal) =>
      (
        [
          ['once', 'abort'],
          ['on', 'abort'],
          ['once', 'go on'],
          ['none', 'go on'],
        ] as const
      ).map(([handler, decision]) => ({ when, isThere, signal, handler, decision })),
    ),
  ),
);

describe('a signal in the middle of ensure on a real daemon', () => {
  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon('11.3');
  });
  afterAll(() => daemon.stop());

  thinned('signals in the middle of ensure', CASES, 11).forEach((one, i) => {
    const { handler, decision, signal, when, isThere } = one;
    const decides = handler === 'none' ? 'no handler' : `a handler by ${handler} that decides to ${decision}`;
    const change = isThere ? 'a change with a restart' : 'a new network';
    it(`${signal} ${when} the start, ${change}, ${decides}`, async (test) => {
      const old = IsolatedNetwork.create(`lab${i}`).bridge(`virbr-lab${i}`).subnet(`10.61.${i}.1/24`);
      const desired = old.mtu(1400);
      await using host = connect(virsh({ uri: daemon.uri, path: daemon.virsh }));
      if (isThere) await host.networks.ensure(old, { running: true });
      const program = await inTheMiddle(test, {
        operation: 'ensure on a daemon',
        handler,
        decision,
        slow: slowVirsh(daemon.virsh, when),
        env: { NETWORK_URI: daemon.uri, NETWORK_XML: desired.toXml() },
      });
      signalGroup(program, signal);
      expect(await program.ended).toEqual(handler === 'none' ? [null, signal] : [0, null]);
      await nothingLeft(program);

      /** What the network on the host lacks. */
      const plan = async (network: IsolatedNetwork) => {
        const { steps, blocked } = await host.networks.plan(network, { running: true });
        return [...steps, ...blocked].map(({ what }) => what);
      };
      if (handler === 'none') {
        // Nobody could say what is left: the next call finds it and completes it.
        await host.networks.ensure(desired, { running: true, restart: 'always' });
        expect(await plan(desired)).toEqual([]);
        return;
      }
      if (decision === 'go on') {
        expect(program.said()).toEqual(['handler', 'done', 'finally']);
        expect(await plan(desired)).toEqual([]);
        return;
      }
      expect(program.said()).toEqual(['handler', 'failed: stop', 'finally']);
      if (isThere) expect(await plan(old)).toEqual([]);
      else expect(daemon.ask('net-list', '--all', '--name')).not.toContain(old.name);
    }, 60_000);
  });
});
