import { type LocalView, localRunner, localView } from '../../src/host/index.js';

/** A host as `localView` sees it, by words that stand before commands that run there: those of a daemon's host. */
export const viewThrough = (prefix: readonly string[]): LocalView => localView({ runner: localRunner({ prefix }) });
