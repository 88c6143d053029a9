import { describe, expect, it } from 'vitest';
import { connect, formatPlan, HostBridge, LibvirtError, NatNetwork, watchNetworks } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';

const lab = NatNetwork.create('lab').subnet('10.7.0.1/24');
const bridge = HostBridge.create('br0');

// What the compiler refuses, as plain JavaScript passes it.
const WRONG: readonly [shown: string, value: unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 5],
  ['a BigInt', 1n],
  ['a symbol', Symbol('x')],
  ['an empty object', {}],
  ['a list with a hole', new Array(1)],
  ['a revoked proxy', revoked()],
];

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const throwing = Object.defineProperty({}, 'mtu', {
  enumerable: true,
  get: () => {
    throw new Error('boom');
  },
});

const endOf = async (call: () => unknown): Promise<unknown> => {
  try {
    return await call();
  } catch (error) {
    return error;
  }
};

describe.each(WRONG)('%s', (_, value) => {
  const any = value as never; // the point of these tests

  it.each<[string, () => unknown]>([
    ['watchNetworks', () => watchNetworks(any)],
    ['formatPlan', () => formatPlan(any)],
    ['planAll', () => connect(mockTransport()).networks.planAll(any)],
    ['ensureAll', () => connect(mockTransport()).networks.ensureAll(any)],
    ['withoutSubnet', () => lab.withoutSubnet(any)],
  ])('is refused by %s', async (__, call) => {
    expect(await endOf(call)).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('an accessor that throws', () => {
  const options = throwing as never; // the point of these tests

  it.each<[string, () => unknown]>([
    ['with', () => bridge.with(options)],
    ['port', () => bridge.port('eno1', options)],
    ['bond', () => bridge.bond('bond0', options)],
    ['vlanPort', () => bridge.vlanPort('eno1', 7, options)],
    ['vlanPort, for the parent', () => bridge.vlanPort(options, 7)],
    ['route', () => bridge.route('10.9.0.0/16', options)],
    ['stp', () => bridge.stp(options)],
  ])('is refused by HostBridge.%s', async (_, call) => {
    const error = await endOf(call);
    expect(LibvirtError.is(error) && error.code).toBe('INVALID_ARGUMENT');
  });
});
