/** Lets one call at a time work on each network; calls on different networks do not wait for each other. */
export class PerNetwork {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs when the calls before it on the same network are done, however they ended. */
  async run<T>(uuid: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(uuid) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(uuid, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(uuid) === mine) this.#last.delete(uuid);
    }
  }
}
