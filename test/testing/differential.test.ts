import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BridgedNetwork,
  type Copies,
  IsolatedNetwork,
  type NetworkState,
  type Operation,
  OperationError,
  type Operations,
  type Transport,
} from '../../src/index.js';
import { canonicalNetwork } from '../../src/schema/network/canonical.js';
import { networkTable } from '../../src/schema/network/network.js';
import { readNetwork } from '../../src/schema/network/read.js';
import { normalized } from '../../src/schema/normalize.js';
import { mockTransport } from '../../src/testing/index.js';
import { virsh } from '../../src/virsh/index.js';
import { announce, type Random, runs } from '../support/random.js';
import { hasSandbox, RELEASES, type Sandbox, startSandbox } from '../support/sandbox.js';

/** One call of a sequence. */
interface Step {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
}

const NAMES = ['diff-a', 'diff-b'] as const;
const UUIDS = ['6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11', '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a12'] as const;

/** A definition: mostly the name's own, sometimes another's uuid, bridge or kind. */
function definition(random: Random): string {
  const i = random.int(0, 1);
  const name = NAMES[i] ?? 'diff-a';
  const uuid = UUIDS[random.chance(0.85) ? i : 1 - i] ?? UUIDS[0];
  if (random.chance(0.5))
    return BridgedNetwork.create({ name, bridge: `br${random.int(0, 1)}` })
      .withUuid(uuid)
      .toXml();
  const bridge = random.chance(0.85) ? `diffbr${i}` : 'diffbr0';
  const network = IsolatedNetwork.create(name)
    .withUuid(uuid)
    .bridge(bridge, { stp: random.chance(0.5) })
    .mac(`52:54:00:00:00:0${i + 1}`);
  return (random.chance(0.3) ? network.domain('diff.test') : network).toXml();
}

const ENTRIES: readonly (readonly [
  section: Operations['network.update']['input']['section'],
  xml: readonly string[],
])[] = [
  ['ip-dhcp-host', ["<host mac='52:54:00:00:00:09' ip='10.250.0.9'/>", "<host name='x' ip='10.250.0.8'/>"]],
  ['dns-txt', ["<txt name='a' value='1'/>", "<txt name='b' value='2'/>", "<txt name='a' value='3'/>"]],
  [
    'dns-host',
    [
      "<host ip='192.0.2.1'><hostname>one</hostname></host>",
      "<host ip='192.0.2.2'><hostname>one</hostname><hostname>two</hostname></host>",
    ],
  ],
  [
    'dns-srv',
    ["<srv service='s' protocol='tcp'/>", "<srv service='s' protocol='udp' domain='d' target='t' port='5'/>"],
  ],
  [
    'portgroup',
    ["<portgroup name='p'/>", "<portgroup name='q' default='yes'/>", "<portgroup name='p' default='yes'/>"],
  ],
  ['forward-interface', ["<interface dev='eth7'/>"]],
];

function copies(random: Random): Copies {
  return random.pick([
    { live: true, config: false },
    { live: false, config: true },
    { live: true, config: true },
    { live: false, config: false },
  ]);
}

function step(random: Random): Step {
  const network = random.pick([...NAMES, UUIDS[0]]);
  const [section, entries] = random.pick(ENTRIES);
  const steps: readonly (() => Step)[] = [
    () => ({ operation: 'network.define', input: { xml: definition(random) } }),
    () => ({ operation: 'network.define', input: { xml: definition(random) } }),
    () => ({ operation: 'network.create', input: { xml: definition(random) } }),
    () => ({ operation: 'network.start', input: { network } }),
    () => ({ operation: 'network.start', input: { network } }),
    () => ({ operation: 'network.destroy', input: { network } }),
    () => ({ operation: 'network.undefine', input: { network } }),
    () => ({ operation: 'network.autostart', input: { network, enabled: random.chance(0.6) } }),
    () => ({
      operation: 'network.update',
      input: {
        network,
        section,
        command: random.pick(['add-first', 'add-last', 'modify', 'delete'] as const),
        xml: random.pick(entries),
        ...copies(random),
      },
    }),
    () => ({
      operation: 'network.update',
      input: {
        network,
        section,
        command: random.pick(['add-last', 'delete'] as const),
        xml: random.pick(entries),
        ...copies(random),
      },
    }),
    () => ({ operation: 'network.lookup', input: { network } }),
    () => ({ operation: 'network.ports', input: { network } }),
  ];
  return random.pick(steps)();
}

/** What came of a call: nothing, a value, or the code and libvirt's words. */
async function outcome(transport: Transport, { operation, input }: Step): Promise<string> {
  try {
    return JSON.stringify(await transport.call(operation, input as never)) ?? 'done';
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return `${error.code}: ${error.libvirtMessage}`;
  }
}

/** Everything that a host holds, in libvirt's sense. */
async function everything(transport: Transport): Promise<string> {
  const states = await transport.call('network.list', {});
  const dumps = states.map(async (state: NetworkState) => {
    const read = async (inactive: boolean) =>
      normalized(
        networkTable,
        canonicalNetwork(readNetwork(await transport.call('network.dump', { network: state.uuid, inactive })).document),
      );
    return { ...state, live: await read(false), stored: await read(true) };
  });
  return JSON.stringify(await Promise.all(dumps), null, 1);
}

async function clear(transport: Transport): Promise<void> {
  for (const { uuid, active, persistent } of await transport.call('network.list', {})) {
    if (active) await transport.call('network.destroy', { network: uuid });
    if (persistent) await transport.call('network.undefine', { network: uuid });
  }
}

const LENGTH = 12;

for (const release of RELEASES) {
  describe.runIf(hasSandbox())(`the mock and a real daemon of libvirt ${release}`, () => {
    let sandbox: Sandbox;
    beforeAll(() => {
      sandbox = startSandbox(release);
    });
    afterAll(() => sandbox.stop());

    it('do the same with any sequence of operations', { timeout: 3_600_000 }, async () => {
      const count = Math.ceil(runs(2000) / 10);
      const random = announce(`sequences of ${LENGTH} operations on ${release}`, count);
      const real = virsh({ uri: sandbox.uri, path: sandbox.virsh });
      const wrong: string[] = [];
      for (let i = 0; i < count; i++) {
        const mock = mockTransport({ libvirt: `${release}.0` });
        const steps: Step[] = [];
        for (let k = 0; k < LENGTH; k++) {
          const next = step(random);
          steps.push(next);
          const [theirs, ours] = [await outcome(real, next), await outcome(mock, next)];
          if (theirs !== ours) {
            wrong.push(
              `${steps.map((one) => `${one.operation} ${JSON.stringify(one.input)}`).join('\n')}\nlibvirt: ${theirs}\nmock:    ${ours}`,
            );
            break;
          }
        }
        const [theirs, ours] = [await everything(real), await everything(mock)];
        if (theirs !== ours && wrong.length === 0)
          wrong.push(`${JSON.stringify(steps, null, 1)}\nlibvirt holds ${theirs}\nthe mock holds ${ours}`);
        await clear(real);
      }
      console.log(`${count} sequences, divergences ${wrong.length}`);
      expect(wrong.slice(0, Number(process.env['SHOW'] ?? 3)).join('\n\n')).toBe('');
    });
  });
}
