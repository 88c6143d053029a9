import type { Operation, Operations } from '../transport/operations.js';
import type { Asking } from './asking.js';

/** How a socket carries out an operation. */
export type Handler<K extends Operation> = (
  input: Operations[K]['input'],
  asking: Asking,
) => Promise<Operations[K]['output']>;

/** How a socket carries out these operations. */
export type Handlers<Of extends Operation> = { readonly [K in Of]: Handler<K> };
