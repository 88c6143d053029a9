import { isRecord } from '../schema/values.js';
import { expectNetwork, unfit } from './expect-network.js';
import type { HostFirewall } from './firewall-model/model.js';
import type { OutsideSegment, Topology } from './flow/topology.js';
import type { HostKernel } from './host-kernel/model.js';
import type { Opening } from './openings/opening.js';

/** Throws unless an argument is the model of a host's packet filters. */
export function expectFirewall(value: unknown, call: string): asserts value is HostFirewall {
  if (isRecord(value) && isListOf(value['chains'], isChain) && Array.isArray(value['families'])) return;
  throw unfit(call, 'the firewall of a host', value, 'pass what readHostFirewall returns');
}

const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem);

const isText = (value: unknown): boolean => typeof value === 'string';

const isChain = (value: unknown): boolean =>
  isRecord(value) && isText(value['table']) && isListOf(value['rules'], isRecord);

/** Throws unless a value, if there is one, is what is known of a host's routes and settings. */
export function expectKernel(value: unknown, call: string): asserts value is HostKernel | undefined {
  if (value === undefined || (isRecord(value) && value['settings'] instanceof Map)) return;
  throw unfit(call, 'the kernel of a host', value, 'pass what readHostKernel returns; JSON does not keep it');
}

/** Throws unless a value, if there is one, is a list of LANs. */
export function expectOutside(value: unknown, call: string): asserts value is readonly OutsideSegment[] | undefined {
  if (value === undefined || isListOf(value, isLan)) return;
  throw unfit(call, 'a list of LANs as outside', value, "pass [{ device: 'eno1', outside: ['192.0.2.1/24'] }]");
}

const isLan = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value['device']) &&
  isListOf(value['outside'], isText) &&
  (value['host'] === undefined || isListOf(value['host'], isText));

/** Throws unless the lists of a topology are what its type says. Each network and guest is checked where it is read. */
export function expectTopology({ networks, guests, outside, firewall, kernel }: Topology): void {
  const call = 'a topology';
  if (!Array.isArray(networks)) throw unfit(call, 'a list of networks', networks, 'pass { networks: [network] }');
  for (const network of networks) expectNetwork(network, call);
  if (guests !== undefined && !isListOf(guests, isRecord))
    throw unfit(call, 'a list of guests', guests, "pass { guests: [{ name: 'web1', network: 'lab' }] }");
  expectOutside(outside, call);
  expectKernel(kernel, call);
  if (firewall !== undefined) expectFirewall(firewall, call);
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
