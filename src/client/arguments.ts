import { LibvirtError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import { isList } from '../options/kind-of-value.js';
import { readable } from '../options/options.js';

// The compiler rejects wrong arguments; plain JavaScript gets these errors before anything is sent to the host.

/** Throws unless the value is a network. Looks for a method of networks, so that connecting does not load their classes. */
export function expectNetwork(value: unknown, call: string): asserts value is BaseNetwork {
  if (typeof value === 'object' && value !== null && 'assertDefinable' in value) return;
  throw argumentError(value, call, 'a network', 'make one with NatNetwork.create, Network.parse or Network.from');
}

/** Throws unless the value is a non-empty string. */
export function expectText(value: unknown, call: string, what: string): asserts value is string {
  if (typeof value === 'string' && value !== '') return;
  throw argumentError(value, call, what, 'pass a non-empty string');
}

/** Throws unless the value is a network class with subnets. */
export function expectKind(value: unknown, call: string): void {
  if (typeof value === 'function' && 'create' in value) return;
  throw argumentError(value, call, 'a network class as its first argument', 'such as NatNetwork');
}

/** Throws unless the value is a transport. */
export function expectTransport(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'call' in value) return;
  throw argumentError(value, 'connect', 'a transport', "such as virsh({ uri: 'qemu:///system' })");
}

/** Throws unless the value is a host. */
export function expectHost(value: unknown, call: string): void {
  if (holds(value, 'networks', call)) return;
  throw argumentError(value, call, 'a host', "such as connect(virsh({ uri: 'qemu:///system' }))");
}

/** Throws unless the value is a list of networks. */
export function expectNetworks(value: unknown, call: string): asserts value is readonly BaseNetwork[] {
  if (!isList(value)) throw argumentError(value, call, 'a list of networks', 'pass an array, even for one');
  for (const network of value) expectNetwork(network, call);
}

/** Throws unless the value is a plan. */
export function expectPlan(value: unknown, call: string): void {
  if (holds(value, 'steps', call)) return;
  throw argumentError(value, call, 'a plan or a list of plans', 'pass what plan or planAll gives');
}

const holds = (value: unknown, property: string, call: string): boolean =>
  readable(call, () => typeof value === 'object' && value !== null && property in value);

const argumentError = (value: unknown, call: string, what: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${call} needs ${what}, not ${describeValue(value)}`, { hint });

const describeValue = (value: unknown): string =>
  value === '' ? 'empty text' : value === null ? 'null' : typeof value;
