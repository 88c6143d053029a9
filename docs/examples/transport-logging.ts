// #region transport
import { connect, type Operation, type Operations, type Transport, TransportError } from 'libvirt-network';

type Answers = { readonly [K in Operation]?: (input: Operations[K]['input']) => Operations[K]['output'] };

/** A transport that answers from a table: what a test of a dashboard needs, and no more. */
class TableTransport implements Transport {
  readonly label = 'a table';
  readonly asked: Operation[] = [];
  readonly #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  async call<K extends Operation>(operation: K, input: Operations[K]['input']): Promise<Operations[K]['output']> {
    this.asked.push(operation);
    const answer = this.#answers[operation];
    if (answer === undefined)
      throw new TransportError('UNSUPPORTED', `${operation} is not in the table`, { operation });
    return answer(input);
  }

  async *events() {}

  async close(): Promise<void> {}
}

const transport = new TableTransport({
  'network.list': () => [
    { name: 'default', uuid: 'dd8fe884-6c02-601e-7551-cca97df1c5df', active: true, persistent: true, autostart: true },
  ],
});
await using host = connect(transport);

for (const network of await host.networks.list({ active: true })) console.log(network.name);
console.log(transport.asked);
// #endregion
