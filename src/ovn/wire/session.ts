import { SharedConnection } from '../../dial/shared-connection.js';
import type { Link } from './link.js';
import { Opener, type OpeningSettings } from './open.js';

/** The one connection of a client to its database: to another server of the cluster after a loss, where needed. */
export class Session extends SharedConnection<Link> {
  readonly #opener: Opener;

  constructor(settings: OpeningSettings, closed: AbortSignal) {
    const opener = new Opener(settings);
    super(() => opener.open(closed));
    this.#opener = opener;
  }

  /** Says why there is not a connection, as far as it is known; nothing while there is one. */
  get obstacle(): string | undefined {
    return this.#opener.obstacle;
  }
}
