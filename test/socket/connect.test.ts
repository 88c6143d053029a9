import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../src/node-entry.js';
import { CALLS } from '../../src/socket/wire/procedures.js';
import { body, FakeDaemon } from './fake-daemon.js';

describe('connect with a URI', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('speaks the protocol to a daemon', async () => {
    const nothing = body(CALLS.CONNECT_LIST_ALL_NETWORKS, { nets: [], ret: 0 });
    const daemon = await FakeDaemon.start(() => nothing);
    const host = connect('qemu:///system', { path: daemon.path });
    await expect(host.networks.states()).resolves.toEqual([]);
    await host.close();
    await daemon.stop();
  });

  it('takes the URI from LIBVIRT_DEFAULT_URI, and that of the system without one', () => {
    vi.stubEnv('LIBVIRT_DEFAULT_URI', 'qemu+ssh://root@kvm1/system');
    expect(connect().label).toBe('qemu+ssh://***@kvm1/system');
    vi.stubEnv('LIBVIRT_DEFAULT_URI', undefined);
    expect(connect().label).toBe('qemu:///system');
  });

  it('leaves the test driver to virsh', () => {
    expect(connect('test:///default').label).toBe('test:///default');
  });

  it('names virsh() for what only virsh can reach', () => {
    expect(() => connect('qemu+libssh2://kvm1/system')).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', hint: expect.stringContaining('virsh()') }),
    );
  });
});
