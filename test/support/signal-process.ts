import { appendFileSync } from 'node:fs';
import { applyHostBridge, installPortForwards, localRunner } from '../../src/host/index.js';
import { connect, HostBridge, NatNetwork, Network } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';

/**
 * A program in the middle of an operation, whose programs are all a slow one. Its arguments: the operation, how it
 * listens for signals, what it does then, a folder for what it says and does, and the slow program.
 */
const [operation = '', handler = '', decision = '', folder = '', slow = ''] = process.argv.slice(2);
const say = (text: string) => appendFileSync(`${folder}/said`, `${text}\n`);
const abort = new AbortController();
const decide = () => {
  say('handler');
  if (decision === 'abort') abort.abort(new Error('stop'));
  else appendFileSync(`${folder}/go`, '');
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  if (handler === 'once') process.once(signal, decide);
  if (handler === 'on') process.on(signal, decide);
}

const { signal } = abort;
const { NETWORK_URI: uri, NETWORK_XML: xml = '' } = process.env;
const runner = localRunner({ prefix: [slow] });
const network = NatNetwork.create('lab')
  .bridge('lvn-nowhere0')
  .subnet('192.168.50.1/24')
  .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: '192.168.50.10', port: 80 } });

async function events(): Promise<void> {
  for await (const _ of virsh({ path: slow }).events({ signal })) return;
}

const OPERATIONS: Readonly<Record<string, () => Promise<unknown>>> = {
  events,
  ensure: () => connect(virsh({ path: slow })).networks.ensure(network, { signal }),
  'ensure on a daemon': () =>
    connect(virsh({ path: slow, uri: uri ?? '' })).networks.ensure(Network.parse(xml), {
      running: true,
      restart: 'always',
      signal,
    }),
  applyHostBridge: () =>
    applyHostBridge(HostBridge.create('br0').port('lvn-nowhere1').address('10.77.0.10/24'), { runner, signal }),
  installPortForwards: () =>
    installPortForwards(network, { backend: 'iptables', directory: `${folder}/hooks`, runner, signal }),
};

try {
  await OPERATIONS[operation]?.();
  say('done');
} catch (error) {
  say(`failed: ${String(error instanceof Error ? error.message : error).split('\n')[0]}`);
} finally {
  say('finally');
}
