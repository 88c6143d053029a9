import { LibvirtError } from '../errors/index.js';
import { BaseNetwork } from '../model/base.js';

// The compiler rejects wrong arguments; plain JavaScript gets these errors before anything is sent to the host.

/** Throws unless the value is a network. */
export function expectNetwork(value: unknown, call: string): asserts value is BaseNetwork {
  if (value instanceof BaseNetwork) return;
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

const argumentError = (value: unknown, call: string, what: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${call} needs ${what}, not ${describeValue(value)}`, { hint });

const describeValue = (value: unknown): string =>
  value === '' ? 'empty text' : value === null ? 'null' : typeof value;
