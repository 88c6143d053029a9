// #region transport
import type { CallOptions, EventOptions, NetworkEvent, Operation, Transport } from 'libvirt-network';
import { connect, OperationError } from 'libvirt-network';
import { mockTransport } from 'libvirt-network/testing';
import type { Operations } from 'libvirt-network/transport';
import { eventStream, libvirtFailure, subjectOf, within } from 'libvirt-network/transport';

type Reply = { readonly output?: unknown } | { readonly refusal: string };

/** Carries one request to an agent that runs beside libvirt: over HTTP, a queue, a serial line. */
type Send = (request: { operation: Operation; input: object }, signal: AbortSignal) => Promise<Reply>;

/** The way to a daemon over an agent. */
class AgentTransport implements Transport {
  readonly label = 'the agent of kvm1';
  readonly #closed = new AbortController();
  readonly #send: Send;
  readonly #listen: (options: EventOptions) => AsyncIterable<NetworkEvent>;

  constructor(send: Send, listen: (options: EventOptions) => AsyncIterable<NetworkEvent>) {
    this.#send = send;
    this.#listen = listen;
  }

  call<K extends Operation>(
    operation: K,
    input: Operations[K]['input'],
    { signal, timeoutMs = 60_000 }: CallOptions = {},
  ) {
    const subject = subjectOf(operation, input, this.label);
    // Aborts, timeouts and closing are the same for all transports.
    return within(subject, { signal, timeoutMs, closed: this.#closed.signal }, async (stop) => {
      stop.begin();
      const reply = await this.#send({ operation, input }, stop.signal);
      // libvirt's own words become the code and the hint that they have everywhere.
      if ('refusal' in reply) throw libvirtFailure(reply.refusal, subject);
      return reply.output as Operations[K]['output']; // the agent speaks the table of operations
    });
  }

  events(options: EventOptions = {}): AsyncIterable<NetworkEvent> {
    return eventStream(this.label, options, this.#closed.signal, async (queue, signal) => {
      for await (const event of this.#listen({ signal, onListening: options.onListening })) queue.push(event);
    });
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }
}
// #endregion

// The agent: here in the same process, with a mock in place of libvirt.
const libvirt = mockTransport();
const send: Send = async ({ operation, input }, signal) => {
  try {
    return { output: await libvirt.call(operation, input as never, { signal }) };
  } catch (error) {
    if (error instanceof OperationError) return { refusal: error.libvirtMessage };
    throw error;
  }
};
await using host = connect(new AgentTransport(send, (options) => libvirt.events(options)));

const { BridgedNetwork, LibvirtError } = await import('libvirt-network');
const events = host.networks.events()[Symbol.asyncIterator]();
const first = events.next();
const net = await host.networks.define(BridgedNetwork.create({ name: 'lan', bridge: 'br0' }));
console.log((await first).value?.type, net.name);
await events.return?.();
await net.destroy().catch((error: unknown) => console.log(LibvirtError.is(error) && error.code, String(error)));
