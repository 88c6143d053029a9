import { ADDRESS_MARK } from '../../ovn-model/outside-addresses.js';

/** An address outside that a network answers for. */
export interface Answered {
  readonly address: string;
  /** The physical network that it is on, with its VLAN. */
  readonly segment: string;
}

/** Reads the marks of a row. */
export const answeredIn = (marks: Iterable<readonly [unknown, unknown]>): readonly Answered[] =>
  [...marks].flatMap(([key, value]) =>
    typeof key === 'string' && typeof value === 'string' && key.startsWith(ADDRESS_MARK)
      ? [{ address: key.slice(ADDRESS_MARK.length), segment: value }]
      : [],
  );

/** Which networks answer for each address outside, as the rows in the database say. */
export class AnsweredAddresses {
  /** What each row says, by its uuid. */
  readonly #rows = new Map<string, readonly string[]>();
  /** Networks by address, then by row: those of one address are several only where somebody has written rows by hand. */
  readonly #networks = new Map<string, Map<string, string>>();

  set(uuid: string, network: string, answered: readonly Answered[]): void {
    const texts = answered.map(textOf);
    if (texts.length > 0) this.#rows.set(uuid, texts);
    for (const text of texts) {
      const networks = this.#networks.get(text) ?? new Map<string, string>();
      this.#networks.set(text, networks.set(uuid, network));
    }
  }

  delete(uuid: string): void {
    for (const text of this.#rows.get(uuid) ?? []) {
      const networks = this.#networks.get(text);
      networks?.delete(uuid);
      if (networks?.size === 0) this.#networks.delete(text);
    }
    this.#rows.delete(uuid);
  }

  clear(): void {
    this.#rows.clear();
    this.#networks.clear();
  }

  /** A network that answers for an address, and is not this one. */
  otherThan(network: string, answered: Answered): string | undefined {
    return [...(this.#networks.get(textOf(answered))?.values() ?? [])].find((other) => other !== network);
  }
}

const textOf = ({ address, segment }: Answered): string => `${address} ${segment}`;
