import { localRunner, localView } from '../../src/host/index.js';
import type { HostView } from '../../src/index.js';

/** A host as `localView` sees it, by words that stand before the commands to run there, such as `Daemon.enter`. */
export const viewThrough = (prefix: readonly string[]): HostView => localView({ runner: localRunner({ prefix }) });
