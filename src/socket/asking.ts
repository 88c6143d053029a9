import type { Stop } from '../transport/with-deadline.js';
import type { Connection } from './wire/connection.js';
import { Refusal } from './wire/errors.js';
import { CALLS, type NetworkName, type Procedure } from './wire/procedures.js';

/** libvirt's numbers for a guest, a network, a filter and a binding that do not exist. */
const GONE: ReadonlySet<number> = new Set([42, 43, 62, 101]);

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Names a network, as operations do. */
interface Named {
  readonly network: string;
  readonly name?: string | undefined;
}

/** The calls of one operation. */
export class Asking {
  readonly link: Connection;
  readonly signal: AbortSignal;
  readonly #stop: Stop;

  constructor(link: Connection, stop: Stop) {
    this.link = link;
    this.signal = stop.signal;
    this.#stop = stop;
  }

  /** Asks for what only reads. */
  read<Args, Reply>(procedure: Procedure<Args, Reply>, args: Args): Promise<Reply> {
    return this.link.call(procedure, args, { signal: this.signal });
  }

  /** Asks for what changes the host. */
  change<Args, Reply>(procedure: Procedure<Args, Reply>, args: Args): Promise<Reply> {
    return this.link.call(procedure, args, this.#stop);
  }

  /** Finds a network. Daemons go by the uuid alone, so that nothing is asked where name and uuid are known. */
  async network({ network, name }: Named): Promise<NetworkName> {
    if (name !== undefined && isUuid(network)) return { name, uuid: network };
    const found = await byUuidOrName(network, {
      byUuid: (uuid) => this.read(CALLS.NETWORK_LOOKUP_BY_UUID, { uuid }),
      byName: (text) => this.read(CALLS.NETWORK_LOOKUP_BY_NAME, { name: text }),
    });
    return found.net;
  }
}

/** Tells whether a text has the form of a uuid. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** Looks up what a text names: text that has the form of a uuid is taken for one first. */
export async function byUuidOrName<T>(
  text: string,
  { byUuid, byName }: { byUuid(uuid: string): Promise<T>; byName(name: string): Promise<T> },
): Promise<T> {
  const found = isUuid(text) ? await orUndefined(byUuid(text)) : undefined;
  return found ?? byName(text);
}

/** The answers about what is still there. */
export async function present<T>(answers: readonly Promise<T>[]): Promise<T[]> {
  const all = await Promise.all(answers.map(orUndefined));
  return all.flatMap((answer) => (answer === undefined ? [] : [answer]));
}

/** The answer, or nothing where what it is about is gone. */
export async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refusal && GONE.has(error.number)) return undefined;
    throw error;
  }
}
