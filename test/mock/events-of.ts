import type { NetworkEvent, Transport } from '../../src/index.js';
import type { Step } from '../support/sequences.js';

const network = 'told';
const xml = `<network><name>${network}</name><uuid>6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11</uuid><forward mode='bridge'/><bridge name='br0'/></network>`;
const both = { live: true, config: true };

const LIFE: readonly Step[] = [
  { operation: 'network.define', input: { xml } },
  { operation: 'network.define', input: { xml } },
  { operation: 'network.autostart', input: { network, enabled: true } },
  { operation: 'network.start', input: { network } },
  {
    operation: 'network.update',
    input: { network, section: 'portgroup', command: 'add-last', xml: "<portgroup name='p'/>", ...both },
  },
  { operation: 'network.undefine', input: { network } },
  { operation: 'network.destroy', input: { network } },
  { operation: 'network.create', input: { xml } },
  { operation: 'network.define', input: { xml } },
];

const NOTES: readonly Step[] = [
  { operation: 'metadata.set', input: { network, uri: 'urn:a', key: 'a', xml: '<x/>', ...both } },
  { operation: 'text.set', input: { network, kind: 'title', text: 'told', ...both } },
  { operation: 'metadata.set', input: { network, uri: 'urn:a', key: 'a', ...both } },
];

const END: readonly Step[] = [
  { operation: 'network.destroy', input: { network } },
  { operation: 'network.undefine', input: { network } },
];

/** Events of the two kinds, which come over connections of their own: their order among each other is open. */
export interface Told {
  readonly lifecycle: readonly string[];
  readonly metadata: readonly string[];
}

/**
 * What a host tells while a network goes through its life.
 *
 * @param notes - events of metadata that are awaited: 0 for releases without them
 */
export async function eventsOf(transport: Transport, notes: number): Promise<Told> {
  const metadata = notes > 0;
  const told: NetworkEvent[] = [];
  const steps = [...LIFE, ...(metadata ? NOTES : [])];
  const carryOut = async (some: readonly Step[]) => {
    for (const { operation, input } of some) await transport.call(operation, input);
  };
  const isWhole = () =>
    told.some(({ type }) => type === 'started') &&
    told.filter(({ type }) => type === 'undefined').length === 2 &&
    told.filter(({ type }) => type === 'metadata-changed').length >= notes;
  let work: Promise<void> | undefined;
  const onListening = () => {
    work = carryOut([...steps, ...END]);
  };
  for await (const event of transport.events({ metadata, onListening })) {
    told.push(event);
    if (isWhole()) break;
  }
  await work;
  const namesOf = (isMetadata: boolean) =>
    told.filter(({ type }) => (type === 'metadata-changed') === isMetadata).map((one) => `${one.type} ${one.network}`);
  return { lifecycle: namesOf(false), metadata: namesOf(true) };
}
