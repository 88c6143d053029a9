import type { Duplex } from 'node:stream';

/** A stream that can tell whether it keeps the program alive. */
export type Stream = Duplex & { readonly ref?: () => unknown; readonly unref?: () => unknown };
