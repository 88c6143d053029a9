import type { Operation, Operations } from '../transport/operations.js';

/** How the mock carries out these operations; a `Refusal` that one throws carries libvirt's words. */
export type Answers<Of extends Operation> = {
  readonly [K in Of]: (input: Operations[K]['input']) => Operations[K]['output'];
};
