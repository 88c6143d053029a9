import type { CallOptions, NetworkEvent, Operation, Transport } from '../../src/index.js';
import type { Operations } from '../../src/transport-entry.js';

/** What a transport answers to each operation. */
export type Answers = {
  readonly [K in Operation]?: (
    input: Operations[K]['input'],
    options: CallOptions,
  ) => Operations[K]['output'] | Promise<Operations[K]['output']>;
};

/** A transport that answers from a table, and remembers what it was asked. */
export class TableTransport implements Transport {
  readonly label = 'the table';
  readonly asked: { readonly operation: Operation; readonly input: Readonly<Record<string, unknown>> }[] = [];
  readonly #answers: Answers;

  constructor(answers: Answers) {
    // A release whose starts need no looking after.
    this.#answers = { 'host.capabilities': () => ({ daemon: '9.0.0', missing: [] }), ...answers };
  }

  async call<K extends Operation>(operation: K, input: Operations[K]['input'], options: CallOptions = {}) {
    this.asked.push({ operation, input: { ...input } });
    const answer = this.#answers[operation];
    if (answer === undefined) throw new Error(`nobody expected ${operation}`);
    return answer(input, options);
  }

  /** What was asked, the look at the release apart. */
  get operations(): readonly Operation[] {
    return this.asked.map(({ operation }) => operation).filter((operation) => operation !== 'host.capabilities');
  }

  async *events(): AsyncIterable<NetworkEvent> {}

  async close(): Promise<void> {}
}
