import { orAbort } from '../client/abort.js';
import { libvirtFailure, subjectOf } from '../client/failure.js';
import { isIn } from '../client/filter.js';
import { withNamespace, withoutNamespace } from '../client/metadata.js';
import type {
  CallOptions,
  EventOptions,
  LeaseRecord,
  NetworkEvent,
  NetworkState,
  Operation,
  Operations,
  Transport,
} from '../client/operations.js';
import { pause } from '../client/pause.js';
import { within } from '../client/within.js';
import { LibvirtError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import { readNetworkPort, writeNetworkPort } from '../schema/companion.js';
import { encodeNetwork, printNetwork } from '../schema/network/codec.js';
import { NEWEST_RELEASE, releaseNumber } from '../schema/release.js';
import { readXml } from '../xml/read.js';
import { writeXml } from '../xml/write.js';
import { MockDriver, type Wanted } from './driver.js';
import { EventHub } from './events.js';
import { plugged, withConnections, withGuest } from './ports.js';
import { invalid, Refusal } from './refusal.js';
import type { MockState } from './state.js';

/** Options of {@link mockTransport}. */
export interface MockOptions {
  /** Networks that are there from the beginning, stored and stopped. */
  readonly networks?: readonly BaseNetwork[];
  /** The libvirt release that it behaves as. Default: the newest known. */
  readonly libvirt?: string;
  /** Makes the uuids and MAC addresses of another mock differ. Default: 1. */
  readonly seed?: number;
  /** What the clock says. Default: the real time. */
  readonly now?: () => Date;
}

/** What happens instead of an operation, once. */
export type Fault =
  /** It fails with this error. */
  | { readonly error: Error }
  /** It takes so long in milliseconds, then does what it should. */
  | { readonly delayMs: number }
  /** It never ends: only an abort or a timeout helps. */
  | { readonly hang: true }
  /** The connection is lost: it and all later calls fail until {@link MockTransport.reconnect}. */
  | { readonly disconnect: true };

/** One call that the mock was asked for. */
export interface MockCall {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
}

const LOST = 'End of file while reading data: Input/output error';
const NO_METADATA_EVENTS = 'unknown event type metadata-change';

/** A libvirt daemon in memory, for tests of programs that use this library. */
export class MockTransport implements Transport {
  readonly label = 'the mock';
  /** Everything that was asked, in order. */
  readonly calls: MockCall[] = [];
  readonly #driver: MockDriver;
  readonly #events: EventHub;
  readonly #faults = new Map<Operation, Fault[]>();
  readonly #release: string;
  readonly #seed: number;
  #lost = false;
  readonly #closed = new AbortController();

  /** @internal */
  constructor(options: MockOptions) {
    this.#release = options.libvirt ?? NEWEST_RELEASE;
    this.#seed = options.seed ?? 1;
    if (releaseNumber(this.#release) === undefined)
      throw new LibvirtError('INVALID_ARGUMENT', `'${this.#release}' is not a libvirt release`);
    this.#events = new EventHub(options.now ?? (() => new Date()));
    this.#driver = new MockDriver(this.#release, this.#seed, (type, network) => this.#events.announce(type, network));
    for (const network of options.networks ?? []) this.#driver.define(network.toXml({ libvirt: this.#release }));
  }

  /**
   * Lets something else happen at the next call of an operation; several wait for their turn.
   *
   * @param operation - such as `network.start`
   * @param fault - what happens
   */
  once(operation: Operation, fault: Fault): void {
    this.#faults.set(operation, [...(this.#faults.get(operation) ?? []), fault]);
  }

  /** Ends what a `disconnect` fault began. */
  reconnect(): void {
    this.#lost = false;
    this.#events.reconnect();
  }

  /** Gives a guest an address, as dnsmasq would. */
  addLease(network: string, lease: LeaseRecord): void {
    const found = this.#driver.find(network);
    this.#driver.put({ ...found, leases: [...found.leases, lease] });
  }

  /** All that the mock holds, for {@link MockTransport.restore}. */
  snapshot(): MockState {
    return this.#driver.state;
  }

  /** Goes back to a snapshot. */
  restore(state: MockState): void {
    this.#driver.state = state;
  }

  /** Carries out one operation. */
  async call<K extends Operation>(
    operation: K,
    input: Operations[K]['input'],
    options: CallOptions = {},
  ): Promise<Operations[K]['output']> {
    const subject = subjectOf(operation, input, this.label);
    const limits = { ...options, closed: this.#closed.signal };
    return within(subject, limits, async ({ signal, begin }) => {
      this.calls.push({ operation, input: { ...input } });
      begin();
      await this.#fault(operation, signal);
      if (this.#lost) throw libvirtFailure(LOST, subject);
      try {
        const output: unknown = this.#carryOut(operation, { ...input });
        return output as Operations[K]['output']; // each branch below gives what its operation promises
      } catch (error) {
        throw error instanceof Refusal ? libvirtFailure(error.message, subject) : error;
      }
    });
  }

  /** Tells what happens from the first look on. A `disconnect` ends the stream, or leaves a gap where it reconnects. */
  events(options: EventOptions = {}): AsyncIterable<NetworkEvent> {
    const tooOld =
      options.metadata === true && !this.#isSince('9.8.0') ? this.#eventFailure(NO_METADATA_EVENTS) : undefined;
    return this.#events.stream(this.label, options, this.#closed.signal, tooOld);
  }

  /** Ends the streams of events and the calls that are not done, and refuses what comes after. */
  async close(): Promise<void> {
    this.#closed.abort();
  }

  #eventFailure(words: string): LibvirtError {
    return libvirtFailure(words, { operation: 'network.events', label: this.label });
  }

  #lose(): void {
    this.#lost = true;
    this.#events.lose(this.#eventFailure(LOST));
  }

  #isSince(release: string): boolean {
    return (releaseNumber(this.#release) ?? 0) >= (releaseNumber(release) ?? 0);
  }

  async #fault(operation: Operation, signal: AbortSignal): Promise<void> {
    const [fault, ...rest] = this.#faults.get(operation) ?? [];
    if (fault === undefined) return;
    this.#faults.set(operation, rest);
    if ('error' in fault) throw fault.error;
    if ('disconnect' in fault) this.#lose();
    if ('delayMs' in fault) await pause(fault.delayMs, signal);
    if ('hang' in fault) await orAbort(new Promise<never>(() => {}), signal);
  }

  #carryOut(operation: Operation, input: Readonly<Record<string, unknown>>): unknown {
    const network = String(input['network']);
    const wanted = { live: input['live'] === true, config: input['config'] === true };
    switch (operation) {
      case 'host.capabilities':
        return {
          client: this.#release,
          daemon: this.#release,
          missing: this.#isSince('9.7.0') ? [] : ['metadata.get', 'metadata.set', 'text.set'],
        };
      case 'host.interfaces':
        return [];
      case 'interface.dump':
        throw new Refusal(`Interface not found: no interface with matching name '${input['name']}'`);
      case 'network.list':
        return this.#list(input);
      case 'network.lookup':
        return this.#stateOf(network);
      case 'network.dump':
        return this.#print(network, input['inactive'] === true);
      case 'network.define':
        return this.#driver.define(String(input['xml']));
      case 'network.create':
        return this.#driver.create(String(input['xml']));
      case 'network.start':
        return this.#driver.start(network);
      case 'network.destroy':
        return this.#driver.destroy(network);
      case 'network.undefine':
        return this.#driver.undefine(network);
      case 'network.autostart':
        return this.#driver.setAutostart(network, input['enabled'] === true);
      case 'network.update':
        return this.#update(network, input as unknown as Operations['network.update']['input']);
      case 'network.leases':
        return this.#driver
          .find(network)
          .leases.filter(({ mac }) => input['mac'] === undefined || mac === input['mac']);
      case 'metadata.get':
        return this.#metadata(network, String(input['uri']), input['inactive'] === true);
      case 'metadata.set':
        return this.#setMetadata(network, input, wanted);
      case 'text.set':
        return this.#setText(network, input, wanted);
      default:
        return this.#portCall(operation, network, input);
    }
  }

  #list(input: Readonly<Record<string, unknown>>): NetworkState[] {
    const states = [...this.#driver.state.networks.keys()].map((uuid) => this.#stateOf(uuid));
    const found = states.filter((state) => isIn(state, input));
    const sorted = found.sort((a, b) => a.name.toLowerCase().localeCompare(b.name.toLowerCase()));
    if (input['xml'] !== true) return sorted;
    return sorted.map((state) => ({
      ...state,
      xml: this.#print(state.uuid, false),
      ...(input['inactive'] === true && state.active && state.persistent
        ? { inactiveXml: this.#print(state.uuid, true) }
        : {}),
    }));
  }

  #stateOf(key: string): NetworkState {
    const { name, uuid, live, config, autostart } = this.#driver.find(key);
    return { name, uuid, active: live !== undefined, persistent: config !== undefined, autostart };
  }

  #print(key: string, inactive: boolean): string {
    const document = this.#driver.definition(key, inactive);
    const root = encodeNetwork(document, this.#release);
    return printNetwork(inactive ? root : withConnections(root, document));
  }

  #update(
    network: string,
    { section, command, xml, parentIndex, live, config }: Operations['network.update']['input'],
  ): void {
    this.#driver.update(
      network,
      { section, command, xml, ...(parentIndex === undefined ? {} : { parentIndex }) },
      { live, config },
    );
  }

  #needs(since: string, command: string): void {
    if (!this.#isSince(since)) throw new Refusal(`unknown command: '${command}'`);
  }

  #metadata(network: string, uri: string, inactive: boolean): string | undefined {
    this.#needs('9.7.0', 'net-metadata');
    if (inactive && this.#driver.find(network).config === undefined)
      invalid('cannot change persistent config of a transient network');
    const { metadata } = this.#driver.definition(network, inactive);
    const element = metadata?.find((one) => Object.values(one.attributes).includes(uri));
    return element === undefined ? undefined : writeXml(withoutNamespace(element, uri)).trim();
  }

  /** One copy after the other, the stored one first, as it is done over virsh. */
  #setText(network: string, input: Readonly<Record<string, unknown>>, { live, config }: Wanted): void {
    this.#needs('9.7.0', 'net-desc');
    const copies =
      live && config
        ? [
            { live: false, config },
            { live, config: false },
          ]
        : [{ live, config }];
    const patch = { [String(input['kind'])]: String(input['text']) };
    for (const copy of copies) this.#driver.annotate(network, copy, (document) => ({ ...document, ...patch }));
  }

  #setMetadata(network: string, input: Readonly<Record<string, unknown>>, wanted: Wanted): void {
    this.#needs('9.7.0', 'net-metadata');
    const uri = String(input['uri']);
    const key = String(input['key']);
    this.#driver.annotate(network, wanted, (document) => {
      const others = (document.metadata ?? []).filter((one) => !Object.values(one.attributes).includes(uri));
      if (input['xml'] === undefined) return { ...document, metadata: others };
      const element = withNamespace(readXml(String(input['xml'])).root, uri, key);
      return { ...document, metadata: [...others, element] };
    });
  }

  #portCall(operation: Operation, key: string, input: Readonly<Record<string, unknown>>): unknown {
    const network = this.#driver.find(key);
    const { live, ports } = network;
    const port = ports.find(({ uuid }) => uuid === input['port']);
    // virsh only says that there is no such port, even of a network that does not run.
    if (port === undefined && (operation === 'port.dump' || operation === 'port.delete'))
      throw new Refusal(`network port not found: Network port with UUID ${input['port']} does not exist`);
    if (live === undefined) return invalid(`network '${network.name}' is not active`);
    if (operation === 'network.ports') return ports.map(({ uuid }) => uuid);
    if (operation === 'port.create') {
      const made = plugged(live, readNetworkPort(String(input['xml'])), ports);
      return this.#driver.put({ ...network, live: withGuest(live, made.plug?.dev, 1), ports: [...ports, made] });
    }
    if (port === undefined) return undefined;
    if (operation === 'port.dump') return writeNetworkPort(port);
    return this.#driver.put({
      ...network,
      live: withGuest(live, port.plug?.dev, -1),
      ports: ports.filter((one) => one !== port),
    });
  }
}

/**
 * A libvirt daemon in memory: the states, names, refusals and releases of the real network driver, without a
 * hypervisor, in any runtime.
 *
 * @param options - what is there from the beginning, and which release it behaves as
 *
 * @example
 * ```ts
 * const mock = mockTransport({ networks: [lab] });
 * await using host = connect(mock);
 * mock.once('network.start', { error: new TransportError('DNSMASQ_PORT_IN_USE', 'port 53 is taken') });
 * ```
 */
export const mockTransport = (options: MockOptions = {}): MockTransport => new MockTransport(options);
