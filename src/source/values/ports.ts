import type { Bandwidth, Vlan } from '../../schema/network/ports.js';
import { only, type Step } from './parts.js';

/** Tags in their shortest form. */
export const tagsOf = (vlan: Vlan): number | readonly number[] | Vlan => {
  const ids = only(vlan, 'tags')?.map((tag) => only(tag, 'id'));
  if (ids === undefined || ids.length === 0) return vlan;
  const numbers = ids.filter((id) => id !== undefined);
  const [first = 0] = numbers;
  if (numbers.length < ids.length) return vlan;
  return numbers.length === 1 ? first : numbers;
};

type Limits = Pick<Bandwidth, 'inbound' | 'outbound'>;

/** Tells whether limits have nothing but the two directions, which is all that methods take. */
export const isPlainBandwidth = (bandwidth: Bandwidth): boolean =>
  Object.keys(bandwidth).every((key) => key === 'inbound' || key === 'outbound');

/** The call for limits, unless they have more than methods take. */
export const limits = <T>(bandwidth: Bandwidth, step: (limits: Limits) => Step<T>): readonly Step<T>[] =>
  isPlainBandwidth(bandwidth) ? [step(bandwidth)] : [];
