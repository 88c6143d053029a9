import { LibvirtError } from '../../errors/index.js';
import { BaseNetwork } from '../../model/base.js';
import { kindOfValue } from '../../options/kind-of-value.js';
import { isRecord } from '../../schema/values.js';
import type { HostFirewall } from '../firewall-model/model.js';
import type { Opening } from './opening.js';

/** Throws unless an argument is a network. */
export function expectNetwork(value: unknown, call: string): asserts value is BaseNetwork {
  if (value instanceof BaseNetwork) return;
  throw unfit(call, 'a network', value, 'pass a network, as Network.parse and client.networks return it');
}

/** Throws unless an argument is the model of a host's packet filters. */
export function expectFirewall(value: unknown, call: string): asserts value is HostFirewall {
  if (isRecord(value) && Array.isArray(value['chains']) && Array.isArray(value['families'])) return;
  throw unfit(call, 'the firewall of a host', value, 'pass what readHostFirewall returns');
}

/** Throws unless an argument is a list. The openings in it are checked one by one. */
export function expectOpenings(value: unknown, call: string): asserts value is readonly Opening[] {
  if (Array.isArray(value)) return;
  const isResult = isRecord(value) && Array.isArray(value['openings']);
  throw unfit(
    call,
    'a list of openings',
    value,
    isResult ? 'pass the property openings of what openingsFor or allow returned' : 'put a single opening into a list',
  );
}

const unfit = (call: string, needed: string, value: unknown, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${call} needs ${needed}, not ${kindOfValue(value)}`, { hint });
