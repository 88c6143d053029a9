import { LibvirtError } from '../errors/index.js';
import { BaseNetwork } from '../model/base.js';
import { kindOfValue } from '../options/kind-of-value.js';

/** Throws unless an argument is a network. */
export function expectNetwork(value: unknown, call: string): asserts value is BaseNetwork {
  if (value instanceof BaseNetwork) return;
  throw unfit(call, 'a network', value, 'pass a network, as Network.parse and client.networks return it');
}

/** The error for an argument of another kind than a call needs. */
export const unfit = (call: string, needed: string, value: unknown, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${call} needs ${needed}, not ${kindOfValue(value)}`, { hint });
