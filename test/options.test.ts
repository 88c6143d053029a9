import { describe, expect, it } from 'vitest';
import { HostBridge, LibvirtError, NatNetwork } from '../src/index.js';
import { optionsOf } from '../src/options/options.js';
import { OPTION_CALLS } from './support/option-calls.js';

/** What a call throws, at once or later. */
async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('options', () => {
  it.each(Object.entries(OPTION_CALLS))('%s refuses an unknown one and names it', async (_, [call, right = {}]) => {
    const error = await thrownBy(() => call({ ...right, sourceIp: '203.0.113.7' } as never));
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/has no option 'sourceIp'$/),
    });
  });

  it.each(Object.entries(OPTION_CALLS))('%s refuses what cannot be read', async (_, [call, right = {}]) => {
    const [name = 'signal'] = Object.keys(right);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const accessor = {
      get [name]() {
        throw new Error('not today');
      },
    };
    for (const options of [null, 5, 'x', [], proxy, accessor]) {
      const error = await thrownBy(() => call(options as never));
      expect(LibvirtError.is(error) && error.code).toBe('INVALID_ARGUMENT');
    }
  });

  it('of a part of a port forward are checked too', () => {
    const lab = NatNetwork.create('lab').subnet('192.168.50.1/24');
    const right = { protocol: 'tcp', hostPort: { start: 80, end: 81 }, to: { ip: '192.168.50.2' } } as const;
    for (const wrong of [
      { ...right, to: { ...right.to, sourceIp: 'x' } },
      { ...right, hostPort: { ...right.hostPort, sourceIp: 'x' } },
    ])
      expect(() => lab.forwardPort(wrong)).toThrow(/of forwardPort has no option 'sourceIp'/);
  });

  it('that are a part of a document are reported by validate()', () => {
    const lab = NatNetwork.create('lab').subnet('192.168.50.1/24');
    const unknown = { sourceIp: 'x' };
    const networks = [
      lab.portGroup({ name: 'a', ...unknown }),
      lab.dnsForwarder({ addr: '8.8.8.8', ...unknown }),
      lab.dnsTxt({ name: 'a', value: 'b', ...unknown }),
      lab.dnsSrv({ service: 'a', protocol: 'tcp', ...unknown }),
      lab.dnsHost({ ip: '192.168.50.2', hostnames: ['a'], ...unknown }),
      lab.bandwidth({ inbound: { average: 1 }, ...unknown }),
      lab.with({ ...unknown } as never),
    ];
    for (const network of networks)
      expect(network.validate()).toContainEqual(
        expect.objectContaining({ code: 'PROPERTY_UNKNOWN', severity: 'error' }),
      );
    const lan = HostBridge.create('br0');
    const bridges = [
      lan.port('eno1', unknown as never),
      lan.bond('bond0', { devices: ['eno1'], mode: 'active-backup', ...unknown }),
      lan.vlanPort('eno1', 5, unknown as never),
      lan.route('10.0.0.0/8', { via: '10.0.0.1', ...unknown }),
      lan.vlanFiltering(unknown as never),
    ];
    for (const bridge of bridges)
      expect(bridge.validate()).toContainEqual(
        expect.objectContaining({ severity: 'error', message: expect.stringContaining('sourceIp') }),
      );
  });

  it('may be inherited, and a property that the object inherits is checked as well', () => {
    const names = { a: true, b: true } as const;
    const inherited: { a?: number; b?: number } = Object.create({ a: 1 });
    expect(optionsOf(inherited, names, 'x')).toEqual({ a: 1 });
    expect(() => optionsOf(Object.create({ c: 1 }), names, 'x')).toThrow("x has no option 'c'");
    expect(() => optionsOf({ [Symbol('s')]: 1 } as object, {}, 'x')).toThrow("x has no option 'Symbol(s)'");
    expect(() => optionsOf(JSON.parse('{"__proto__": 1}'), names, 'x')).toThrow("x has no option '__proto__'");
  });
});
