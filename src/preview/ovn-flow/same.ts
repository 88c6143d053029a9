import type { Address } from '../../schema/address.js';

/** Tells whether two addresses are one. */
export const isSame = (a: Address, b: Address): boolean => a.family === b.family && a.value === b.value;
