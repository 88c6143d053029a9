import { LibvirtError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';

// The compiler keeps wrong arguments out; plain JavaScript gets told here, before anything is sent to the host.

/** Refuses what is no network; by its methods, so that connecting does not load the classes. */
export function expectNetwork(value: unknown, call: string): asserts value is BaseNetwork {
  if (typeof value === 'object' && value !== null && 'assertDefinable' in value) return;
  throw wrong(value, call, 'a network', 'make one with NatNetwork.create, Network.parse or Network.from');
}

/** Refuses what is no name, uuid or owner. */
export function expectText(value: unknown, call: string, what: string): asserts value is string {
  if (typeof value === 'string' && value !== '') return;
  throw wrong(value, call, what, 'give it as text that is not empty');
}

/** Refuses what is no class whose networks have subnets. */
export function expectKind(value: unknown, call: string): void {
  if (typeof value === 'function' && 'create' in value) return;
  throw wrong(value, call, 'a class of networks first', 'such as NatNetwork');
}

/** Refuses what cannot carry calls to a host. */
export function expectTransport(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'call' in value) return;
  throw wrong(value, 'connect', 'a transport', "such as virsh({ uri: 'qemu:///system' })");
}

const wrong = (value: unknown, call: string, what: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${call} needs ${what}, not ${wordFor(value)}`, { hint });

const wordFor = (value: unknown): string => (value === '' ? 'empty text' : value === null ? 'null' : typeof value);
