import { LibvirtError, OperationError, type Transport } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import type { NetworkState } from '../../src/transport-entry.js';
import { virsh } from '../../src/virsh/index.js';
import type { Daemon, Release } from '../lab/index.js';
import type { Step } from './sequences.js';
import { overSocket } from './transports.js';
import { VirshShell } from './virsh-shell.js';

/** A real daemon that is given the same calls as a mock of its release. */
export class Twins {
  readonly #release: Release;
  readonly #real: Transport;
  readonly #end: () => Promise<void>;

  private constructor(release: Release, real: Transport, end = () => real.close()) {
    this.#release = release;
    this.#real = real;
    this.#end = end;
  }

  /** A daemon that is asked by one virsh for everything. */
  static overVirsh(release: Release, { uri, virsh: path }: Daemon): Twins {
    const shell = new VirshShell();
    return new Twins(release, virsh({ uri, path, exec: shell.exec }), () => shell.close());
  }

  /** A daemon that is asked over its socket. */
  static overSocket(release: Release, daemon: Daemon): Twins {
    return new Twins(release, overSocket(daemon));
  }

  /**
   * Carries out the same calls on both, and compares what comes of each and what both hold afterwards.
   *
   * @returns where they differ, as text; nothing when they do not
   */
  async compare(steps: readonly Step[]): Promise<string | undefined> {
    const mock = mockTransport({ libvirt: `${this.#release}.0` });
    try {
      for (const [i, step] of steps.entries()) {
        const done = steps.slice(0, i + 1);
        const difference =
          differenceOf(done, await outcome(this.#real, step), await outcome(mock, step)) ??
          differenceOf(done, await everything(this.#real), await everything(mock));
        if (difference !== undefined) return difference;
      }
      return undefined;
    } finally {
      await clear(this.#real);
    }
  }

  /** What {@link Twins.compare} says of the shortest part of the steps that still makes them differ. */
  async shortest(steps: readonly Step[]): Promise<string> {
    for (const i of steps.keys()) {
      const rest = steps.filter((_, k) => k !== i);
      if ((await this.compare(rest)) !== undefined) return this.shortest(rest);
    }
    return (await this.compare(steps)) ?? 'they differ once, and then no more';
  }

  close(): Promise<void> {
    return this.#end();
  }
}

function differenceOf(steps: readonly Step[], theirs: string, ours: string): string | undefined {
  if (theirs === ours) return undefined;
  const calls = steps.map(
    ({ operation, input }) => `  { operation: '${operation}', input: ${JSON.stringify(input)} },`,
  );
  return `${calls.join('\n')}\nlibvirt: ${theirs}\nmock:    ${ours}`;
}

/** What came of a call: nothing, a value, or the code and libvirt's words. */
async function outcome(transport: Transport, { operation, input }: Step): Promise<string> {
  try {
    if (operation === 'network.list') return masked(JSON.stringify(inOrder(await transport.call(operation, input))));
    return masked(JSON.stringify(await transport.call(operation, input)) ?? 'done');
  } catch (error) {
    // virsh keeps libvirt's words to itself when it finds no port, or not the network of a port.
    const isSilent = operation.startsWith('port.') && LibvirtError.is(error) && /NOT_FOUND$/.test(error.code);
    if (LibvirtError.is(error) && (isSilent || error.code === 'CLIENT_TOO_OLD')) return error.code;
    if (error instanceof OperationError) return masked(`${error.code}: ${error.libvirtMessage}`);
    throw error;
  }
}

/** A list is in no particular order. */
const inOrder = (states: readonly NetworkState[]): readonly NetworkState[] =>
  states.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Every network with its state and both of its definitions, as libvirt prints them. */
async function everything(transport: Transport): Promise<string> {
  const texts: string[] = [];
  for (const state of inOrder(await transport.call('network.list', { xml: true }))) {
    const stored = await transport.call('network.dump', { network: state.uuid, inactive: true });
    const { xml, ...rest } = state;
    texts.push(JSON.stringify(rest), `${xml}`, stored);
  }
  return masked(texts.join('\n'));
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const KNOWN = /^6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a/;
/** The MAC addresses that tests give begin with three zeros less. */
const MADE_MAC = /52:54:00(?!:00:00)(?::[0-9a-f]{2}){3}/g;

/** Text without the uuids and MAC addresses that either has made by chance. */
const masked = (text: string): string =>
  text.replaceAll(UUID, (uuid) => (KNOWN.test(uuid) ? uuid : 'a made uuid')).replaceAll(MADE_MAC, 'a made MAC');

/** Takes all networks away; those that lost their uuid for a name are found again by it. */
async function clear(transport: Transport): Promise<void> {
  for (const { uuid, active, persistent } of await transport.call('network.list', {})) {
    if (active) await transport.call('network.destroy', { network: uuid });
    if (persistent) await transport.call('network.undefine', { network: uuid });
  }
}
